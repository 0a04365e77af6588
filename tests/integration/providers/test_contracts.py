"""Contracts are a dated record: they end and services go on; overlaps are said, gaps are nobody's fault, nothing is thrown away."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.roles import Kind, Role
from portal.audit.models import Event
from providers.organisations.models import Organisation
from providers.services.models import Contract, Service
from tests.builders import member, organisation, service, sign_in

pytestmark = pytest.mark.django_db
GIVEN = {"name": "Victim care", "role": "prime", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}


@pytest.fixture
def row() -> Service:
    return service(organisation())


@pytest.fixture
def manager(row: Service) -> Client:
    return sign_in(member(row.organisation, Role.MANAGER))


def contract(of: Service, start: str, end: str = "", **fields: object) -> Contract:
    ends_on = date.fromisoformat(end) if end else None
    given = {"name": f"From {start}", "role": "grant", "starts_on": date.fromisoformat(start), "ends_on": ends_on} | fields
    return Contract.objects.create(service=of, **given)


def adding(row: Service) -> str:
    return reverse("services:add_contract", args=[row.pk])


def of(contract: Contract) -> str:
    return reverse("services:edit_contract", args=[contract.service_id, contract.pk])


def test_a_contract_is_noted_with_its_dates_and_its_commissioner(manager: Client, row: Service) -> None:
    office = organisation(Kind.OVERSIGHT, "Home Department")
    assert manager.post(adding(row), GIVEN | {"commissioner": str(office.pk)}).status_code == 302
    found = row.contracts.get()
    assert (found.name, found.commissioner, found.starts_on, found.ends_on) == ("Victim care", office, date(2026, 1, 1), date(2026, 12, 31))
    page = manager.get(reverse("services:show", args=[row.pk])).content.decode()
    assert all(words in page for words in ("Victim care", "Home Department", "1 January 2026", "31 December 2026"))
    event = Event.objects.get(subject_id=found.pk)
    assert (event.verb, event.organisation_id) == ("services.contract.create", row.organisation_id)


def test_an_ended_contract_stays_and_says_so(manager: Client, row: Service) -> None:
    contract(row, "2021-01-01", "2023-12-31")
    contract(row, "2024-01-01")
    page = manager.get(reverse("services:show", args=[row.pk])).content.decode()
    assert page.index("From 2024-01-01") < page.index("From 2021-01-01"), "the newest first"
    assert page.count("(ended)") == 1
    assert "no end agreed" in page


@pytest.mark.parametrize(
    ("day", "names"),
    [
        ("2020-12-31", []),
        ("2021-01-01", ["a"]),
        ("2021-12-31", ["a", "b"]),
        ("2022-06-01", ["b"]),
        ("2023-06-01", []),
        ("2030-01-01", ["c"]),
    ],
)
def test_which_are_in_force_on_a_day_both_ends_included(row: Service, day: str, names: list[str]) -> None:
    contract(row, "2021-01-01", "2021-12-31", name="a")
    contract(row, "2021-12-31", "2022-12-31", name="b")
    contract(row, "2024-01-01", name="c")
    assert sorted(row.contracts.on(date.fromisoformat(day)).values_list("name", flat=True)) == names


OTHERS = ("2025-01-01", "2025-12-31")


@pytest.mark.parametrize(("start", "end", "overlaps"), [
    ("2024-01-01", "2024-12-31", False), ("2024-01-01", "2025-01-01", True), ("2024-01-01", "", True), ("2025-03-01", "2025-03-01", True),
    ("2025-12-31", "", True), ("2026-01-01", "", False), ("2027-01-01", "2027-12-31", False),
])  # fmt: skip
def test_an_overlap_is_saved_and_said_a_gap_is_neither_hindered_nor_said(
    manager: Client, row: Service, start: str, end: str, overlaps: bool
) -> None:
    contract(row, *OTHERS, name="The other")
    contract(service(row.organisation), *OTHERS, name="Of another service")
    answer = manager.post(adding(row), GIVEN | {"starts_on": start, "ends_on": end}, follow=True)
    page = answer.content.decode()
    assert row.contracts.count() == 2
    assert ("It overlaps with “The other”" in page) is overlaps
    assert "It overlaps with “Of another service”" not in page


def test_an_edit_does_not_overlap_with_itself(manager: Client, row: Service) -> None:
    own = contract(row, *OTHERS)
    page = manager.post(of(own), GIVEN | {"version": "1"}, follow=True).content.decode()
    assert "Saved." in page
    assert "overlaps" not in page


def test_it_does_not_end_before_it_begins_not_even_in_the_database(manager: Client, row: Service) -> None:
    answer = manager.post(adding(row), GIVEN | {"ends_on": "2025-12-31"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ends_on"])
    with pytest.raises(IntegrityError, match="services_contract_dates"), transaction.atomic():
        contract(row, "2026-01-02", "2026-01-01")
    assert contract(row, "2026-01-01", "2026-01-01").pk, "one day is a contract"


@pytest.mark.parametrize("day", ["", "31/02/2026", "2026-13-01", "yesterday", "0000-00-00"])
def test_a_date_that_is_none_is_said_beside_the_field(manager: Client, row: Service, day: str) -> None:
    answer = manager.post(adding(row), GIVEN | {"starts_on": day})
    assert (answer.status_code, "starts_on" in answer.context["form"].errors) == (422, True)


def test_int_01_who_comes_second_reads_both_texts_in_words(manager: Client, row: Service) -> None:
    own = contract(row, "2026-01-01")
    assert manager.post(of(own), GIVEN | {"name": "Written first", "version": "1"}).status_code == 302
    late = manager.post(of(own), GIVEN | {"name": "Written second", "ends_on": "", "version": "1"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "<bdi>Written first</bdi>" in page
    assert "Prime contractor" in page
    assert "<bdi>31 December 2026</bdi>" in page, "a date as people read it"
    assert 'value="Written second"' in page
    own.refresh_from_db()
    assert (own.name, own.version) == ("Written first", 2)


def test_idor_03_only_a_commissioner_of_services_commissions(manager: Client, row: Service) -> None:
    closed = organisation(Kind.OVERSIGHT, status="closed")
    for pk in (row.organisation_id, organisation().pk, closed.pk, "00000000-0000-4000-8000-000000000000"):
        answer = manager.post(adding(row), GIVEN | {"commissioner": str(pk)})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["commissioner"])
    assert not row.contracts.exists()


def test_a_commissioner_that_has_closed_since_stays_on_its_old_contracts(manager: Client, row: Service) -> None:
    office = organisation(Kind.OVERSIGHT)
    own = contract(row, "2026-01-01", commissioner=office)
    Organisation.objects.filter(pk=office.pk).update(status="closed")
    form = manager.get(of(own)).context["form"]
    assert f'value="{office.pk}" selected' in str(form["commissioner"])
    assert manager.post(of(own), GIVEN | {"commissioner": str(office.pk), "version": "1"}).status_code == 302
    own.refresh_from_db()
    assert own.commissioner == office


def test_idor_01_a_contract_is_changed_under_its_own_service_only(manager: Client, row: Service) -> None:
    sibling, theirs = service(row.organisation), service(organisation())
    own, rival = contract(row, "2026-01-01"), contract(theirs, "2026-01-01", name="Canary")
    for under, which in ((sibling, own), (row, rival), (theirs, rival), (theirs, own)):
        address = reverse("services:edit_contract", args=[under.pk, which.pk])
        assert manager.get(address).status_code == 404
        assert manager.post(address, GIVEN | {"version": "1"}).status_code == 404
    assert Contract.objects.get(pk=rival.pk).name == "Canary"


def test_idor_04_a_form_does_not_move_a_contract(manager: Client, row: Service) -> None:
    own, sibling = contract(row, "2026-01-01"), service(row.organisation)
    assert manager.post(of(own), GIVEN | {"version": "1", "service": str(sibling.pk), "id": str(sibling.pk)}).status_code == 302
    assert row.contracts.get() == own


def test_perm_the_commissioner_of_a_contract_sees_nothing_of_the_service(row: Service) -> None:
    office = organisation(Kind.OVERSIGHT)
    own = contract(row, "2026-01-01", commissioner=office)
    client = sign_in(member(office, Role.COMMISSIONER))
    assert [client.get(path).status_code for path in (of(own), adding(row), reverse("services:show", args=[row.pk]))] == [404] * 3
    assert own.name not in client.get(reverse("services:index")).content.decode()
    assert not Contract.objects.visible_to(office.memberships.get().user).exists()


def test_a_reader_reads_contracts_and_changes_none(row: Service) -> None:
    own = contract(row, "2026-01-01")
    client = sign_in(member(row.organisation, Role.READER))
    page = client.get(reverse("services:show", args=[row.pk])).content.decode()
    assert own.name in page
    assert of(own) not in page
    assert client.post(of(own), GIVEN | {"version": "1"}).status_code == 403
    own.refresh_from_db()
    assert own.version == 1


def test_no_page_throws_a_contract_away(row: Service) -> None:
    for name in ("delete_contract", "remove_contract"):
        with pytest.raises(NoReverseMatch):
            reverse(f"services:{name}", args=[row.pk, row.pk])
    own = contract(row, "2026-01-01")
    with pytest.raises(Exception, match="protected"), transaction.atomic():
        row.delete()
    assert Contract.objects.filter(pk=own.pk).exists()
