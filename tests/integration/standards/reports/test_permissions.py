"""Every page of every object of a report × everybody, in every state (PERM-01 to PERM-05, PERM-14)."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from standards.inspections.models import TeamMember
from standards.reports.models import Report
from tests.integration.standards.reports.cast import ORDER, Cast

pytestmark = pytest.mark.django_db
LIST = "/workspace/reports/"
INSIDE = {"lead", "inspector", "reviewer"}
PROVIDER_DRAFT, PROVIDER = {"manager"}, {"manager", "assessor", "reader"}
PUBLISHERS = {"publisher", "publisher_2"}


def sees(state: str) -> set[str]:
    """Who opens the report itself."""
    if state in ("drafting", "internal_review"):
        return INSIDE
    return INSIDE | (PROVIDER_DRAFT if state in Report.DRAFT_WITH_PROVIDER else PROVIDER | PUBLISHERS)


def pages(world: Cast) -> dict[str, set[str]]:
    """Addresses of what belongs to the report → who opens them when they see the report at all."""
    report = world.report
    statement, item = report.statements.all()[0], report.items.all()[0]
    found = {
        f"{LIST}{report.pk}/": INSIDE | PROVIDER | PUBLISHERS,
        f"{LIST}{report.pk}/history/": INSIDE,
        f"{LIST}{report.pk}/check/": INSIDE,
        f"{LIST}statements/{statement.pk}/": INSIDE,
    }
    if report.status in Report.ISSUED:
        found[f"{LIST}{report.pk}/items/"] = INSIDE | PROVIDER | PUBLISHERS
        found[f"{LIST}items/{item.pk}/answer/"] = {"manager"}
        found[f"{LIST}items/{item.pk}/follow-up/"] = {"lead"}
    if report.versions.exists():
        found[f"{LIST}{report.pk}/facts/"] = INSIDE | {"manager"}
    return found


def test_perm_05_every_page_in_every_state_for_everybody(world: Cast) -> None:
    clients = {who: world.client(who) for who in world.people}
    cells = 0
    for state in ORDER:
        world.to(state)
        for address, allowed in pages(world).items():
            for who, client in clients.items():
                status = client.get(address).status_code
                cells += 1
                if who not in sees(state):
                    assert status == 404, (state, address, who, status)
                elif who in allowed:
                    assert status == 200, (state, address, who, status)
                else:
                    assert status in {403, 404}, (state, address, who, status)
    assert cells > 700


def test_the_list_and_its_titles_follow_the_same_rule(world: Cast) -> None:
    title = world.report.title
    for state in ("drafting", "comments_open", "shared_restricted"):
        world.to(state)
        for who in world.people:
            is_there = title in world.client(who).get(LIST).content.decode()
            assert is_there == (who in sees(state) or (state == "shared_restricted" and who == "commissioner")), (state, who)


def test_perm_14_access_ends_at_the_instant_and_a_bar_shuts_it(world: Cast) -> None:
    address = f"{LIST}{world.report.pk}/"
    member = TeamMember.objects.filter(user=world.people["inspector"])
    assert world.client("inspector").get(address).status_code == 200
    for fields in (
        {"ends_at": timezone.now() - timedelta(seconds=1)}, {"ends_at": timezone.now() + timedelta(days=1), "conflict": "barred"},
        {"conflict": "undeclared"}, {"conflict": "none", "ended_at": timezone.now()}, {"ended_at": None,
        "starts_at": timezone.now() + timedelta(hours=1)},
    ):  # fmt: skip
        member.update(**fields)
        assert world.client("inspector").get(address).status_code == 404, fields


def test_perm_14_whoever_was_on_the_visit_publishes_nothing_of_it(world: Cast) -> None:
    world.to("final_agreed")
    TeamMember.objects.create(inspection=world.inspection, user=world.people["publisher"], ends_at=timezone.now(), conflict="none")
    assert world.client("publisher").get(f"{LIST}{world.report.pk}/").status_code == 404
    assert not Report.STEPS["begin_check"].may(world.who("publisher"), world.report)


def test_idor_01_ids_of_nothing_and_of_other_things_are_404(world: Cast) -> None:
    client, statement = world.client("lead"), world.report.statements.all()[0]
    for pk in (uuid.uuid4(), statement.pk, world.inspection.pk):
        assert client.get(f"{LIST}{pk}/").status_code == 404
    assert client.get(f"{LIST}statements/{world.report.pk}/").status_code == 404
    assert client.get(f"{LIST}{world.report.pk}/facts/").status_code == 404  # nothing was frozen yet
    assert client.post(f"{LIST}{world.report.pk}/steps/open_comments/").status_code == 404
    assert client.post(f"{LIST}{world.report.pk}/steps/nothing/").status_code == 404


def test_a_step_out_of_turn_is_409_and_writes_nothing(world: Cast) -> None:
    before = Report.objects.filter(pk=world.report.pk).values().get()
    assert world.client("lead").post(f"{LIST}{world.report.pk}/steps/close/").status_code == 409
    assert world.client("reviewer").post(f"{LIST}{world.report.pk}/steps/approve_draft/").status_code == 409
    assert world.client("inspector").post(f"{LIST}{world.report.pk}/steps/close/").status_code == 403
    assert Report.objects.filter(pk=world.report.pk).values().get() == before


def test_every_step_has_its_page(world: Cast) -> None:
    for state in ORDER:
        report = world.to(state)
        for who in world.people:
            for step in report.open_to(world.who(who)):
                assert world.client(who).get(f"{LIST}{report.pk}/steps/{step.name}/").status_code == 200, (state, who, step.name)
