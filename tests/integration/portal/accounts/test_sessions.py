"""Sessions end: idle, old, signed out, closed accounts, new factors. What is kept of them says little (AUTH-09 to AUTH-11)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal.accounts.models import SignedInSession, TOTPDevice, User
from portal.accounts.roles import Kind, Role
from tests.builders import member, organisation, person
from tests.integration.access import walk
from tests.integration.access_table import WORKSPACE
from tests.integration.portal.accounts.walks import browser, is_signed_in, key_of, row_of, send, sign_in, with_key
from tests.unit.test_settings import PUBLIC, ask

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def age(client: Client, *, idle: float = 0, old: float = 0) -> None:
    """As if nothing had been heard for ``idle`` seconds, and the sign-in were ``old`` seconds ago."""
    assert is_signed_in(client), "the first page of the workspace writes its language into the session"
    session = client.session
    started = timezone.now() - timedelta(seconds=old)
    session["_started"] = started.isoformat()
    session.save()
    row = row_of(client)
    row.started_at, row.last_seen_at = started, timezone.now() - timedelta(seconds=idle)
    row.expire_date = row.ends_at(row.last_seen_at)
    row.save()


@pytest.mark.parametrize(("idle", "is_there"), [(14 * 60 + 50, True), (15 * 60 + 1, False)])
def test_auth_09_idle_for_a_quarter_of_an_hour_and_it_is_over(idle: float, is_there: bool) -> None:
    client = sign_in(person())
    age(client, idle=idle)
    assert is_signed_in(client) is is_there


@pytest.mark.parametrize(("old", "is_there"), [(12 * 3600 - 60, True), (12 * 3600 + 1, False)])
def test_auth_09_twelve_hours_and_it_is_over_however_busy(old: float, is_there: bool) -> None:
    client = sign_in(person())
    age(client, old=old)
    assert is_signed_in(client) is is_there


def test_auth_09_nothing_lengthens_the_twelve_hours(settings: Any) -> None:
    client = sign_in(person())
    age(client, old=12 * 3600 - 60)
    for _at in range(3):
        assert is_signed_in(client)
        send(client, "/accounts/confirm/", **{"confirm-kind": "password", "confirm-proof": "wrong"})
        client.get("/accounts/alive/")
    left = (row_of(client).expire_date - timezone.now()).total_seconds()
    assert left <= 60


def test_auth_09_a_click_begins_the_quarter_of_an_hour_anew_and_looking_at_the_clock_does_not() -> None:
    client = sign_in(person())
    age(client, idle=600)
    looked = client.get("/accounts/alive/").json()["seconds"]
    assert 290 <= looked <= 300
    assert client.get("/accounts/alive/").json()["seconds"] <= looked
    assert is_signed_in(client)
    assert client.get("/accounts/alive/").json()["seconds"] > 890


def test_auth_09_i_am_still_here_keeps_it() -> None:
    client = sign_in(person())
    age(client, idle=800)
    token = client.get("/accounts/alive/").json()["token"]
    assert client.post("/accounts/alive/", {"csrfmiddlewaretoken": token}).json()["seconds"] > 890
    assert Client().get("/accounts/alive/").json()["seconds"] == 0


def test_auth_09_the_cookie_holds_a_key_only_and_no_script_reads_it() -> None:
    client = sign_in(person())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert (cookie["max-age"], cookie["expires"]) == ("", ""), "gone with the browser"
    assert len(cookie.value) < 64


def test_auth_09_in_public_cookies_are_bound_to_the_host_and_to_https(tmp_path: Any) -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_DOMAIN")
    said = ask(f"[getattr(settings, name) for name in {names}]", **PUBLIC, WAYMARK_VAR=str(tmp_path))
    assert said == "['__Host-session', '__Host-csrf', True, True, None]"


def dead_everywhere(key: str) -> None:
    """Nothing that needs a sign-in opens with this key, by any method."""
    routes = [route for route in walk() if route.name in WORKSPACE and "nobody" not in WORKSPACE[route.name]]
    assert len(routes) > 40
    for route in routes:
        client = with_key(key)
        for answer in (client.get(route.path), client.post(route.path)):
            led = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
            assert led or answer.status_code in {403, 405}, (route.name, answer.status_code)


def test_auth_10_after_signing_out_the_old_cookie_opens_nothing() -> None:
    client = sign_in(member(organisation(), Role.MANAGER))
    key = key_of(client)
    send_button(client, "/accounts/logout/")
    assert not SignedInSession.objects.exists()
    dead_everywhere(key)


def send_button(client: Client, address: str) -> Any:
    """Press a button whose form stands on another page."""
    return client.post(address, {"csrfmiddlewaretoken": client.get("/accounts/alive/").json()["token"]})


def test_auth_10_a_closed_account_is_out_at_the_next_request() -> None:
    user = member(organisation(), Role.MANAGER)
    client = sign_in(user)
    assert is_signed_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    dead_everywhere(key_of(client))


def test_auth_10_a_token_of_before_is_worth_nothing_after_signing_in() -> None:
    user = person()
    before = browser()
    token = before.get("/accounts/alive/").json()["token"]
    client = sign_in(user)
    refused = client.post("/accounts/sessions/end/", {"csrfmiddlewaretoken": token})
    assert refused.status_code == 403
    assert is_signed_in(client)


def test_auth_10_a_new_second_factor_ends_the_other_sessions() -> None:
    user = person()
    here, elsewhere = sign_in(user), sign_in(user)
    here.get("/accounts/devices/app/")
    before = key_of(here)
    send(here, "/accounts/devices/app/", code=TOTPDevice.objects.get(user=user, confirmed=False).code())
    assert is_signed_in(here)
    assert key_of(here) != before
    assert not is_signed_in(elsewhere)


def test_auth_11_sign_out_everywhere_means_here_too() -> None:
    user, other = person(), person()
    browsers = [sign_in(user) for _at in range(3)]
    bystander = sign_in(other)
    assert send_button(browsers[0], "/accounts/sessions/end/").headers["Location"] == "/accounts/login/"
    assert not any(is_signed_in(client) for client in browsers)
    assert is_signed_in(bystander)


def test_auth_11_a_session_that_was_copied_dies_too() -> None:
    """Its row may be put back, from a backup or by a race: the person's epoch has moved on."""
    user = person()
    client, here = sign_in(user), sign_in(user)
    kept = row_of(client)
    send_button(here, "/accounts/sessions/end/")
    kept.save(force_insert=True)
    assert not is_signed_in(client)


def test_auth_11_the_list_shows_one_s_own_sessions_in_words() -> None:
    user = person()
    here, there = sign_in(user), sign_in(user, **{"user-agent": FIREFOX})
    sign_in(person(), **{"user-agent": "Mozilla/5.0 (iPhone) CriOS/1"})
    shown = here.get("/accounts/")
    assert [(row.browser, is_here) for row, is_here in shown.context["sessions"]] in (
        [("", True), ("Firefox on Linux", False)],
        [("Firefox on Linux", False), ("", True)],
    )
    assert b"Firefox on Linux" in shown.content
    assert b"140" not in shown.content
    assert key_of(there).encode() not in shown.content


def test_auth_11_one_session_is_ended_from_another() -> None:
    user = person()
    here, there = sign_in(user), sign_in(user)
    assert send_button(here, f"/accounts/sessions/{row_of(there).handle}/end/").status_code == 302
    assert not is_signed_in(there)
    assert is_signed_in(here)


def test_idor_01_nobody_ends_another_persons_session() -> None:
    mine, theirs = sign_in(person()), sign_in(person())
    handle = row_of(theirs).handle
    assert send_button(mine, f"/accounts/sessions/{handle}/end/").status_code == 404
    assert is_signed_in(theirs)
    assert mine.get(f"/accounts/sessions/{row_of(mine).handle}/end/").status_code == 405


def test_auth_11_an_administrator_closes_an_account_and_it_is_out_at_once() -> None:
    administrator = sign_in(member(organisation(Kind.OFFICE), Role.ADMINISTRATOR))
    user = member(organisation(), Role.MANAGER, first_name="Vera", last_name="Victim")
    victim = sign_in(user)
    page = administrator.get(f"/cms/users/edit/{user.pk}/")
    assert page.status_code == 200
    form = page.context["form"]
    typed = {name: value for name in form.fields if (value := form.initial.get(name, "")) and not isinstance(value, list)}
    typed.pop("is_active", None)
    answer = administrator.post(
        f"/cms/users/edit/{user.pk}/", {**typed, "csrfmiddlewaretoken": str(page.context["csrf_token"])}, follow=True
    )
    assert answer.status_code == 200
    user.refresh_from_db()
    assert not user.is_active, answer.context["form"].errors
    assert not is_signed_in(victim)


def test_what_is_kept_of_a_session_is_no_key_no_address_and_no_version() -> None:
    client = sign_in(person(), **{"user-agent": FIREFOX})
    row = row_of(client)
    kept = " ".join(str(getattr(row, field.attname)) for field in row._meta.fields) + str(client.session.decode(row.session_data))
    assert key_of(client) not in kept
    assert "127.0.0.1" not in kept
    assert "140" not in row.browser
