"""What stands in the way of sending an assessment: every problem at once, each with the answer it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from standards.assessments import gaps, scoring

if TYPE_CHECKING:
    from standards.assessments.models import Answer, Assessment

WORDS: dict[str, Any] = {
    "unanswered": _("No answer yet."),
    "unconfirmed": _("From last time; nobody has said that it is still true."),
    "no_reason": _("“Does not apply” needs a reason."),
    "no_support": _("“Mostly met” and “fully met” need evidence or an explanation."),
    "no_action": _("A critical gap: plan an action, or say why nothing will be done."),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is missing. ``kind`` is a key of ``WORDS``."""

    kind: str
    answer: "Answer"

    @property
    def code(self) -> str:
        """Of the indicator."""
        return self.answer.indicator.code

    @property
    def words(self) -> str:
        """For people."""
        return str(WORDS[self.kind])


def problems(assessment: "Assessment", answers: Iterable["Answer"]) -> list[Problem]:
    """Everything that is missing, in reading order. ``answers``: all of them, with indicator and evidence. Three queries."""
    undecided = {gap.answer.pk for gap in gaps.undecided(assessment)}
    found = []
    for answer in answers:
        kind = missing(answer)
        if kind:
            found.append(Problem(kind, answer))
        if answer.pk in undecided and kind not in {"unanswered", "unconfirmed"}:
            found.append(Problem("no_action", answer))
    return found


def missing(answer: "Answer") -> str:
    """What an answer still needs by itself: a key of ``WORDS``, or nothing. Without evidence read beforehand, at most one query."""
    if not answer.value:
        return "unanswered"
    if answer.is_unconfirmed:
        return "unconfirmed"
    if answer.value == scoring.NOT_APPLICABLE:
        return "" if answer.comment.strip() else "no_reason"
    supported = answer.comment.strip() or any(item.retired_at is None for item in answer.evidence.all())
    return "no_support" if answer.value in {"mostly_met", "fully_met"} and not supported else ""


def refusal(found: Iterable[Problem]) -> ValidationError:
    """All of them in one error: each names the indicator's code, and carries the answer's id for a link."""
    return ValidationError(
        [
            ValidationError("%(indicator)s: %(words)s", code=problem.kind, params={
                "indicator": problem.code, "words": problem.words, "answer": str(problem.answer.pk),
            })
            for problem in found
        ]
    )  # fmt: skip
