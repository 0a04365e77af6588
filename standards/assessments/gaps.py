"""Critical gaps: each needs an action, or a reason why there is none."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standards.actions.models import Action, NoActionReason, Source
from standards.assessments import scoring

if TYPE_CHECKING:
    from standards.assessments.models import Answer, Assessment


@dataclass(frozen=True)
class Gap:
    """An answer to a critical indicator that holds its standard down, and what was decided about it."""

    answer: "Answer"
    actions: tuple[Action, ...]
    reason: NoActionReason | None

    @property
    def is_decided(self) -> bool:
        """Something will be done, or somebody said why not."""
        return bool(self.actions) or self.reason is not None


def is_critical_gap(answer: "Answer") -> bool:
    """Whether scoring counts this answer as a critical gap."""
    return bool(scoring.work_out([_item(answer)]).critical_gaps)


def critical_gaps(assessment: "Assessment") -> list[Gap]:
    """Every critical gap, worst first, in three queries. Scoring itself says what is one."""
    answers = {
        answer.indicator.code: answer
        for answer in assessment.answers.filter(indicator__is_critical=True).select_related(
            "indicator__standard__chapter", "assessment__service"
        )
    }
    found = scoring.work_out(_item(answer) for answer in answers.values()).critical_gaps
    rows = [answers[item.indicator] for item in found]
    return _decided(rows)


def undecided(assessment: "Assessment") -> list[Gap]:
    """The gaps for which there is neither an action nor a reason: they stand in the way of sending."""
    return [gap for gap in critical_gaps(assessment) if not gap.is_decided]


def _decided(answers: Iterable["Answer"]) -> list[Gap]:
    answers = list(answers)
    ids = [answer.pk for answer in answers]
    actions: dict[object, list[Action]] = defaultdict(list)
    planned = Action.objects.of_source(Source.ANSWER, ids).exclude(status=Action.Status.CANCELLED).select_related("owner")
    for action in planned:
        actions[action.source_id].append(action)
    reasons = {reason.source_id: reason for reason in NoActionReason.objects.of_source(Source.ANSWER, ids).select_related("given_by")}
    return [Gap(answer, tuple(actions[answer.pk]), reasons.get(answer.pk)) for answer in answers]


def _item(answer: "Answer") -> scoring.Item:
    indicator = answer.indicator
    return scoring.Item(
        indicator.code, indicator.standard.code, indicator.standard.chapter.code, answer.value, indicator.weight, indicator.is_critical,
        not answer.is_unconfirmed,
    )  # fmt: skip
