"""Acts that matter ask again who it is when that was shown more than five minutes ago (AUTH-12)."""

from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import Invitation, TOTPDevice, User
from portal.accounts.roles import Kind, Role
from portal.audit.models import Event
from providers.organisations.models import Membership, Organisation
from tests.builders import PASSWORD, member, organisation, person, sign_in
from tests.integration.portal.accounts.conftest import Clock
from tests.integration.portal.accounts.walks import recovery_codes

pytestmark = pytest.mark.django_db


def addresses(manager: User, home: Organisation) -> dict[str, dict[str, str]]:
    """Every dangerous act of this room with what is sent for it, for rows that exist."""
    other = Membership.objects.get(user=member(home, Role.READER))
    waiting = Invitation.objects.create(email="w@people.example", organisation_id=home.pk, role="reader", digest="d", invited_by=manager)
    people = f"/workspace/people/{home.pk}"
    return {
        f"{people}/invite/": {"email": "new@people.example", "role": "reader"},
        f"{people}/invitations/{waiting.pk}/resend/": {},
        f"{people}/roles/{other.pk}/remove/": {},
        "/accounts/recovery-codes/": {},
        "/accounts/devices/app/": {"code": "123456"},
        "/accounts/devices/passkey/": {},
    }


def test_auth_12_every_dangerous_act_asks_and_does_nothing_until_answered(clock: Clock) -> None:
    home = organisation()
    manager = member(home, Role.MANAGER)
    acts = addresses(manager, home)
    client = sign_in(manager)
    session = client.session
    session["_recent"] = clock.now
    session.save()
    clock.go(5 * 60 + 1)
    before = (Event.objects.count(), Invitation.objects.count(), Membership.objects.current().count())
    for address, sent in acts.items():
        if "resend" not in address:
            assert client.get(address).headers["Location"].startswith("/accounts/confirm/?next="), address
        if "devices/passkey" in address:
            continue
        asked = client.post(address, sent)
        assert asked.status_code == 403, address
        assert b"Is it still you?" in asked.content
        script = client.post(address, sent, headers={"accept": "application/json"})
        assert (script.status_code, script.headers["X-Confirm"]) == (403, "/accounts/confirm/")
    assert (Event.objects.count(), Invitation.objects.count(), Membership.objects.current().count()) == before


def test_auth_12_administrators_are_asked_before_a_new_organisation(clock: Clock) -> None:
    client = stale(member(organisation(Kind.OFFICE), Role.ADMINISTRATOR), clock)
    asked = client.post("/workspace/people/new/", {"name": "Newcomer", "kind": "provider"})
    assert asked.status_code == 403
    assert not Organisation.objects.filter(name="Newcomer").exists()


def stale(user: User, clock: Clock) -> Client:
    """Signed in, six minutes ago."""
    client = sign_in(user)
    session = client.session
    session["_recent"] = clock.now - 6 * 60
    session.save()
    return client


@pytest.mark.parametrize("kind", ["password", "code", "recovery"])
def test_auth_12_answering_does_what_was_wanted_with_what_was_typed(kind: str, clock: Clock) -> None:
    home = organisation()
    manager = member(home, Role.MANAGER)
    client = stale(manager, clock)
    codes = recovery_codes(manager)
    sent = {"email": "new@people.example", "role": "reader"}
    asked = client.post(f"/workspace/people/{home.pk}/invite/", sent)
    assert dict(asked.context["kept"]) == sent
    proof = {"password": PASSWORD, "code": TOTPDevice.objects.get(user=manager).code(), "recovery": codes[0]}[kind]
    done = client.post(f"/workspace/people/{home.pk}/invite/", sent | {"confirm-kind": kind, "confirm-proof": proof})
    assert done.status_code == 302
    assert Invitation.objects.get(email="new@people.example").invited_by == manager


def test_auth_12_a_wrong_answer_does_nothing_and_is_counted_like_a_try_to_sign_in(clock: Clock) -> None:
    home = organisation()
    client = stale(member(home, Role.MANAGER), clock)
    sent = {"email": "new@people.example", "role": "reader", "confirm-kind": "password", "confirm-proof": "wrong-wrong-1"}
    for _at in range(10):
        assert client.post(f"/workspace/people/{home.pk}/invite/", sent).status_code == 403
    refused = client.post(f"/workspace/people/{home.pk}/invite/", sent | {"confirm-proof": PASSWORD})
    assert b"Too many tries" in refused.content
    assert not Invitation.objects.exists()


def test_auth_12_a_code_that_signed_in_shows_nothing_again(clock: Clock) -> None:
    home = organisation()
    manager = member(home, Role.MANAGER)
    client = stale(manager, clock)
    device = TOTPDevice.objects.get(user=manager)
    code = device.code()
    assert device.verify_token(code)
    sent = {"email": "new@people.example", "role": "reader", "confirm-kind": "code", "confirm-proof": code}
    assert client.post(f"/workspace/people/{home.pk}/invite/", sent).status_code == 403


def test_auth_12_a_clock_that_went_back_proves_nothing(clock: Clock) -> None:
    home = organisation()
    client = sign_in(member(home, Role.MANAGER))
    session = client.session
    session["_recent"] = clock.now + 3600
    session.save()
    assert client.get(f"/workspace/people/{home.pk}/invite/").headers["Location"].startswith("/accounts/confirm/")


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", ""])
def test_net_04_confirming_leads_nowhere_else(onward: str) -> None:
    client: Any = sign_in(person())
    done = client.post("/accounts/confirm/", {"next": onward, "confirm-kind": "password", "confirm-proof": PASSWORD})
    assert done.headers["Location"] == "/accounts/"
