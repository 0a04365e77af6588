"""The anonymous comparison: frozen, the same for everybody, and silent about single services."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from portal.accounts.roles import Kind, Role
from portal.calendar.quarters import Quarter
from providers.services.models import Service
from standards.assessments.models import Assessment
from standards.benchmarks import tasks
from standards.benchmarks.models import BenchmarkRelease
from standards.benchmarks.releasing import contributions, freeze, freeze_quarter
from standards.catalogue.models import Edition
from tests.builders import sign_in
from tests.integration.standards import plans

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2026, 3)
INSIDE = datetime(2026, 8, 15, 12, tzinfo=UTC)
FIGURES = (12, 34, 47, 58, 71, 96)


class World:
    """Six services of six providers, each with an approved assessment."""

    def __init__(self, figures: tuple[int, ...] = FIGURES) -> None:
        self.edition: Edition = plans.edition_of()
        self.people: list[Any] = []
        self.services: list[Service] = []
        self.assessments: list[Assessment] = []
        for percent in figures:
            self.join(percent)

    def join(self, percent: int, at: datetime = INSIDE, **fields: Any) -> Assessment:
        owner = plans.provider("Canary House")
        self.people.append(plans.person("canary", owner, Role.MANAGER))
        self.services.append(plans.service_of(owner, name=f"Canary service {percent}"))
        row = plans.approved(self.services[-1], self.edition, self.people[-1], {"PRI": percent, "RSK": 50}, at, **fields)
        self.assessments.append(row)
        return row

    def release(self, quarter: Quarter = QUARTER) -> BenchmarkRelease:
        return freeze(self.edition, Service.Kind.OUTREACH, quarter)


@pytest.fixture
def world() -> World:
    return World()


def test_a_release_holds_rounded_quartiles_and_steps_only(world: World) -> None:
    assert world.release().content == {
        "step": 10, "at_least": 6, "as_of": "2026-Q3",
        "chapters": [{"code": "PRI", "bands": [30, 50, 70]}, {"code": "RSK", "bands": [50, 50, 50]}],
    }  # fmt: skip


def test_a_release_is_frozen_whatever_happens_later(world: World) -> None:
    before = world.release()
    for percent in (100, 100, 100, 100):
        world.join(percent)
    plans.approved(world.services[0], world.edition, world.people[0], {"PRI": 100, "RSK": 100}, INSIDE + timedelta(days=1))
    world.assessments[1].archive(by=world.people[1])
    world.assessments[2].reopen("Something is new.", by=world.people[2])
    again = world.release()
    assert again.pk == before.pk
    assert BenchmarkRelease.objects.get(pk=before.pk).content == before.content


def test_stat_06_the_database_refuses_to_change_or_delete_a_release(world: World) -> None:
    row = world.release()
    for change in (
        lambda: BenchmarkRelease.objects.filter(pk=row.pk).update(content={}),
        lambda: BenchmarkRelease.objects.filter(pk=row.pk).delete(),
        lambda: BenchmarkRelease(pk=row.pk, edition=world.edition, service_kind="outreach", quarter="2026-Q3", content={}).save(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_fewer_than_six_services_are_too_few_and_stay_so(world: World) -> None:
    few = World(FIGURES[:5])
    row = few.release()
    assert not row.is_enough
    few.join(90)
    assert not few.release().is_enough, "an approval that comes late must not make a release appear"


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "archived"},
        {"at": datetime(2026, 10, 1, tzinfo=UTC)},
        {"at": datetime(2024, 8, 1, tzinfo=UTC)},
    ],
)
def test_only_what_stood_approved_in_time_is_counted(fields: dict[str, Any]) -> None:
    few = World(FIGURES[:5])
    few.join(90, **fields)
    assert len(contributions(few.edition, Service.Kind.OUTREACH, QUARTER)) == 5


@pytest.mark.parametrize("status", ["approved", "shared", "kept_private", "draft"])  # reopened: what was approved stands until then
def test_approved_shared_and_kept_private_are_counted_and_each_service_once(status: str) -> None:
    world = World(FIGURES[:5])
    world.join(90, status=status)
    plans.approved(world.services[5], world.edition, world.people[5], {"PRI": 10, "RSK": 10}, INSIDE - timedelta(days=90))
    found = {one.service: one.chapters["PRI"] for one in contributions(world.edition, Service.Kind.OUTREACH, QUARTER)}
    assert len(found) == 6
    assert found[str(world.services[5].pk)] == 90


def test_a_closed_service_and_another_kind_are_left_out(world: World) -> None:
    Service.objects.filter(pk=world.services[0].pk).update(status="closed")
    Assessment.objects.filter(pk=world.assessments[1].pk).update(service_kind="safehouse")
    assert len(contributions(world.edition, Service.Kind.OUTREACH, QUARTER)) == 4


def test_stat_03_one_more_service_repeats_the_last_release(world: World) -> None:
    first = world.release()
    world.join(100, datetime(2026, 11, 1, tzinfo=UTC))
    second = world.release(Quarter(2026, 4))
    assert second.content == first.content
    assert str(second.as_of) == "2026-Q3"
    assert second.basis == first.basis


def test_stat_03_three_changes_make_a_new_one(world: World) -> None:
    first = world.release()
    for percent in (90, 90, 90):
        world.join(percent, datetime(2026, 11, 1, tzinfo=UTC))
    second = world.release(Quarter(2026, 4))
    assert second.content["chapters"][0]["bands"] == [50, 70, 90] != first.content["chapters"][0]["bands"]
    assert str(second.as_of) == "2026-Q4"


def test_stat_03_three_that_come_one_by_one_wait_for_each_other(world: World) -> None:
    first = world.release()
    world.join(90, datetime(2026, 11, 1, tzinfo=UTC))
    world.join(90, datetime(2027, 2, 1, tzinfo=UTC))
    held = [world.release(quarter) for quarter in (Quarter(2026, 4), Quarter(2027, 1))]
    assert {str(row.as_of) for row in (first, *held)} == {"2026-Q3"}
    world.join(90, datetime(2027, 5, 1, tzinfo=UTC))
    assert str(world.release(Quarter(2027, 2)).as_of) == "2027-Q2"


def test_the_morning_after_a_quarter_makes_every_release_once(world: World) -> None:
    tasks.freeze("2026-10-01")
    tasks.freeze("2026-10-02")
    tasks.freeze("2026-12-31")
    mine = BenchmarkRelease.objects.filter(edition=world.edition)
    assert [(row.quarter, row.service_kind) for row in mine] == [("2026-Q3", "outreach")]
    assert freeze_quarter(QUARTER)


# --- Pages --------------------------------------------------------------------------------------------------------------


def page(client: Client, row: BenchmarkRelease, service: Service | None = None) -> Any:
    address = f"/workspace/benchmarks/{row.pk}/" + (f"{service.pk}/" if service else "")
    return client.get(address)


def test_a_provider_sees_its_own_frozen_figure_beside_the_bands(world: World) -> None:
    row = world.release()
    answer = page(sign_in(world.people[5]), row, world.services[5])
    assert answer.status_code == 200
    text = answer.content.decode()
    assert ">96</td>" in text
    assert "Above the middle half" in text
    assert text.count('<svg class="chart"') == 2


def test_the_figure_is_the_one_that_went_in_even_after_a_newer_approval(world: World) -> None:
    row = world.release()
    plans.approved(world.services[5], world.edition, world.people[5], {"PRI": 3, "RSK": 3}, INSIDE + timedelta(days=30))
    text = page(sign_in(world.people[5]), row, world.services[5]).content.decode()
    assert ">96</td>" in text
    assert ">3</td>" not in text


def test_a_rival_cannot_see_whose_or_how_many(world: World) -> None:
    row = world.release()
    rival = sign_in(world.people[0])
    own = page(rival, row, world.services[0]).content.decode()
    plain = page(rival, row).content.decode()
    for text in (own, plain):
        for service in world.services[1:]:
            assert service.name not in text
            assert str(service.pk) not in text
            assert str(service.organisation_id) not in text
        for percent in (34, 47, 58, 71, 96):
            assert f">{percent}<" not in text
        for snapshot in (one for _service, _organisation, one in row.basis):
            assert snapshot not in text
    assert page(rival, row, world.services[1]).status_code == 404


def test_a_release_is_the_same_for_everybody(world: World) -> None:
    row = world.release()
    commissioner = plans.person("commissioner", plans.provider("Oversight", Kind.OVERSIGHT), Role.COMMISSIONER)
    seen = [page(sign_in(person), row).context["rows"] for person in (world.people[0], world.people[3], commissioner)]
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.EDITOR, Role.ADMINISTRATOR, Role.PUBLISHER])
def test_others_find_no_comparison(world: World, role: Role) -> None:
    row = world.release()
    stranger = sign_in(plans.person("other", plans.provider("Other", Kind.OFFICE), role))
    assert page(stranger, row).status_code == 404
    assert list(stranger.get("/workspace/benchmarks/").context["rows"]) == []


def test_too_few_says_so_and_draws_nothing(world: World) -> None:
    few = World(FIGURES[:5])
    text = page(sign_in(few.people[0]), few.release(), few.services[0]).content.decode()
    assert "Too few to compare" in text
    assert '<svg class="chart"' not in text


def test_another_kind_of_service_is_not_compared(world: World) -> None:
    row = world.release()
    house = plans.service_of(world.services[0].organisation, Service.Kind.SAFEHOUSE)
    assert page(sign_in(world.people[0]), row, house).status_code == 404


def test_the_list_costs_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(1, 5):
        world.release(Quarter(2025, number))
    world.release()
    client = sign_in(world.people[0])
    with django_assert_max_num_queries(12):
        assert len(client.get("/workspace/benchmarks/").context["rows"]) >= 1


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_only_read(world: World, method: str) -> None:
    client = sign_in(world.people[0])
    row = world.release()
    for address in (
        "/workspace/benchmarks/",
        f"/workspace/benchmarks/{row.pk}/",
        f"/workspace/benchmarks/{row.pk}/{world.services[0].pk}/",
    ):
        assert getattr(client, method)(address).status_code == 405
