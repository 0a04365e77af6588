"""Roles: taken at the next request, the last manager stays, several organisations, administrators see no casework (PERM-07, PERM-15)."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.accounts.roles import CAPABILITIES, ROLES_OF, Can, Kind, Role
from portal.audit.models import Event
from providers.organisations.joining import grantable, leave
from providers.organisations.models import Membership, Organisation
from providers.organisations.permissions import can
from tests.builders import enter, member, organisation, person, service, sign_in
from tests.integration.standards.assessments.cast import cast

pytestmark = pytest.mark.django_db
CASEWORK = {
    Can.READ, Can.ASSESS, Can.APPROVE, Can.READ_SHARED, Can.INSPECT, Can.LEAD_INSPECTION, Can.REVIEW_QUALITY, Can.READ_AGGREGATES,
    Can.MANAGE_SERVICES,
}  # fmt: skip


def remove(client: Client, home: Organisation, user: User, role: Role) -> Any:
    """By the page."""
    row = Membership.objects.current().get(user=user, organisation=home, role=role)
    return client.post(f"/workspace/people/{home.pk}/roles/{row.pk}/remove/", follow=True)


def test_perm_07_a_role_that_is_removed_ends_at_the_next_request_of_the_same_session() -> None:
    home = organisation()
    manager, assessor = member(home, Role.MANAGER), member(home, Role.ASSESSOR)
    place = service(home)
    theirs = sign_in(assessor)
    assert theirs.get(f"/workspace/services/{place.pk}/").status_code == 200
    assert b"from their next click on" in remove(sign_in(manager), home, assessor, Role.ASSESSOR).content
    assert theirs.get(f"/workspace/services/{place.pk}/").status_code == 404
    assert theirs.get("/workspace/").status_code == 200, "the account stays"
    row = Membership.objects.get(user=assessor)
    assert row.ended_at
    assert row.ended_by == manager, "ended, never deleted"
    assert Event.objects.filter(verb="organisations.membership.leave", by=manager).count() == 1


def test_perm_07_a_manager_who_gives_up_the_role_manages_nothing_more() -> None:
    home = organisation()
    first = member(home, Role.MANAGER)
    member(home, Role.MANAGER)
    client = sign_in(first)
    answer = remove(client, home, first, Role.MANAGER)
    assert answer.redirect_chain[-1][0] == "/workspace/"
    assert client.get(f"/workspace/people/{home.pk}/").status_code == 404
    assert client.get("/workspace/people/").status_code == 403


@pytest.mark.parametrize(
    ("kind", "role"),
    [(Kind.PROVIDER, Role.MANAGER), (Kind.INSPECTORATE, Role.LEAD_INSPECTOR), (Kind.OFFICE, Role.ADMINISTRATOR)],
)
def test_the_last_who_can_invite_others_cannot_be_removed(kind: Kind, role: Role) -> None:
    home = organisation(kind)
    last = member(home, role)
    member(home, role, is_active=False)  # somebody who cannot sign in counts for nothing
    client = sign_in(last)
    assert b"last person who can invite others here" in remove(client, home, last, role).content
    assert Membership.objects.current().filter(user=last, role=role).exists()
    member(home, role)
    remove(client, home, last, role)
    assert not Membership.objects.current().filter(user=last, role=role).exists()


def test_a_role_is_removed_once() -> None:
    home = organisation()
    manager, reader = member(home, Role.MANAGER), member(home, Role.READER)
    row = Membership.objects.get(user=reader)
    leave(row, by=manager)
    with pytest.raises(ValidationError, match="already"):
        leave(row, by=manager)


def test_an_administrator_who_is_removed_leaves_the_editors_side_too() -> None:
    office = organisation(Kind.OFFICE)
    first, second = member(office, Role.ADMINISTRATOR), member(office, Role.ADMINISTRATOR)
    theirs = sign_in(second)
    assert theirs.get("/cms/users/").status_code == 200
    remove(sign_in(first), office, second, Role.ADMINISTRATOR)
    second.refresh_from_db()
    assert (second.is_staff, second.is_superuser, second.groups.count()) == (False, False, 0)
    assert theirs.get("/cms/users/").status_code == 403
    assert theirs.get(reverse("audit:work")).status_code in {403, 404}


def test_an_editor_who_is_removed_edits_nothing_more() -> None:
    office = organisation(Kind.OFFICE)
    administrator, editor = member(office, Role.ADMINISTRATOR), member(office, Role.EDITOR)
    theirs = sign_in(editor)
    assert theirs.get("/cms/pages/").status_code in {200, 302}
    remove(sign_in(administrator), office, editor, Role.EDITOR)
    assert theirs.get("/cms/pages/").status_code == 403


# --- One person, several organisations --------------------------------------------------------------------------------


def test_one_person_in_several_organisations_has_each_role_only_there() -> None:
    one, two, other = organisation(), organisation(), organisation()
    user = member(one, Role.MANAGER)
    member(two, Role.READER, user=user)
    places = {home: service(home) for home in (one, two, other)}
    client = sign_in(user)
    seen = {home: client.get(f"/workspace/services/{place.pk}/").status_code for home, place in places.items()}
    assert seen == {one: 200, two: 200, other: 404}
    managed = {home: client.get(f"/workspace/people/{home.pk}/").status_code for home in places}
    assert managed == {one: 200, two: 403, other: 404}
    fresh = User.objects.get(pk=user.pk)
    assert can(fresh, Can.APPROVE, one)
    assert not can(fresh, Can.APPROVE, two)
    assert can(fresh, Can.READ, two)
    assert list(Organisation.objects.where(fresh, Can.ASSESS)) == [one]


def test_removing_one_role_leaves_the_others() -> None:
    one, two = organisation(), organisation()
    user = member(one, Role.MANAGER)
    member(one, Role.ASSESSOR, user=user)
    member(two, Role.READER, user=user)
    member(one, Role.MANAGER)
    client = sign_in(user)
    remove(client, one, user, Role.MANAGER)
    fresh = User.objects.get(pk=user.pk)
    assert {(row.organisation_id, row.role) for row in fresh.memberships.filter(ended_at=None)} == {
        (one.pk, Role.ASSESSOR), (two.pk, Role.READER),
    }  # fmt: skip
    assert can(fresh, Can.ASSESS, one)


def test_a_closed_organisation_gives_nobody_any_right() -> None:
    home = organisation()
    user = member(home, Role.MANAGER)
    Organisation.objects.filter(pk=home.pk).update(status=Organisation.Status.CLOSED)
    fresh = User.objects.get(pk=user.pk)
    assert not any(can(fresh, what, home) for what in Can)
    assert not any(can(fresh, what) for what in Can)
    assert grantable(fresh, Organisation.objects.get(pk=home.pk)) == []


def test_nobody_at_all_may_nothing() -> None:
    closed = member(organisation(), Role.MANAGER, is_active=False)
    for user in (None, closed, person(), User.objects.create_superuser("root@people.example", "x" * 20)):
        assert not any(can(user, what) for what in Can)


# --- Administrators ---------------------------------------------------------------------------------------------------


def test_perm_15_no_role_of_the_office_may_do_casework_and_every_kind_has_its_roles() -> None:
    for role in ROLES_OF[Kind.OFFICE]:
        assert not CAPABILITIES[role] & CASEWORK, role
    held = [role for roles in ROLES_OF.values() for role in roles]
    assert sorted(held) == sorted(Role), "each role belongs to exactly one kind"
    assert set(CAPABILITIES) == set(Role)


def test_perm_15_an_administrator_and_a_superuser_see_no_casework() -> None:
    world = cast()
    world.share()
    administrator = member(organisation(Kind.OFFICE), Role.ADMINISTRATOR)
    root = User.objects.create_superuser("root@people.example", "x" * 20)
    answer = world.row.answers.first()
    assert answer
    owner = world.client("manager")
    base = f"/workspace/assessments/{world.row.pk}/"
    names = ("results", "history", "exports", "remarks", "sections", "review", "all_answers", "overview", "share", "coverage")
    addresses = [base, f"/workspace/services/{world.service.pk}/", *(reverse(f"assessments:{name}", args=[world.row.pk]) for name in names)]
    assert sum(owner.get(address).status_code == 200 for address in addresses) >= 8, "they are there"
    for user in (administrator, root):
        client = enter(Client(), user)
        for address in addresses:
            assert client.get(address).status_code == 404, (user, address)
            assert client.post(address).status_code in {404, 405}
        for index in ("/workspace/assessments/", "/workspace/evidence/", "/workspace/actions/", "/workspace/services/", "/workspace/"):
            shown = client.get(index).content.decode()
            assert world.service.name not in shown, index
            assert answer.comment not in shown


def test_perm_15_wagtails_side_knows_no_table_of_casework() -> None:
    from wagtail.snippets.models import get_snippet_models

    rooms = {model._meta.app_label for model in get_snippet_models()}
    assert not rooms & {
        "assessments",
        "evidence",
        "actions",
        "services",
        "organisations",
        "inspections",
        "reports",
        "transitions",
        "accounts",
    }


def test_perm_15_an_administrator_sees_people_of_every_organisation_and_only_people() -> None:
    world = cast()
    administrator = member(organisation(Kind.OFFICE), Role.ADMINISTRATOR)
    client = sign_in(administrator)
    page = client.get(f"/workspace/people/{world.provider.pk}/")
    assert page.status_code == 200
    assert world.manager.email in page.content.decode()
    assert world.service.name not in page.content.decode()
    assert set(grantable(User.objects.get(email=administrator.email), world.provider)) == set(ROLES_OF[Kind.PROVIDER])
