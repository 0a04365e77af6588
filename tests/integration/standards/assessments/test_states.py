"""The life of an assessment as a machine that is driven at random: nothing illegal ever happens, and an illegal try writes nothing."""

from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal import hashing
from portal.steps import WrongState
from standards.assessments.models import Assessment
from tests.integration.standards.assessments.cast import Cast, cast

PEOPLE = ("manager", "assessor", "reader", "rival_manager", "inspector", "stranger")
LEADS: dict[str, tuple[set[str], str]] = {
    "submit": ({"draft"}, "in_review"), "send_back": ({"in_review"}, "draft"), "approve": ({"in_review"}, "approved"),
    "share": ({"approved", "kept_private", "shared"}, "shared"), "unshare": ({"shared"}, "shared"),
    "keep_private": ({"approved", "shared"}, "kept_private"), "reopen": ({"approved", "shared", "kept_private"}, "draft"),
    "archive": ({"approved", "shared", "kept_private"}, "archived"),
}  # fmt: skip
MAY: dict[str, set[str]] = {name: ({"manager", "assessor"} if name == "submit" else {"manager"}) for name in LEADS}
FOOTPRINT = """
    SELECT version, status, revision, (SELECT count(*) FROM audit_event), (SELECT count(*) FROM assessments_snapshot),
           (SELECT count(*) FROM assessments_share), (SELECT count(*) FROM assessments_approval), (SELECT count(*) FROM assessments_remark)
    FROM assessments_assessment WHERE id = %s
"""
STEPS = {"count": 0, "taken": 0}


class Life(RuleBasedStateMachine):
    """Everybody tries everything. ``state`` is what the model says it should be."""

    world: ClassVar[Cast]
    people: ClassVar[dict[str, Any]]

    @initialize()
    def begin(self) -> None:
        self.point = transaction.savepoint()
        self.state, self.revision, self.frozen = "draft", 1, 0
        self.last = self.footprint()
        self.is_shared = False

    def teardown(self) -> None:
        if hasattr(self, "point"):
            transaction.savepoint_rollback(self.point)

    @rule(who=st.sampled_from(("manager",) * 6 + PEOPLE), name=st.sampled_from(sorted(LEADS)), empty=st.booleans())
    def take(self, who: str, name: str, empty: bool) -> None:
        STEPS["count"] += 1
        row, by = self.world.now(), self.people[who]
        arguments: dict[str, list[Any]] = {
            "send_back": ["" if empty else "No."], "reopen": ["" if empty else "Why."], "unshare": [self.world.inspectorate],
            "share": [[] if empty else [self.world.inspectorate]],
        }  # fmt: skip
        sources, to = LEADS[name]
        is_legal = self.state in sources and who in MAY[name]
        is_said = not (empty and name in ("send_back", "reopen", "share"))
        try:
            with transaction.atomic():
                getattr(row, name)(*arguments.get(name, []), by=by)
        except (PermissionDenied, WrongState, ValidationError) as refused:
            assert not is_legal or (not is_said and isinstance(refused, ValidationError))
            assert self.footprint() == self.last, "an illegal try wrote something"
        else:
            STEPS["taken"] += 1
            assert is_legal
            assert is_said
            self.move(name, to)
            self.look()
            self.last = self.footprint()

    def footprint(self) -> tuple[Any, ...]:
        """Everything that a step writes, in one query."""
        with connection.cursor() as cursor:
            cursor.execute(FOOTPRINT, [self.world.row.pk])
            return tuple(cursor.fetchone())

    def move(self, name: str, to: str) -> None:
        self.state = to
        self.frozen += name == "submit"
        self.revision += name in ("send_back", "reopen")
        self.is_shared = {"share": True}.get(name, self.is_shared and name not in ("unshare", "keep_private", "reopen", "archive"))

    @invariant()
    def stands(self) -> None:
        if not hasattr(self, "state"):
            return
        row = self.world.now()
        assert (row.status, row.revision) == (self.state, self.revision)
        assert bool(row.approved_at) == (self.state in {"approved", "shared", "kept_private", "archived"})

    def look(self) -> None:
        """After every step that was taken."""
        row = self.world.now()
        assert row.snapshots.count() == self.frozen
        assert Assessment.objects.visible_to(self.people["inspector"]).filter(pk=row.pk).exists() == self.is_shared
        if self.state != "draft":
            assert hashing.is_intact(row.snapshots.get(revision=row.revision))


@pytest.mark.django_db
def test_perm_12_no_order_of_acts_leads_anywhere_illegal(db: None) -> None:
    Life.world = cast(indicators=1)
    Life.people = {name: Life.world.who(name) for name in PEOPLE}
    STEPS.update(count=0, taken=0)
    run_state_machine_as_test(
        Life,
        settings=settings(max_examples=45, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck), database=None),
    )
    assert STEPS["count"] >= 2000
    assert STEPS["taken"] > 100
