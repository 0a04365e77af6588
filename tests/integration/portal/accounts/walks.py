"""The pages of the entrance, walked as a person does: the form is fetched, filled in and sent."""

import hashlib
import re
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from portal.accounts.models import Invitation, RecoveryDevice, SignedInSession, User
from portal.audit import working
from tests.builders import PASSWORD, second_factor

LOGIN, SECOND = "/accounts/login/", "/accounts/second-factor/"
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|data-seconds="\d+"')
LINK = re.compile(r"https?://[^/\s]+(/accounts/\S+)")
NEW_PASSWORD = "copper-kettle-orchard-93"


def browser(**headers: Any) -> Client:
    """One that must show the token of a form, as real ones must."""
    return Client(enforce_csrf_checks=True, headers=headers or None)


def send(client: Client, address: str, **typed: Any) -> Any:
    """Open the page, then send its form with what was typed."""
    page = client.get(address)
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page.content)
    assert token, (address, page.status_code)
    return client.post(address, {"csrfmiddlewaretoken": token[1].decode(), **typed})


def type_password(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    """The first page."""
    return send(client, LOGIN, login=email, password=password, **more)


def half_way(user: User) -> Client:
    """A browser in which the password was right, and which is asked for the second factor."""
    client = browser()
    asked = type_password(client, user.email)
    assert asked.headers["Location"].startswith(SECOND)
    return client


def sign_in(user: User, **headers: Any) -> Client:
    """The whole way, both pages."""
    device, client = second_factor(user), browser(**headers)
    type_password(client, user.email)
    passed = send(client, SECOND, code=device.code())
    assert passed.headers.get("Location") == "/workspace/", passed.content
    type(device).objects.filter(pk=device.pk).update(last_step=-1)  # the next sign-in of the same half minute may use it again
    return client


def recovery_codes(user: User) -> list[str]:
    """New ones, kept."""
    with transaction.atomic():
        codes = RecoveryDevice.renew(user)
    RecoveryDevice.objects.filter(user=user).update(confirmed=True)
    return codes


def is_signed_in(client: Client) -> bool:
    """Whether the start page opens."""
    return client.get("/workspace/").status_code == 200


def key_of(client: Client) -> str:
    """The session key in the cookie, or nothing."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


def row_of(client: Client) -> SignedInSession:
    """Its row."""
    found: SignedInSession = SignedInSession.objects.get(session_key=hashlib.sha256(key_of(client).encode()).hexdigest())
    return found


def with_key(key: str) -> Client:
    """A browser that brings this session key and nothing else."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def same(answer: HttpResponse) -> tuple[int, bytes]:
    """What of an answer must not tell one person from another."""
    return answer.status_code, TOKEN.sub(b"", answer.content)


def links_of(mails: list[Any]) -> list[str]:
    """Does the work that waits, then reads the mails: the paths of their links, oldest first."""
    working.run_due()
    return [found[1] for mail in mails if (found := LINK.search(str(mail.body)))]


def link_of(mails: list[Any], row: Invitation) -> str:
    """The newest link that was mailed to this address."""
    working.run_due()
    return [LINK.search(str(mail.body))[1] for mail in mails if mail.to == [row.email]][-1]  # type: ignore[index]


def come_in(client: Client, link: str, **typed: str) -> Any:
    """Follow the link of an invitation and fill in the page it leads to."""
    opened = client.get(link)
    if opened.status_code != 302:
        return opened
    given = {"first_name": "Nia", "last_name": "New", "password": NEW_PASSWORD} | typed
    return send(client, opened.headers["Location"], **given)
