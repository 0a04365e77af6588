"""The year plan, the suggested order with its reasons, plans and their numbers, scope, and the steps up to the visit."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.roles import Role
from portal.audit.models import Event
from portal.steps import WrongState
from standards.inspections import planning, suggesting
from standards.inspections.models import Inspection
from standards.inspections.models.inspections import Outdated
from tests import builders
from tests.integration.standards import plans
from tests.integration.standards.assessments import cast as assessments
from tests.integration.standards.inspections.cast import Cast, clear_the_rest, finding, regime_of

pytestmark = pytest.mark.django_db


def values(**fields: Any) -> dict[str, Any]:
    first = timezone.localdate() + timedelta(days=40)
    return {"kind": "full", "notice": "none", "reason": "", "starts_on": first, "ends_on": first, "safe_talk_plan": "", **fields}


def typed(world: Cast, **fields: Any) -> dict[str, Any]:
    return {"service": str(world.service.pk), "regime": str(world.regime.pk)} | {k: str(v) for k, v in values(**fields).items()}


def test_a_plan_gets_the_next_number_of_its_letter_and_year_and_every_standard_of_its_kind(world: Cast) -> None:
    client = world.client("lead")
    answer = client.post("/workspace/inspections/plan/", typed(world, starts_on="2027-03-01", ends_on="2027-03-02"))
    row = Inspection.objects.get(starts_on=date(2027, 3, 1))
    assert answer.headers["Location"] == reverse("inspections:team", args=[row.pk])
    assert (row.number, row.provider, row.organisation) == ("T-2027-001", world.provider, world.inspectorate)
    assert row.scopes.count() == 2
    again = client.post("/workspace/inspections/plan/", typed(world, starts_on="2027-03-01", ends_on="2027-03-02"))
    assert (again.status_code, "begins on that day already" in again.text) == (422, True)
    day = date(2027, 1, 1)
    other = planning.plan(world.regime, builders.service(world.provider), values(starts_on=day, ends_on=day), by=world.who("lead"))
    assert other.number == "T-2027-002"
    assert Event.objects.about(row).get().verb == "inspections.inspection.plan"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"ends_on": date(2020, 1, 1)}, "The last day is before the first"),
        ({"starts_on": date(2019, 1, 1), "ends_on": date(2019, 1, 1)}, "not in force on that day"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_in_words(world: Cast, fields: dict[str, Any], says: str) -> None:
    answer = world.client("lead").post("/workspace/inspections/plan/", typed(world, **fields))
    assert (answer.status_code, says in answer.text) == (422, True)
    assert Inspection.objects.count() == 1


def test_a_regime_that_is_not_for_this_service_is_refused(world: Cast) -> None:
    scotland = regime_of(world.inspectorate, world.edition, nations=["scotland"])
    with pytest.raises(ValidationError, match="not for services of this kind or nation"):
        planning.plan(scotland, world.service, values(), by=world.who("lead"))


@pytest.mark.parametrize("name", ["cleared", "reviewer", "manager", "rival", "other_inspector", "administrator"])
def test_only_who_leads_inspections_there_plans_one(world: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        planning.plan(world.regime, world.service, values(), by=world.who(name))


def test_who_was_barred_from_a_service_does_not_plan_the_next(world: Cast) -> None:
    with pytest.raises(ValidationError, match="barred"):
        planning.plan(world.regime, world.service, values(), by=world.who("barred"))


def test_free_words_of_a_plan_are_looked_through(world: Cast) -> None:
    client = world.client("lead")
    answer = client.post("/workspace/inspections/plan/", typed(world, reason="Amina Hassan, aged 17, called from 4 Harbour Street."))
    assert answer.status_code == 422
    for words in ("somebody’s name", "somebody’s age", "a street or a house number"):
        assert words in answer.text
    assert Inspection.objects.count() == 1


def test_the_year_plan_is_by_month_and_by_reader(world: Cast) -> None:
    late = planning.plan(world.regime, world.service, values(starts_on=date(2027, 11, 2), ends_on=date(2027, 11, 2)), by=world.who("lead"))
    page = world.client("other_lead").get("/workspace/inspections/?year=2027").text
    assert "November 2027" in page
    assert f'value="{timezone.localdate().year}" selected' in world.client("other_lead").get("/workspace/inspections/").text
    assert late.number in page
    assert late.number not in world.client("cleared").get("/workspace/inspections/?year=2027").text  # not on its team
    assert late.number not in world.client("other_inspector").get("/workspace/inspections/?year=2027").text
    assert "No inspection is like that" in world.client("other_lead").get("/workspace/inspections/?year=2027&status=closed").text


def test_c38_the_year_plan_asks_no_more_for_many(world: Cast) -> None:
    client, counts = world.client("other_lead"), []
    for more in (0, 12):
        for at in range(more):
            day = date(2027, 1 + at % 12, 5)
            planning.plan(world.regime, builders.service(world.provider), values(starts_on=day, ends_on=day), by=world.who("lead"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/workspace/inspections/?year=2027").status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1  # the team of rows is asked for only where there are rows
    assert counts[1] <= 25


def test_the_suggested_order_shows_every_reason_and_follows_its_rule(world: Cast) -> None:
    today = timezone.localdate()
    never, seen, named = (builders.service(world.provider, name=name) for name in ("A never", "B seen", "C named its gaps"))
    visited = planning.plan(world.regime, seen, values(), by=world.who("lead"))
    Inspection.objects.filter(pk=visited.pk).update(
        status="closed", starts_on=today - timedelta(days=31), ends_on=today - timedelta(days=30)
    )
    _share_with_gaps(world, named)
    world.fieldwork()
    finding(world, kind="serious_concern", severity="critical")
    rows = suggesting.suggest(world.who("other_lead"), today)
    ours = [row for row in rows if row.service.organisation_id == world.provider.pk]
    assert [row.service.name for row in ours] == [world.service.name, "C named its gaps", "A never", "B seen"]
    said = {row.service.name: row.reasons() for row in ours}
    assert said[world.service.name][0] == "1 serious concern in two years"
    assert said["C named its gaps"] == ["2 critical gaps it names itself", "never visited"]
    assert said["A never"] == ["never visited", "shares no self-assessment, so its gaps are not known here"]
    assert said["B seen"][0] == "30 days since the last visit"
    assert not any(hasattr(row, "score") for row in rows)
    page = world.client("other_lead").get("/workspace/inspections/order/?sort=visit&without_plan=on").text
    assert page.index("A never") < page.index("B seen")
    assert world.service.name not in page  # it has one in view
    assert never.name in page


def _share_with_gaps(world: Cast, service: Any) -> None:
    author, manager = builders.member(world.provider, Role.ASSESSOR), world.who("manager")
    row = assessments.draft(service, world.edition, author)
    row.submit(by=plans.fresh(author))
    row.approve(by=manager)
    row.share([world.inspectorate], by=plans.fresh(manager))


def test_perm_05_the_order_leaves_out_what_a_conflict_closed_and_counts_nothing_unshared(world: Cast) -> None:
    world.fieldwork()
    finding(world, kind="serious_concern", severity="critical")
    rows = suggesting.suggest(world.who("barred"), timezone.localdate())
    assert world.service.pk not in {row.service.pk for row in rows}
    elsewhere = regime_of(world.people["other_inspector"].memberships.get().organisation, world.edition)
    assert elsewhere.covers(world.service)
    row = next(row for row in suggesting.suggest(world.who("other_inspector"), timezone.localdate()) if row.service.pk == world.service.pk)
    assert (row.concerns, row.shares, row.critical_gaps, row.last_visit) == (0, False, 0, None)


def test_c38_the_order_asks_no_more_for_many(world: Cast) -> None:
    user, counts = world.who("other_lead"), []
    for more in (1, 10):
        for _at in range(more):
            _share_with_gaps(world, builders.service(world.provider))
        with CaptureQueriesContext(connection) as queries:
            suggesting.suggest(user, timezone.localdate())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_c3_two_change_a_plan_and_both_texts_are_shown(world: Cast) -> None:
    client, link = world.client("lead"), reverse("inspections:change", args=[world.row.pk])
    page = client.get(link)
    base = world.now().version
    world.now().change({"reason": "The other text."}, base=base, by=world.who("other_lead"))
    answer = client.post(
        link, {k: v for k, v in typed(world, reason="My text.").items() if k not in ("service", "regime")} | {"base": base}
    )
    assert (page.status_code, answer.status_code) == (200, 409)
    assert "The other text." in answer.text
    assert "My text." in answer.text
    assert world.now().reason == "The other text."
    with pytest.raises(Outdated):
        world.now().set_scope(world.standards(), base=base, by=world.who("lead"))


def test_what_was_announced_stays_as_announced(world: Cast) -> None:
    world.to("notified", notified_at=timezone.now())
    world.now().change({"notice": "none", "reason": "New."}, base=world.now().version, by=world.who("lead"))
    assert (world.now().notice, world.now().reason) == ("announced", "New.")


def test_scope_can_be_narrowed_and_keeps_what_has_findings(world: Cast) -> None:
    first, second = world.standards()
    client, link = world.client("lead"), reverse("inspections:scope", args=[world.row.pk])
    assert client.post(link, {"standards": [str(first.pk)], "base": world.now().version}).status_code == 302
    assert world.standards() == [first]
    world.fieldwork()
    finding(world)
    answer = client.post(link, {"standards": [str(second.pk)], "base": world.now().version})
    assert (answer.status_code, "Something was found or judged" in answer.text) == (422, True)
    assert client.post(link, {"standards": [], "base": world.now().version}).status_code == 422
    assert world.standards() == [first]


def test_an_inspection_is_announced_in_time_or_not_at_all(world: Cast) -> None:
    clear_the_rest(world)
    with pytest.raises(ValidationError, match="asks for more notice"):
        world.now().announce(by=world.who("other_lead"))
    later = timezone.localdate() + timedelta(days=30)
    world.to("planned", starts_on=later, ends_on=later)
    world.now().announce(by=world.who("other_lead"))
    assert (world.now().status, world.now().notified_at is not None) == ("notified", True)
    with pytest.raises(WrongState):
        world.now().announce(by=world.who("other_lead"))


def test_nothing_begins_before_everybody_declared_and_survivors_can_talk_safely(world: Cast) -> None:
    with pytest.raises(ValidationError, match="must have declared"):
        world.to("notified").begin_visit(by=world.who("lead"))
    clear_the_rest(world)
    with pytest.raises(ValidationError, match="how survivors can talk safely"):
        world.to("notified", safe_talk_plan=" ").begin_visit(by=world.who("lead"))
    world.to("planned", safe_talk_plan="A room.")
    with pytest.raises(ValidationError, match="Announce it to the provider first"):
        world.now().begin_visit(by=world.who("lead"))
    world.to("planned", notice="none").begin_visit(by=world.who("lead"))
    assert world.now().status == "fieldwork"


def test_feedback_is_on_a_day_of_the_visit_and_names_roles(world: Cast) -> None:
    world.fieldwork()
    client, link = world.client("lead"), reverse("inspections:take", args=[world.row.pk, "give_feedback"])
    today = timezone.localdate()
    for day, to, says in ((today - timedelta(days=9), "manager", "Choose a day"), (today, "Dr Smith", "somebody’s name")):
        answer = client.post(link, {"feedback_on": day.isoformat(), "feedback_to": to})
        assert (answer.status_code, says in answer.text) == (422, True)
    assert client.post(link, {"feedback_on": today.isoformat(), "feedback_to": "manager, two support workers"}).status_code == 302
    assert (world.now().status, world.now().feedback_on) == ("feedback_given", today)


def test_a_pause_ends_where_it_began_and_nobody_writes_meanwhile(world: Cast) -> None:
    world.fieldwork()
    world.now().pause(by=world.who("lead"))
    assert (world.now().status, world.now().is_writable) == ("paused", False)
    world.now().resume(by=world.who("lead"))
    assert (world.now().status, world.now().paused_from) == ("fieldwork", "")
    resumed = Event.objects.about(world.row).order_by("-pk")[0]
    assert (resumed.before, resumed.after) == ("paused", "fieldwork")


def test_a_grave_step_asks_for_a_recent_sign_in(world: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.accounts import recent  # the clock is moved for this test only

    client, link = world.client("lead"), reverse("inspections:take", args=[world.row.pk, "call_off"])
    now = recent.now()
    monkeypatch.setattr(recent, "now", lambda: now + 3600)
    assert client.post(link).status_code == 403
    assert world.now().status == "planned"
    monkeypatch.setattr(recent, "now", lambda: now)
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    assert world.now().status == "called_off"
    assert client.post(link).status_code == 409
