"""The services of an organisation: who sees and changes them, nothing overwritten, states by steps, nothing beside what a form asks."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.roles import Kind, Role
from portal.audit.models import Event
from portal.steps import WrongState
from providers.organisations.models import Organisation
from providers.services.models import Service
from tests.builders import member, organisation, person, service, sign_in
from tests.integration.access import writes

pytestmark = pytest.mark.django_db

GIVEN = {"name": "Harbour Light", "kind": "outreach", "nation": "england", "region": "north_west"}
LISTED = {"is_public": "on", "public_alias": "Quiet Water", "public_summary": "For women."}
# Pages of one service: each name with what stands behind the service in the address.
PAGES: dict[str, list[Any]] = {
    "show": [],
    "history": [],
    "edit": [],
    "listing": [],
    "add_contract": [],
    "take_step": ["pause"],
}
WRITING = {"edit": GIVEN, "listing": LISTED, "add_contract": {"name": "X", "role": "grant", "starts_on": "2026-01-01"}, "take_step": {}}


@pytest.fixture
def house() -> Organisation:
    return organisation()


@pytest.fixture
def manager(house: Organisation) -> Client:
    return sign_in(member(house, Role.MANAGER))


@pytest.fixture
def row(house: Organisation) -> Service:
    return service(house, "Lantern")


def at(name: str, row: Service, *more: Any) -> str:
    return reverse(f"services:{name}", args=[row.pk, *(more or PAGES.get(name, []))])


def events(row: Service) -> list[str]:
    return list(Event.objects.filter(subject_id=row.pk).order_by("id").values_list("verb", flat=True))


# --- Adding and changing ----------------------------------------------------------------------------------------------


def test_a_manager_adds_a_service_and_only_her_people_see_it(manager: Client, house: Organisation) -> None:
    answer = manager.post(reverse("services:create"), GIVEN | {"organisation": str(house.pk)})
    row = Service.objects.get(name="Harbour Light")
    assert (answer.status_code, answer.headers["Location"]) == (302, at("show", row))
    assert (row.organisation, row.kind, row.status, row.is_public) == (house, "outreach", "open", False)
    assert events(row) == ["services.service.create"]
    assert "Harbour Light" in sign_in(member(house, Role.READER)).get(reverse("services:index")).content.decode()
    assert "Harbour Light" not in sign_in(member(organisation(), Role.MANAGER)).get(reverse("services:index")).content.decode()


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(manager: Client, house: Organisation, row: Service) -> None:
    wrong = {"organisation": str(house.pk), "name": " lantern ", "kind": "outreach", "nation": "wales", "region": "london"}
    answer = manager.post(reverse("services:create"), wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "region"}
    page = answer.content.decode()
    assert "has a service of this name already" in page
    assert 'value="lantern"' in page or 'value=" lantern "' in page
    assert Service.objects.filter(organisation=house).count() == 1


@pytest.mark.parametrize(("nation", "region", "fits"), [
    ("england", "london", True), ("england", "wales", False), ("wales", "wales", True), ("wales", "north_west", False),
    ("scotland", "scotland", True), ("scotland", "northern_ireland", False), ("northern_ireland", "northern_ireland", True),
])  # fmt: skip
def test_a_region_lies_in_its_nation(manager: Client, row: Service, nation: str, region: str, fits: bool) -> None:
    sent = {"name": row.name, "kind": row.kind, "nation": nation, "region": region, "version": "1"}
    assert manager.post(at("edit", row), sent).status_code == (302 if fits else 422)


def test_an_edit_writes_what_changed_and_who(manager: Client, row: Service) -> None:
    assert manager.post(at("edit", row), GIVEN | {"version": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.kind, row.version) == ("Harbour Light", "outreach", 2)
    event = Event.objects.get(subject_id=row.pk)
    assert event.verb == "services.service.change"
    assert event.codes == {"fields": ["kind", "name"]}, "names of fields, never their text"


def test_int_01_who_comes_second_reads_both_texts_and_nothing_is_overwritten(manager: Client, house: Organisation, row: Service) -> None:
    other = sign_in(member(house, Role.MANAGER))
    assert other.post(at("edit", row), GIVEN | {"name": "Written first", "version": "1"}).status_code == 302
    late = manager.post(at("edit", row), GIVEN | {"name": "Written second", "version": "1"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Somebody else saved this while you were writing" in page
    assert "<bdi>Written first</bdi>" in page
    assert 'value="Written second"' in page
    row.refresh_from_db()
    assert (row.name, row.version) == ("Written first", 2)
    assert manager.post(at("edit", row), GIVEN | {"name": "Written second", "version": "2"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.version) == ("Written second", 3)


@pytest.mark.parametrize("version", ["", "0", "7", "-1"])
def test_int_01_without_the_version_that_was_read_nothing_is_saved(manager: Client, row: Service, version: str) -> None:
    assert manager.post(at("edit", row), GIVEN | {"version": version}).status_code == 409
    assert manager.post(at("listing", row), LISTED | {"version": version}).status_code == 409
    row.refresh_from_db()
    assert (row.name, row.is_public, row.version) == ("Lantern", False, 1)


def test_int_01_a_step_in_between_makes_an_edit_late(manager: Client, row: Service) -> None:
    assert manager.post(at("take_step", row)).status_code == 302
    assert manager.post(at("edit", row), GIVEN | {"version": "1"}).status_code == 409


def test_idor_04_a_form_takes_its_own_fields_and_no_others(manager: Client, row: Service) -> None:
    rival = organisation()
    extra = {"status": "closed", "organisation": str(rival.pk), "is_public": "on", "public_alias": "Canary", "id": str(rival.pk)}
    extra |= {"created_at": "2001-01-01", "score": "5", "is_staff": "on", "organisation_id": str(rival.pk), "shows_region": "on"}
    assert manager.post(at("edit", row), extra | GIVEN | {"version": "1"}).status_code == 302
    now = Service.objects.get(pk=row.pk)
    kept = ("status", "organisation_id", "is_public", "public_alias", "created_at", "shows_region")
    assert [getattr(now, name) for name in kept] == [getattr(row, name) for name in kept]


def test_idor_03_nobody_adds_a_service_to_somebody_elses_organisation(manager: Client, house: Organisation) -> None:
    closed = organisation(status="closed")
    mine_too = organisation()
    member(mine_too, Role.READER, user=house.memberships.get().user)
    absent = "00000000-0000-4000-8000-000000000000"
    for pk in (organisation().pk, closed.pk, mine_too.pk, absent, "nonsense"):
        answer = manager.post(reverse("services:create"), GIVEN | {"organisation": str(pk)})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["organisation"]), pk
    assert not Service.objects.exists()


# --- Who may what -----------------------------------------------------------------------------------------------------


def outsiders() -> dict[str, Client]:
    """Everybody who has nothing to do with the provider."""
    people = {"rival": member(organisation(), Role.MANAGER), "stranger": person()}
    people |= {role.value: member(organisation(Kind.INSPECTORATE), role) for role in (Role.INSPECTOR, Role.LEAD_INSPECTOR)}
    people |= {"commissioner": member(organisation(Kind.OVERSIGHT), Role.COMMISSIONER)}
    people |= {role.value: member(organisation(Kind.OFFICE), role) for role in (Role.ADMINISTRATOR, Role.EDITOR)}
    return {name: sign_in(user) for name, user in people.items()}


def test_perm_04_to_outsiders_a_service_is_what_does_not_exist(row: Service) -> None:
    Service.objects.filter(pk=row.pk).update(name="Canary Lantern")
    absent = Service(pk="00000000-0000-4000-8000-000000000000")
    for name, client in outsiders().items():
        with writes() as written:
            for page in PAGES:
                for method in (client.get, client.post):
                    there, missing = method(at(page, row)), method(at(page, absent))
                    both = (there.status_code, missing.status_code)
                    assert both in {(404, 404), (405, 405)}, (name, page, both)
                    assert len(there.content) == len(missing.content), (name, page)
        assert "Canary" not in client.get(reverse("services:index")).content.decode(), name
        assert [line for line in written if "services_" in line or "audit_" in line] == [], name


@pytest.mark.parametrize("role", [Role.READER, Role.ASSESSOR])
def test_perm_03_who_reads_cannot_write(house: Organisation, row: Service, role: Role) -> None:
    client = sign_in(member(house, role))
    assert client.get(at("show", row)).status_code == 200
    assert client.get(at("history", row)).status_code == 200
    before = Service.objects.values().get(pk=row.pk)
    for page, sent in WRITING.items():
        assert client.get(at(page, row)).status_code == 403
        with writes() as written:
            assert client.post(at(page, row), sent | {"version": "1"}).status_code == 403
        assert [line for line in written if "services_" in line or "audit_" in line] == []
        assert at(page, row) not in client.get(at("show", row)).content.decode(), "what one may not do is not offered"
    assert client.post(reverse("services:create"), GIVEN | {"organisation": str(house.pk)}).status_code == 403
    assert Service.objects.values().get(pk=row.pk) == before
    assert (row.contracts.count(), Service.objects.count(), events(row)) == (0, 1, [])


def test_perm_07_a_role_that_ends_ends_at_the_next_request(house: Organisation, row: Service) -> None:
    user = member(house, Role.MANAGER)
    client = sign_in(user)
    assert client.get(at("edit", row)).status_code == 200
    user.memberships.update(ended_at=row.created_at)
    assert client.get(at("edit", row)).status_code == 404
    assert client.post(at("take_step", row)).status_code == 404


def test_two_organisations_one_person(house: Organisation, row: Service) -> None:
    """A manager here and a reader there manages here only."""
    there = service(organisation(), "There")
    user = member(house, Role.MANAGER)
    member(there.organisation, Role.READER, user=user)
    client = sign_in(user)
    assert [client.get(at("show", one)).status_code for one in (row, there)] == [200, 200]
    assert [client.get(at("edit", one)).status_code for one in (row, there)] == [200, 403]


# --- States -----------------------------------------------------------------------------------------------------------

STEPS = {("open", "pause"): "paused", ("open", "close"): "closed", ("paused", "close"): "closed", ("paused", "reopen"): "open",
         ("closed", "reopen"): "open"}  # fmt: skip


@pytest.mark.parametrize("status", Service.Status.values)
@pytest.mark.parametrize("name", ["pause", "close", "reopen"])
def test_every_step_from_every_state(manager: Client, house: Organisation, name: str, status: str) -> None:
    row = service(house, status=status)
    after = STEPS.get((status, name))
    asked = manager.get(at("take_step", row, name))
    assert (asked.status_code, b"You can" in asked.content or b"<form" in asked.content) == (200 if after else 409, True)
    assert Service.objects.get(pk=row.pk).status == status, "asking changes nothing"
    answer = manager.post(at("take_step", row, name))
    row.refresh_from_db()
    assert (answer.status_code, row.status) == (302, after) if after else (409, status)
    assert events(row) == ([f"services.service.{name}"] if after else [])
    offered = {step.name for step in row.open_to(house.memberships.get().user)}
    assert offered == {step for (state, step) in STEPS if state == row.status}


def test_a_step_that_there_is_not(manager: Client, row: Service) -> None:
    for name in ("erase", "save", "delete", "full-clean"):
        assert manager.get(at("take_step", row, name)).status_code == 404
        assert manager.post(at("take_step", row, name)).status_code == 404


def test_a_step_needs_its_manager_below_the_pages_too(house: Organisation, row: Service) -> None:
    from django.core.exceptions import PermissionDenied

    for who in (member(house, Role.READER), member(organisation(), Role.MANAGER), None):
        with pytest.raises(PermissionDenied):
            row.close(by=who)
    manager = member(house, Role.MANAGER)
    row.close(by=manager)
    with pytest.raises(WrongState):
        row.close(by=manager)
    assert Service.objects.get(pk=row.pk).version == 2


def test_a_closed_service_is_listed_again_only_by_a_new_choice_a_paused_one_comes_back(manager: Client, house: Organisation) -> None:
    shown: dict[str, Any] = {"is_public": True, "public_alias": "Quiet Water"}
    closed, paused = service(house, **shown), service(house, **shown)
    for row, name in ((closed, "close"), (paused, "pause")):
        manager.post(at("take_step", row, name))
        assert not Service.objects.public().filter(pk=row.pk).exists()
        manager.post(at("take_step", row, "reopen"))
    assert list(Service.objects.public()) == [paused]


def test_the_list_takes_the_same_queries_however_long(manager: Client, house: Organisation, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    service(house)
    manager.get(reverse("services:index"))
    counts = []
    for more in (1, 28):
        for _ in range(more):
            service(house)
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(reverse("services:index")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14
