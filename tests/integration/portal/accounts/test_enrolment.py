"""Setting up a second factor, changing it, and the demo's short cut, by the real pages."""

import re
from typing import Any

import pytest
import segno
from django.test import Client

from portal.accounts.models import RecoveryDevice, TOTPDevice, User
from portal.accounts.roles import Kind, Role
from portal.accounts.seed import PEOPLE
from tests.builders import PASSWORD, member, organisation, person
from tests.integration.portal.accounts.conftest import Clock
from tests.integration.portal.accounts.walks import browser, is_signed_in, key_of, send, sign_in, type_password, with_key

pytestmark = pytest.mark.django_db


def newcomer() -> tuple[User, Client]:
    """Somebody who has a password and nothing else yet."""
    user = member(organisation(), Role.MANAGER)
    client = browser()
    type_password(client, user.email)
    return user, client


def test_from_the_password_to_the_work(clock: Clock) -> None:
    user, client = newcomer()
    before = key_of(client)
    assert client.get("/accounts/enrol/").status_code == 200
    page = client.get("/accounts/enrol/app/")
    device = TOTPDevice.objects.get(user=user)
    assert "".join(page.context["groups"]) == device.secret
    assert send(client, "/accounts/enrol/app/", code=device.code()).headers["Location"] == "/accounts/recovery-codes/"
    assert key_of(client) != before, "a new key, and the one that knew the password only is dead"
    assert not is_signed_in(with_key(before))
    assert client.get("/workspace/").headers["Location"] == "/accounts/recovery-codes/", "no work before the codes are kept"
    shown = send(client, "/accounts/recovery-codes/")
    codes = re.findall(r"<li>([A-Z0-9-]{29})</li>", shown.content.decode())
    assert len(codes) == 8
    token = str(shown.context["csrf_token"])
    assert client.post("/accounts/recovery-codes/kept/", {"csrfmiddlewaretoken": token}).status_code == 404, "the box must be ticked"
    assert client.post("/accounts/recovery-codes/kept/", {"csrfmiddlewaretoken": token, "kept": "on"}).headers["Location"] == "/workspace/"
    assert is_signed_in(client)
    assert RecoveryDevice.objects.get(user=user, confirmed=True).left() == 8


def test_the_first_administrator_comes_in_as_docs_people_says() -> None:
    from providers.organisations.joining import admit

    User.objects.create_superuser("first@waymark.example", PASSWORD)
    admit(User.objects.get(email="first@waymark.example"), organisation(Kind.OFFICE), Role.ADMINISTRATOR, by=None)
    client = browser()
    type_password(client, "first@waymark.example")
    assert client.get("/workspace/").headers["Location"] == "/accounts/enrol/"


def test_the_picture_holds_what_the_key_below_says() -> None:
    user, client = newcomer()
    page = client.get("/accounts/enrol/app/").content.decode()
    device = TOTPDevice.objects.get(user=user)
    path = re.search(r'<svg class="qr"[^>]*viewBox="0 0 (\d+) \1".*?<path d="([^"]+)"', page)
    assert path
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path[2])}
    expected = segno.make(device.address(), error="m").matrix
    assert dark == {(x + 4, y + 4) for y, row in enumerate(expected) for x, value in enumerate(row) if value}
    assert f"secret={device.secret}" in device.address()
    assert "issuer=Waymark" in device.address()


def test_a_reload_shows_the_same_key_and_a_wrong_code_sets_nothing_up() -> None:
    user, client = newcomer()
    first = client.get("/accounts/enrol/app/").context["groups"]
    assert client.get("/accounts/enrol/app/").context["groups"] == first
    device = TOTPDevice.objects.get(user=user)
    wrong = "000000" if device.code() != "000000" else "111111"
    assert send(client, "/accounts/enrol/app/", code=wrong).status_code == 200
    assert not TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def test_auth_15_half_an_enrolment_opens_nothing() -> None:
    user, client = newcomer()
    client.get("/accounts/enrol/app/")
    assert client.get("/workspace/").headers["Location"] == "/accounts/enrol/"
    again = browser()
    assert type_password(again, user.email).headers["Location"].startswith("/workspace/")
    assert again.get("/workspace/").headers["Location"] == "/accounts/enrol/", "an app that never showed a code is no second factor"


def test_the_only_second_factor_cannot_be_removed() -> None:
    client = sign_in(person())
    entry = client.get("/accounts/").context["devices"][0]
    answer = client.get(f"/accounts/devices/{entry.handle}/remove/")
    assert answer.status_code == 200
    done = send(client, f"/accounts/devices/{entry.handle}/remove/")
    assert done.status_code == 302
    assert TOTPDevice.objects.filter(user=client.get("/accounts/").wsgi_request.user.pk, confirmed=True).count() == 1


def test_idor_01_nobody_removes_another_persons_second_factor() -> None:
    mine, theirs = sign_in(person()), sign_in(person())
    handle = theirs.get("/accounts/").context["devices"][0].handle
    assert mine.get(f"/accounts/devices/{handle}/remove/").status_code == 404
    assert "accounts.totpdevice" not in theirs.get("/accounts/").content.decode()


def test_auth_15_enrolling_again_is_not_a_way_round_the_second_factor() -> None:
    user = person()
    sign_in(user)
    thief = browser()
    type_password(thief, user.email)
    for address in ("/accounts/enrol/", "/accounts/enrol/app/", "/accounts/recovery-codes/", "/accounts/devices/app/"):
        assert thief.get(address).headers["Location"].startswith("/accounts/login/"), address


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_demo_page_is_not_there_outside_the_demo(method: str) -> None:
    office = member(organisation(Kind.OFFICE), Role.ADMINISTRATOR)
    for client in (Client(), sign_in(office)):
        assert getattr(client, method)("/accounts/demo/", {"email": PEOPLE[0].email}).status_code == 404
    assert b"/accounts/demo/" not in Client().get("/accounts/login/").content


def test_the_demo_view_itself_refuses_should_somebody_route_it(rf: Any) -> None:
    from django.http import Http404

    from portal.accounts.views.demo import demo

    with pytest.raises(Http404):
        demo(rf.post("/accounts/demo/", {"email": PEOPLE[0].email}))
