"""The life of an inspection as a machine driven at random: nothing illegal ever happens, an illegal try writes nothing (PERM-12)."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.steps import WrongState
from standards.inspections.models import Finding, Inspection
from tests.integration.standards.inspections.cast import CANARY, PEOPLE, Cast, cast, clear_the_rest, finding

LEADS: dict[str, tuple[set[str], str]] = {
    "announce": ({"planned"}, "notified"), "begin_visit": ({"planned", "notified"}, "fieldwork"),
    "give_feedback": ({"fieldwork"}, "feedback_given"), "begin_report": ({"feedback_given"}, "reporting"),
    "close": ({"reporting"}, "closed"),
    "pause": ({"notified", "fieldwork", "feedback_given", "reporting"}, "paused"), "resume": ({"paused"}, ""),
    "call_off": ({"planned", "notified"}, "called_off"),
}  # fmt: skip
PLANNERS = {"lead", "other_lead"}
MAY: dict[str, set[str]] = {name: PLANNERS if name in ("announce", "call_off") else {"lead"} for name in LEADS}
KNOWN = {"notified", "fieldwork", "feedback_given", "reporting", "closed", "paused"}
READERS = ("lead", "cleared", "undeclared", "barred", "unassigned", "other_lead", "reviewer", "manager", "rival")
FOOTPRINT = """
    SELECT version, status, paused_from, blind_seed, feedback_to, notified_at, (SELECT count(*) FROM audit_event),
           (SELECT count(*) FROM inspections_blindview) FROM inspections_inspection WHERE id = %s
"""
COUNTS = {"tries": 0, "taken": 0}


class Life(RuleBasedStateMachine):
    """Everybody tries everything. ``state`` is what the model says it should be."""

    world: ClassVar[Cast]
    people: ClassVar[dict[str, Any]]

    @initialize(notice=st.sampled_from(("announced", "none")))
    def begin(self, notice: str) -> None:
        self.point = transaction.savepoint()
        self.state, self.paused_from, self.was_announced, self.notice = "planned", "", False, notice
        Inspection.objects.filter(pk=self.world.row.pk).update(notice=notice)
        self.last = self.footprint()

    def teardown(self) -> None:
        if hasattr(self, "point"):
            transaction.savepoint_rollback(self.point)

    @rule(who=st.sampled_from(("lead",) * 14 + ("other_lead",) * 3 + PEOPLE), name=st.sampled_from(sorted(LEADS)), empty=st.booleans())
    def take(self, who: str, name: str, empty: bool) -> None:
        self.attempt(who, name, empty)

    @rule(at=st.integers(0, 7))
    def go_on(self, at: int) -> None:
        """Its lead takes one of the steps that are open: otherwise chance alone would hardly ever come as far as a report."""
        legal = [name for name in sorted(LEADS) if self.state in LEADS[name][0]]
        if legal:
            self.attempt("lead", legal[at % len(legal)], False)

    def attempt(self, who: str, name: str, empty: bool) -> None:
        COUNTS["tries"] += 1
        sources, to = LEADS[name]
        is_legal = self.state in sources and who in MAY[name]
        is_said = not (
            (name == "announce" and self.notice == "none")
            or (name == "begin_visit" and self.state == "planned" and self.notice != "none")
            or (name == "give_feedback" and empty)
        )
        arguments = [timezone.localdate(), "" if empty else "manager"] if name == "give_feedback" else []
        try:
            with transaction.atomic():
                getattr(self.world.now(), name)(*arguments, by=self.people[who])
        except (PermissionDenied, WrongState, ValidationError) as refused:
            assert not is_legal or (not is_said and isinstance(refused, ValidationError)), (name, who, self.state, refused)
            assert self.footprint() == self.last, "an illegal try wrote something"
        else:
            COUNTS["taken"] += 1
            assert is_legal, (name, who, self.state)
            assert is_said
            self.move(name, to)
            self.last = self.footprint()
            self.look()

    def footprint(self) -> tuple[Any, ...]:
        """Everything that a step writes, in one query."""
        with connection.cursor() as cursor:
            cursor.execute(FOOTPRINT, [self.world.row.pk])
            return tuple(cursor.fetchone())

    def move(self, name: str, to: str) -> None:
        if name == "pause":
            self.paused_from = self.state
        self.state = self.paused_from if name == "resume" else to
        self.was_announced = self.was_announced or name == "announce"

    @invariant()
    def stands(self) -> None:
        if hasattr(self, "state"):
            assert Inspection.objects.values_list("status", flat=True).get(pk=self.world.row.pk) == self.state

    def look(self) -> None:
        """After every step that was taken: who sees it, and that nothing of its content is anywhere it should not be."""
        sees = {name: Inspection.objects.content_for(self.people[name]).allows(self.world.row) for name in READERS}
        assert {name for name, sees_it in sees.items() if sees_it} == {"lead", "cleared"} | (
            {"reviewer"} if self.state in ("reporting", "closed") else set()
        )
        known = Inspection.objects.announced_to(self.people["manager"]).allows(self.world.row)
        assert known == (self.was_announced or self.state in KNOWN - {"notified"})
        assert Finding.objects.opened_to(self.people["manager"]).count() == 0


@pytest.mark.django_db
def test_perm_12_no_order_of_acts_leads_anywhere_illegal(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    world = cast()
    clear_the_rest(world)
    # A visit that began today can be announced and fed back on today only if the regime asks for no notice.
    type(world.regime).objects.filter(pk=world.regime.pk).update(deadlines={"drafting": {"days": 15, "unit": "working", "source": "test"}})
    finding(world, text=CANARY)
    Inspection.objects.filter(pk=world.row.pk).update(ends_on=timezone.localdate() + timedelta(days=5))
    Life.world = world
    Life.people = {name: world.who(name) for name in PEOPLE}
    COUNTS.update(tries=0, taken=0)
    run_state_machine_as_test(
        Life,
        settings=settings(max_examples=90, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck), database=None),
    )
    with capsys.disabled():
        print(f" [{COUNTS['tries']} tries, {COUNTS['taken']} steps taken]", end="")
    assert COUNTS["tries"] >= 2000
    assert COUNTS["taken"] > 150
