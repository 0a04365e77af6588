"""Signing in by the real pages: two factors, one way in, the same answer for everybody (AUTH-01, AUTH-02, AUTH-15, AUTH-20)."""

import base64
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from portal.accounts.models import SignedInSession, User
from portal.accounts.roles import Kind, Role
from tests.builders import PASSWORD, member, organisation, person, second_factor
from tests.integration.access import walk
from tests.integration.portal.accounts.walks import (
    LOGIN,
    SECOND,
    browser,
    half_way,
    is_signed_in,
    key_of,
    same,
    send,
    sign_in,
    type_password,
    with_key,
)

pytestmark = pytest.mark.django_db


def user_of(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_password_then_code_leads_to_the_page_that_was_asked_for() -> None:
    user = member(organisation(), Role.MANAGER)
    device, client = second_factor(user), browser()
    assert client.get("/workspace/people/").headers["Location"] == f"{LOGIN}?next=/workspace/people/"
    asked = type_password(client, user.email, next="/workspace/people/")
    assert asked.headers["Location"].startswith(SECOND)
    passed = send(client, asked.headers["Location"], code=device.code())
    assert passed.headers["Location"] == "/workspace/people/"
    assert user_of(client) == str(user.pk)
    assert client.get("/workspace/people/", follow=True).status_code == 200


def test_the_address_is_read_in_any_case() -> None:
    user = person("mixed@people.example")
    second_factor(user)
    assert type_password(browser(), "Mixed@People.Example").headers["Location"].startswith(SECOND)


def test_between_the_two_factors_the_session_belongs_to_nobody() -> None:
    user = person()
    second_factor(user)
    client = half_way(user)
    assert user_of(client) == ""
    assert not is_signed_in(client)
    assert not SignedInSession.objects.filter(user=user).exists()


def test_the_second_factor_page_is_nothing_without_the_password() -> None:
    second_factor(person())
    for client in (browser(), with_key("x" * 32)):
        assert client.get(SECOND).headers["Location"] == LOGIN
        assert client.get(f"{SECOND}?with=recovery").headers["Location"] == LOGIN


def test_a_sign_in_that_stands_at_its_second_factor_ends_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.account.internal import stagekit

    user = person()
    device, client = second_factor(user), half_way(user)
    real = stagekit.time.time
    monkeypatch.setattr(stagekit.time, "time", lambda: real() + settings.ACCOUNT_LOGIN_TIMEOUT + 1)
    assert client.get(SECOND).headers["Location"] == LOGIN
    monkeypatch.undo()
    client = half_way(user)
    assert send(client, SECOND, code=device.code()).status_code == 302


def test_begin_again_forgets_the_half_sign_in() -> None:
    user = person()
    second_factor(user)
    client = half_way(user)
    assert client.get(f"{LOGIN}?again=1").status_code == 200
    assert client.get(SECOND).headers["Location"] == LOGIN


# --- Fixation ---------------------------------------------------------------------------------------------------------


def test_auth_01_a_new_key_at_each_step_and_the_old_one_is_dead() -> None:
    user = person()
    device, client = second_factor(user), browser()
    client.get("/accounts/invitation/nothing/")
    stranger = client.session
    stranger["planted"] = "1"
    stranger.save()
    planted = key_of(client)
    type_password(client, user.email)
    between = key_of(client)
    send(client, SECOND, code=device.code())
    after = key_of(client)
    assert after not in {planted, between}
    for old in {planted, between}:
        assert not is_signed_in(with_key(old))
        assert user_of(with_key(old)) == ""
    assert is_signed_in(with_key(after))


def test_auth_01_a_key_the_server_never_gave_is_not_taken() -> None:
    user = person()
    device, client = second_factor(user), browser()
    client.cookies[settings.SESSION_COOKIE_NAME] = "chosenbyanattackerchosenbyanatta"
    type_password(client, user.email)
    send(client, SECOND, code=device.code())
    assert is_signed_in(client)
    assert key_of(client) != "chosenbyanattackerchosenbyanatta"


def test_auth_01_a_new_key_when_somebody_shows_again_who_they_are() -> None:
    client = sign_in(person())
    before = key_of(client)
    assert send(client, "/accounts/confirm/", **{"confirm-kind": "password", "confirm-proof": PASSWORD}).status_code == 302
    assert key_of(client) != before
    assert not is_signed_in(with_key(before))
    assert is_signed_in(client)


# --- The same answer for everybody ------------------------------------------------------------------------------------


def test_auth_02_known_unknown_closed_and_passwordless_are_answered_alike() -> None:
    closed = person(is_active=False)
    protected = person()
    second_factor(protected)
    passwordless = User.objects.create_user("nopassword@people.example")
    addresses = [person().email, protected.email, "nobody@people.example", closed.email, passwordless.email]
    tries = [*((email, "wrong-wrong-wrong-1") for email in addresses), (closed.email, PASSWORD)]
    answers = set()
    for email, password in tries:
        status, shown = same(type_password(browser(), email, password))
        answers.add((status, shown.replace(email.encode(), b"")))
    assert len(answers) == 1
    assert b"do not belong together" in answers.pop()[1]


def test_auth_02_a_wrong_password_takes_as_long_for_an_unknown_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: the slow part is the hash, and each of them is hashed exactly once."""
    from django.contrib.auth import hashers

    kinds = {"known": person().email, "unknown": "nobody@people.example", "closed": person(is_active=False).email}
    counted: dict[str, int] = {}
    hasher = type(hashers.get_hasher())
    real = hasher.encode

    for kind, email in kinds.items():
        counted[kind] = 0

        def encode(self: Any, *given: Any, _kind: str = kind, **named: Any) -> Any:
            counted[_kind] += 1
            return real(self, *given, **named)

        monkeypatch.setattr(hasher, "encode", encode)
        type_password(browser(), email, "wrong-wrong-wrong-1")
    assert counted == {"known": 1, "unknown": 1, "closed": 1}


def test_auth_02_asking_for_a_new_password_is_answered_alike(mailoutbox: list[Any]) -> None:
    known, closed = person(), person(is_active=False)
    answers = {same(send(browser(), "/accounts/reset/", email=email)) for email in (known.email, closed.email, "nobody@people.example")}
    assert len(answers) == 1
    assert mailoutbox == [], "mails are sent later, by the worker: sending one takes time"


def test_auth_02_being_locked_out_is_answered_alike() -> None:
    answers = set()
    for email in (person().email, "nobody@people.example"):
        client = browser()
        for _at in range(10):
            type_password(client, email, "wrong-wrong-wrong-1")
        status, shown = same(type_password(client, email, PASSWORD))
        answers.add((status, shown.replace(email.encode(), b"")))
    assert len(answers) == 1
    assert b"Too many tries" in answers.pop()[1]


# --- One way in -------------------------------------------------------------------------------------------------------


def test_auth_20_wagtails_own_way_in_leads_to_the_one_sign_in_and_takes_no_password() -> None:
    user = member(organisation(Kind.OFFICE), Role.ADMINISTRATOR)
    second_factor(user)
    for address in ("/cms/login/", "/cms/login/?next=/cms/"):
        client = Client()
        for answer in (client.get(address), client.post(address, {"username": user.email, "password": PASSWORD})):
            assert answer.status_code == 302
            assert answer.headers["Location"].startswith(LOGIN)
        assert user_of(client) == ""


def test_auth_20_no_header_signs_anybody_in() -> None:
    user = member(organisation(), Role.MANAGER)
    second_factor(user)
    basic = base64.b64encode(f"{user.email}:{PASSWORD}".encode()).decode()
    for headers in (
        {"authorization": f"Basic {basic}"}, {"authorization": "Bearer x"}, {"x-remote-user": user.email}, {"remote-user": user.email},
        {"x-session-token": "x" * 32}, {"x-forwarded-user": user.email},
    ):  # fmt: skip
        assert Client(headers=headers).get("/workspace/").status_code == 302
        assert Client(REMOTE_USER=user.email).get("/workspace/").status_code == 302


def test_auth_20_there_is_one_backend_and_no_other_library_that_signs_in() -> None:
    assert settings.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]
    installed = set(settings.INSTALLED_APPS)
    assert not installed & {"django.contrib.admin", "allauth.mfa", "allauth.socialaccount", "allauth.headless", "allauth.usersessions"}
    names = {route.name for route in walk()}
    assert not names & {"account_signup", "account_request_login_code", "account_email", "mfa_index", "wagtailusers_users:add_user"}
    for address in ("/admin/", "/accounts/signup/", "/accounts/demo/", "/accounts/social/", "/accounts/email/", "/api/", "/_allauth/"):
        assert Client().get(address).status_code == 404, address
        assert Client().post(address).status_code in {404, 405}, address


def test_auth_20_a_passkey_alone_signs_nobody_in() -> None:
    client = Client()
    for step in ("begin", "complete"):
        answer = client.post(f"/accounts/passkeys/authentication/{step}/", {}, content_type="application/json")
        assert answer.status_code == 403
    assert user_of(client) == ""


# --- Second factor is asked of everybody ------------------------------------------------------------------------------


def test_auth_15_with_no_second_factor_yet_there_is_only_the_page_that_sets_one_up() -> None:
    user = member(organisation(), Role.MANAGER)
    client = browser()
    type_password(client, user.email)
    for address in ("/workspace/", "/accounts/", "/cms/", "/workspace/people/", "/accounts/recovery-codes/"):
        assert client.get(address).headers["Location"].startswith("/accounts/enrol/"), address
    assert client.get("/accounts/enrol/").status_code == 200


def test_auth_15_the_editors_side_stays_closed_should_the_middleware_be_missing(settings: Any) -> None:
    user = member(organisation(Kind.OFFICE), Role.ADMINISTRATOR)
    client = Client()
    client.force_login(user)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("RequireSecondFactor")]
    assert Client().get("/cms/").status_code == 302
    for address in ("/cms/", "/cms/pages/", "/cms/users/", "/cms/reports/locked/"):
        assert client.get(address).headers.get("Location", "").startswith(LOGIN), address
    assert sign_in(user).get("/cms/").status_code == 200


def test_csrf_04_signing_in_and_out_need_the_token_and_the_right_method() -> None:
    user = person()
    device = second_factor(user)
    assert browser().post(LOGIN, {"login": user.email, "password": PASSWORD}).status_code == 403
    client = half_way(user)
    assert client.post(SECOND, {"code": device.code()}).status_code == 403
    client = sign_in(user)
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").status_code == 403
    assert is_signed_in(client)


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://www.testserver", "http://testserver.evil.example"])
def test_csrf_02_a_form_from_elsewhere_is_refused(origin: str) -> None:
    user = person()
    page = browser()
    page.get(LOGIN)
    token = page.cookies[settings.CSRF_COOKIE_NAME].value
    sent = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert page.post(LOGIN, sent, headers={"origin": origin}).status_code == 403
    assert page.post(LOGIN, sent).status_code == 302
