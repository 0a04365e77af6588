"""PERM-12: a report under random steps of random people in random order; WALKS=20 takes 20,000 of them.

No illegal state, no write where it is refused, nothing public before somebody published it. The table below was written from the
domain research, part 4.5, and not from the code.
"""

import itertools
import json
import os
import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from portal.steps import WrongState
from standards.reports import filing
from standards.reports.models import Rendition, Report, Statement
from tests.integration.standards.reports.cast import Cast, begin, cast, fill, inspection_of

pytestmark = pytest.mark.django_db
WALKS, STEPS = int(os.environ.get("WALKS", "2")), 1000  # each walk is a transaction of its own, with dice of its own
CANARY = "CNRY-statements-text"
TEAM, LEAD, REVIEWER = {"lead", "inspector"}, {"lead"}, {"reviewer"}
PUBLISHERS, PROVIDER, CLOCK = {"publisher", "publisher_2"}, {"manager"}, {None}
DRAFTS = ("draft_issued", "comments_open", "comments_closed", "comments_review")
ISSUED = ("published", "shared_restricted", "withheld", "action_plan_due", "action_plan_agreed", "follow_up", "closed")
PAUSABLE = ("drafting", "internal_review", "comments_open", "comments_closed", "comments_review", "final_agreed", "publication_check")
# step → from which states, to which (None: stays), by whom
TABLE: dict[str, tuple[tuple[str, ...], str | None, set[Any]]] = {
    "send_to_review": (("drafting",), "internal_review", TEAM),
    "return_to_team": (("internal_review",), "drafting", REVIEWER),
    "approve_draft": (("internal_review",), None, REVIEWER),
    "issue_draft": (("internal_review",), "draft_issued", LEAD),
    "open_comments": (("draft_issued",), "comments_open", CLOCK),
    "extend": (("comments_open",), None, LEAD),
    "send_answers": (("comments_open",), "comments_closed", PROVIDER),
    "close_comments": (("comments_open",), "comments_closed", CLOCK),
    "begin_decisions": (("comments_closed",), "comments_review", REVIEWER),
    "sign_decisions": (("comments_review",), None, REVIEWER),
    "agree_final": (("comments_review",), "final_agreed", LEAD),
    "begin_check": (("final_agreed",), "publication_check", PUBLISHERS),
    "issue_restricted": (("publication_check",), "shared_restricted", PUBLISHERS),
    "publish": (("publication_check", "shared_restricted", "withheld"), "published", PUBLISHERS),
    "withhold": (("publication_check",), "withheld", PUBLISHERS),
    "issue_more": (tuple(state for state in ISSUED if state != "withheld"), None, PUBLISHERS),
    "ask_for_answers": (("published", "shared_restricted", "withheld"), "action_plan_due", LEAD),
    "agree_answers": (("action_plan_due",), "action_plan_agreed", LEAD),
    "begin_follow_up": (("action_plan_agreed",), "follow_up", LEAD),
    "close": (("follow_up",), "closed", LEAD),
    "pause": (PAUSABLE, "paused", LEAD),
    "resume": (("paused",), None, LEAD),
    "give_up": (("drafting", "internal_review", *DRAFTS), "withdrawn", LEAD),
    "withdraw": (("final_agreed", "publication_check", *ISSUED), "withdrawn", PUBLISHERS),
    "supersede": (ISSUED, "superseded", CLOCK),
}  # fmt: skip


def test_perm_12_the_code_has_exactly_the_steps_of_the_table() -> None:
    assert {name: (set(step.sources), step.to) for name, step in Report.STEPS.items()} == {
        name: (set(sources), to) for name, (sources, to, _who) in TABLE.items()
    }


@dataclass
class Walk:
    """One report at a time, and what was seen of it."""

    world: Cast
    dice: random.Random
    people: dict[Any, Any]
    report: Report
    tries: int = 0
    taken: int = 0
    states: set[str] = field(default_factory=set)
    edges: set[tuple[str, str, str]] = field(default_factory=set)

    def fresh(self) -> Report:
        found: Report = Report.objects.select_related("inspection__regime__edition").get(pk=self.report.pk)
        return found

    def arguments(self, step: str) -> tuple[Any, ...]:
        """Mostly right ones."""
        words = self.dice.choice(["A reason.", "A reason.", "A reason.", " "])
        day = timezone.localdate() + timedelta(days=self.dice.choice([-1, 30, 60]))
        return {
            "return_to_team": (words,), "issue_draft": ([self.people[self.dice.choice(["manager", "manager", "reader"])]],),
            "extend": (day, words), "issue_restricted": ([self.dice.choice([self.world.oversight, self.world.oversight,
            self.world.rival])], words),
            "issue_more": ([self.world.oversight], words), "publish": (words,), "withhold": (words,), "pause": (words,),
            "give_up": (words,),
            "withdraw": (words,), "supersede": (self.report,),
        }.get(step, ())  # fmt: skip

    def turn(self) -> None:
        """Somebody tries something."""
        self.tries += 1
        before = self.report
        # Half of the tries aim at a step of this state by who may; the rest are anything by anybody. Ends are rare, so that walks are long.
        step, who = self.dice.choice(list(TABLE)), self.dice.choice(list(self.people))
        if self.dice.random() < 0.5:
            ends = () if self.dice.random() < 0.03 else ("give_up", "withdraw", "supersede")
            fitting = [name for name, (sources, _to, _who) in TABLE.items() if before.status in sources and name not in ends]
            step = self.dice.choice(fitting or [step])
            who = self.dice.choice(list(TABLE[step][2]))
        was = (before.status, before.version, before.paused_from)
        try:
            with transaction.atomic():
                getattr(before, step)(*self.arguments(step), by=self.people[who])
        except (PermissionDenied, ValidationError, WrongState):
            if self.dice.random() < 0.05:  # what was refused wrote nothing
                row = self.fresh()
                assert (row.status, row.version, row.paused_from) == was, (step, who, was)
            return
        self.taken += 1
        self.check(step, who, was)

    def check(self, step: str, who: Any, was: tuple[str, int, str]) -> None:
        """What was taken was in the table, and what follows holds."""
        sources, to, whose = TABLE[step]
        row = self.report = self.fresh()
        assert was[0] in sources, (step, was)
        assert who in whose, (step, who)
        assert row.status == (was[2] if step == "resume" else to or was[0])
        assert row.version == was[1] + 1
        self.states.add(row.status)
        self.edges.add((was[0], step, row.status))
        versions = set(row.versions.values_list("kind", flat=True))
        assert ("draft" in versions) >= (row.status in DRAFTS)
        assert ("final" in versions) >= (row.status in ("final_agreed", "publication_check", *ISSUED))
        assert (row.reviewed_by_id is not None) >= (row.status in (*DRAFTS, *ISSUED))
        self.embargo(row)

    def embargo(self, row: Report) -> None:
        """Nothing of it is public unless it was published and stands; nobody reads a draft it was not sent to."""
        is_out = Rendition.objects.public().filter(version__report=row).exists()
        was_out = Rendition.objects.ever_public().filter(version__report=row).exists()
        assert is_out <= (row.status in ("published", *ISSUED[3:], "superseded")), row.status
        if row.status in ("drafting", "internal_review", *DRAFTS, "final_agreed", "publication_check", "shared_restricted", "withheld"):
            assert not was_out
        if row.status == "withdrawn":
            assert not Rendition.objects.filter(version__report=row, withdrawn_at__isnull=True).exists()
        if row.status in ("drafting", "internal_review"):
            assert not Report.objects.visible_to(self.people["manager"]).filter(pk=row.pk).exists()
        if self.dice.random() < 0.02:
            for address in ("/en/inspections/", "/cy/inspections/", "/en/a-z/"):
                assert CANARY not in Client().get(address).content.decode()

    def act(self) -> None:
        """What happens beside the steps: proofs arrive, time passes, a summary is prepared and approved."""
        row = self.report
        if row.status == "draft_issued" and self.dice.random() < 0.3:
            for recipient in row.recipients.select_related("user"):
                filing.confirm(row, recipient)
        elif row.status == "comments_open" and self.dice.random() < 0.1:
            Report.objects.filter(pk=row.pk).update(comments_due_at=timezone.now() - timedelta(seconds=1))
        elif (
            row.status == "publication_check"
            and self.dice.random() < 0.15
            and not Rendition.objects.filter(version__report=row, kind="public")
        ):
            self.world.made = [row]
            self.world.checked("public", "Staff are kind and well trained.")
        elif row.status in ("action_plan_due", "follow_up") and self.dice.random() < 0.3:
            row.items.update(addressee="commissioner", status="closed")
        self.report = self.fresh()


def another(world: Cast) -> Report:
    """Another inspection of the same world, with its report."""
    inspection = inspection_of(world.regime, world.service, world.people)
    fill(inspection, 3, world.people["inspector"])
    world.inspection, world.made = inspection, []
    report = begin(world)
    Statement.objects.filter(report=report, asserts_fact=True).update(text=CANARY)
    return report


@pytest.mark.parametrize("seed", range(WALKS))
def test_perm_12_random_steps_of_random_people(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    world = cast(begun=False)
    people = {name: world.who(name) for name in world.people} | {None: None}
    dice = random.Random(seed)  # noqa: S311 - dice of a test
    walk = Walk(world, dice, people, another(world))
    for number in itertools.count(1):
        if walk.tries >= STEPS:
            break
        if (walk.report.status in ("withdrawn", "superseded", "closed") and dice.random() < 0.1) or number % 400 == 0:
            walk.report = another(world)
        walk.turn()
        if dice.random() < 0.2:
            walk.act()
    with capsys.disabled():
        print(f" [{walk.tries} tries, {walk.taken} taken, {len(walk.states)} states, {len(walk.edges)} edges]", end="")
    assert walk.taken > STEPS / 10
    assert {"internal_review", "comments_open", "comments_review"} <= walk.states
    assert CANARY not in json.dumps([row.content for row in Rendition.objects.filter(kind="public")])
