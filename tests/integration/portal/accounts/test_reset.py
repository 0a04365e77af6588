"""A new password: a link once for half an hour, nobody signed in, sessions over, factors untouched (AUTH-13, AUTH-17, AUTH-18)."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import TOTPDevice, User
from portal.audit.models import Event, Job
from tests.builders import PASSWORD, person, second_factor
from tests.integration.portal.accounts.walks import (
    LOGIN,
    NEW_PASSWORD,
    SECOND,
    browser,
    is_signed_in,
    links_of,
    send,
    sign_in,
    type_password,
)

pytestmark = pytest.mark.django_db


def asked(user: User, mailoutbox: list[Any]) -> str:
    """The link of the mail."""
    send(browser(), "/accounts/reset/", email=user.email)
    found = links_of(mailoutbox)
    assert len(found) == 1
    return found[0]


def choose(client: Client, link: str, password: str = NEW_PASSWORD) -> Any:
    """Follow the link and type the new password."""
    opened = client.get(link)
    if opened.status_code != 302:
        return opened
    return send(client, opened.headers["Location"], password1=password, password2=password)


def test_auth_13_signs_nobody_in_and_still_asks_for_the_second_factor(mailoutbox: list[Any]) -> None:
    user = person()
    device = second_factor(user)
    client = browser()
    done = choose(client, asked(user, mailoutbox))
    assert done.headers["Location"] == "/accounts/reset/done/"
    assert client.get("/accounts/reset/done/").status_code == 200
    assert not is_signed_in(client)
    assert b"do not belong together" in type_password(browser(), user.email, PASSWORD).content
    client = browser()
    assert type_password(client, user.email, NEW_PASSWORD).headers["Location"].startswith(SECOND)
    assert not is_signed_in(client)
    assert TOTPDevice.objects.get(user=user).secret == device.secret
    assert send(client, SECOND, code=device.code()).status_code == 302


def test_auth_13_every_session_is_over(mailoutbox: list[Any]) -> None:
    user = person()
    browsers = [sign_in(user), sign_in(user)]
    choose(browsers[0], asked(user, mailoutbox))
    assert not any(is_signed_in(client) for client in browsers)
    assert Event.objects.filter(verb="accounts.user.reset_password", by=user).count() == 1


def test_auth_13_the_link_works_once_and_older_links_die_with_it(mailoutbox: list[Any]) -> None:
    user = person()
    link = asked(user, mailoutbox)
    opened = browser()
    other = opened.get(link).headers["Location"]
    assert choose(browser(), link).status_code == 302
    assert choose(browser(), link, "another-copper-kettle-77").status_code == 200
    assert opened.get(other).status_code in {200, 302}
    opened.post(other, {"password1": "another-copper-kettle-77", "password2": "another-copper-kettle-77"})
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_auth_13_after_half_an_hour_the_link_is_dead(mailoutbox: list[Any], settings: Any) -> None:
    user = person()
    link = asked(user, mailoutbox)
    assert settings.PASSWORD_RESET_TIMEOUT == 30 * 60
    settings.PASSWORD_RESET_TIMEOUT = -1
    choose(browser(), link)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_auth_13_the_token_stands_in_no_address_of_a_page_no_job_and_no_event(mailoutbox: list[Any]) -> None:
    user = person()
    link = asked(user, mailoutbox)
    token = link.rstrip("/").rpartition("/")[2]
    client = browser()
    page = client.get(link, follow=True)
    assert token not in page.request["PATH_INFO"]
    assert token.encode() not in page.content
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert not [job for job in Job.objects.all() if token in str(job.arguments) + job.key]


def test_a_mail_about_a_password_names_nobody(mailoutbox: list[Any]) -> None:
    user = person(first_name="Zelda", last_name="Zebra")
    asked(user, mailoutbox)
    mail = mailoutbox[0]
    assert mail.to == [user.email]
    assert not {"Zelda", "Zebra", user.email} & set((mail.subject + " " + mail.body).split())


def test_no_mail_goes_to_an_unknown_or_closed_account(mailoutbox: list[Any]) -> None:
    for email in ("nobody@people.example", person(is_active=False).email):
        send(browser(), "/accounts/reset/", email=email)
    assert links_of(mailoutbox) == []


def test_auth_10_changing_the_password_ends_every_other_session() -> None:
    user = person()
    here, elsewhere = sign_in(user), sign_in(user)
    typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert send(here, "/accounts/password/", **typed).headers["Location"] == "/accounts/"
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert elsewhere.get("/workspace/").headers["Location"] == f"{LOGIN}?next=/workspace/"


def test_a_session_that_lies_open_changes_no_password_without_the_old_one() -> None:
    user = person()
    client = sign_in(user)
    typed = {"oldpassword": "wrong-wrong-wrong-1", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert send(client, "/accounts/password/", **typed).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


# --- What a password may be -------------------------------------------------------------------------------------------

LONG = "A river, 7 boats & no map: " + "å¤§🙂 " * 30


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("short-pass1", False),  # 11
        ("waymark-password-2026", False),  # words of this place
        ("administrator1234567", False),
        ("passwordpassword1", False),
        ("aaaaaaaaaaaaaaaaaaaa", False),
        ("copper-kettle", True),
        ("no capitals no digits", True),  # nothing is asked of the kinds of characters
        ("  spaces at both ends  ", True),
        (LONG[:128], True),
        (LONG[:129], False),
    ],
)
def test_auth_17_long_and_one_s_own_and_nothing_else_is_asked(password: str, is_taken: bool) -> None:
    user = person()
    client = sign_in(user)
    answer = send(client, "/accounts/password/", oldpassword=PASSWORD, password1=password, password2=password)
    assert (answer.status_code == 302) is is_taken
    user.refresh_from_db()
    assert user.check_password(password) is is_taken


def test_auth_17_nothing_is_cut_off() -> None:
    user = person()
    user.set_password("x" * 5 + "copper-kettle-orchard" * 4 + "end")
    assert len("copper-kettle-orchard" * 4) > 72
    assert not user.check_password("x" * 5 + "copper-kettle-orchard" * 4 + "en")


def test_auth_17_a_password_of_one_s_own_name_is_refused() -> None:
    user = person("zelda.zimmermann@people.example", first_name="Zelda", last_name="Zimmermann")
    client = sign_in(user)
    answer = send(client, "/accounts/password/", oldpassword=PASSWORD, password1="zelda.zimmermann1", password2="zelda.zimmermann1")
    assert answer.status_code == 200


def test_auth_17_the_field_can_be_pasted_into_and_managers_know_it() -> None:
    page = sign_in(person()).get("/accounts/password/").content.decode()
    assert page.count('autocomplete="new-password"') == 2
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


@pytest.mark.parametrize("password", ["short-pass1", "waymark-password-2026", "passwordpassword1", LONG[:129]])
def test_auth_17_by_the_link_of_a_mail_too(password: str, mailoutbox: list[Any]) -> None:
    user = person()
    assert choose(browser(), asked(user, mailoutbox), password).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("size", [129, 128 * 1024, 1024 * 1024])
def test_auth_18_a_huge_password_is_refused_before_anything_is_hashed(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    user = person()
    hashed: list[int] = []

    def encode(self: Any, password: str, *_: Any, **__: Any) -> str:
        hashed.append(len(password))
        return "never"

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", encode)
    assert type_password(browser(), user.email, "x" * size).status_code == 200
    assert hashed == []
