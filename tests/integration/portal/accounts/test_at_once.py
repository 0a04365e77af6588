"""At the same moment: a code, a try, an invitation and a last role are each taken once (AUTH-03, AUTH-05 to AUTH-08, AUTH-14)."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from portal.accounts import enrolling, invitations, limits
from portal.accounts.models import RecoveryDevice, TOTPDevice, User
from portal.accounts.roles import Role
from portal.accounts.sessions import SessionStore
from providers.organisations.joining import leave
from providers.organisations.models import Membership
from tests.builders import member, organisation, person, second_factor
from tests.databases import at_once as side_by_side
from tests.databases import own_copy
from tests.integration.portal.accounts.conftest import Clock
from tests.integration.portal.accounts.walks import NEW_PASSWORD, recovery_codes

TOGETHER, ROUNDS = 20, 10


@pytest.fixture(scope="module")
def committed(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of this module's own, in which everybody sees what was committed."""
    with own_copy(request, "at_once") as address:
        yield address


at_once = partial(side_by_side, refused=(invitations.Spent, invitations.Known, ValidationError, PermissionDenied), seconds=120)


@pytest.mark.django_db
def test_the_database_is_made() -> None:
    assert User.objects.count() >= 0


def test_auth_07_one_code_twenty_at_once_ten_rounds(committed: str, clock: Clock) -> None:
    for _round in range(ROUNDS):
        device = second_factor(person())
        code = device.code()
        results = at_once([partial(TOTPDevice.objects.get(pk=device.pk).verify_token, code) for _at in range(TOGETHER)])
        assert results.count(True) == 1


def test_auth_08_one_recovery_code_twenty_at_once_ten_rounds(committed: str, clock: Clock) -> None:
    for _round in range(ROUNDS):
        user = person()
        code = recovery_codes(user)[0]
        results = at_once([partial(RecoveryDevice.objects.get(user=user).verify_token, code) for _at in range(TOGETHER)])
        assert results.count(True) == 1
        assert RecoveryDevice.objects.get(user=user).left() == 7


def test_auth_08_two_sets_of_new_codes_at_once_leave_one(committed: str) -> None:
    from django.db import transaction

    def renew(user: User) -> list[str]:
        with transaction.atomic():
            return RecoveryDevice.renew(user)

    for _round in range(5):
        user = person()
        at_once([partial(renew, user)] * 4)
        assert RecoveryDevice.objects.get(user=user).left() == 8


def test_auth_06_exactly_five_tries_are_counted_of_forty_at_once(committed: str, clock: Clock) -> None:
    results = at_once([partial(limits.take, limits.CODE, "somebody")] * 40)
    assert results.count(True) == 5
    assert not limits.take(limits.CODE, "somebody")


def test_auth_03_exactly_ten_passwords_are_tried_of_forty_at_once(committed: str, clock: Clock) -> None:
    results = at_once([partial(limits.take, limits.PASSWORD, "somebody@people.example")] * 40)
    assert results.count(True) == 10


def test_auth_14_one_invitation_accepted_by_many_at_once_makes_one_person(committed: str) -> None:
    for at in range(5):
        home = organisation()
        manager = member(home, Role.MANAGER)
        row = invitations.invite(f"once{at}@people.example", home.pk, "reader", by=manager)
        accept = partial(invitations.accept, row, by=None, password=NEW_PASSWORD, first_name="N", last_name="N")
        results = at_once([accept] * 8)
        assert sum(isinstance(result, User) for result in results) == 1
        assert sum(isinstance(result, invitations.Spent) for result in results) == 7
        assert User.objects.filter(email=row.email).count() == 1
        assert Membership.objects.filter(user__email=row.email).count() == 1


def test_auth_14_two_invitations_to_one_new_address_at_once_make_one_person(committed: str) -> None:
    for at in range(5):
        rows = []
        for _home in range(2):
            home = organisation()
            rows.append(invitations.invite(f"both{at}@people.example", home.pk, "reader", by=member(home, Role.MANAGER)))
        results = at_once([partial(invitations.accept, row, by=None, password=NEW_PASSWORD, first_name="N", last_name="N") for row in rows])
        assert sorted(type(result).__name__ for result in results) == ["Known", "User"]
        assert sum(row.is_open() for row in [type(row).objects.get(pk=row.pk) for row in rows]) == 1, "the other can still be accepted"


def test_auth_14_taken_back_and_accepted_at_once_is_one_of_both(committed: str) -> None:
    for at in range(10):
        home = organisation()
        manager = member(home, Role.MANAGER)
        row = invitations.invite(f"back{at}@people.example", home.pk, "reader", by=manager)
        accept = partial(invitations.accept, row, by=None, password=NEW_PASSWORD, first_name="N", last_name="N")
        results = at_once([accept, partial(invitations.revoke, row, by=manager)])
        assert sum(isinstance(result, invitations.Spent) for result in results) == 1
        row.refresh_from_db()
        assert (row.accepted_at is None) != (row.revoked_at is None)
        assert User.objects.filter(email=row.email).exists() is (row.accepted_at is not None)


def test_two_managers_who_remove_each_other_at_once_leave_one(committed: str) -> None:
    for _round in range(10):
        home = organisation()
        users = [member(home, Role.MANAGER) for _at in range(2)]
        rows = [Membership.objects.get(user=user) for user in users]
        results = at_once([partial(leave, rows[at], by=User.objects.get(pk=users[1 - at].pk)) for at in range(2)])
        assert Membership.objects.current().filter(organisation=home).count() == 1, results


def request_of(user: User) -> HttpRequest:
    """A request in a session of its own that knows the password only."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    request = HttpRequest()
    session: SessionBase = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    request.session = session
    request.user = User.objects.get(pk=user.pk)
    request.user.otp_device = None
    request.user.is_verified = lambda: False
    return request


def test_auth_15_two_who_know_the_password_enrol_at_once_and_one_is_refused(committed: str) -> None:
    for _round in range(5):
        user = person()
        device = enrolling.begin_app(user)
        results = at_once(
            [partial(enrolling.confirm_app, request_of(user), TOTPDevice.objects.get(pk=device.pk), is_first=True) for _at in range(2)]
        )
        assert sum(isinstance(result, PermissionDenied) for result in results) == 1
        assert TOTPDevice.objects.filter(user=user, confirmed=True).count() == 1
