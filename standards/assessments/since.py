"""What changed since an answer was given last time: its evidence, its actions, the wording, the people."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.roles import Can, roles_that
from providers.organisations.models import Membership
from standards.actions.models import Action, Source
from standards.assessments.differences import Piece, difference
from standards.assessments.models import Answer, Assessment
from standards.catalogue.models import Erratum


@dataclass(frozen=True)
class Change:
    """One thing that changed. ``about`` is the title of what it is about, as people typed it; ``words`` says what happened."""

    kind: str
    words: str
    about: str = ""


@dataclass(frozen=True)
class Carried:
    """A carried answer with everything one needs to say whether it is still true."""

    answer: Answer
    changes: tuple[Change, ...]
    wording: tuple[Piece, ...] = ()  # the indicator's words then and now, where they differ

    @property
    def is_quiet(self) -> bool:
        """Nothing changed that we know of."""
        return not self.changes and not self.wording


def carried(assessment: Assessment, day: date) -> list[Carried]:
    """Every unconfirmed answer in reading order, with what changed since. The number of queries does not grow with the answers."""
    rows = assessment.answers.unconfirmed().select_related(
        "indicator__standard__chapter", "answered_by", "carried_from__indicator", "carried_from__assessment"
    )
    in_order = rows.order_by("indicator__standard__chapter__order", "indicator__standard__order", "indicator__order")
    return describe(assessment, list(in_order.prefetch_related("evidence")), day)


def describe(assessment: Assessment, answers: list[Answer], day: date) -> list[Carried]:
    """``answers`` with what changed since. Three queries."""
    actions: dict[uuid.UUID | None, list[Action]] = defaultdict(list)
    for action in Action.objects.of_source(Source.ANSWER, [answer.carried_from_id for answer in answers if answer.carried_from_id]):
        actions[action.source_id].append(action)
    here = set(
        Membership.objects.current()
        .filter(organisation=assessment.organisation_id, role__in=roles_that(Can.ASSESS))
        .values_list("user", flat=True)
    )
    errata: dict[str, list[Erratum]] = defaultdict(list)
    for erratum in Erratum.objects.filter(edition=assessment.edition_id):
        errata[erratum.item_code].append(erratum)
    return [
        Carried(
            answer,
            (*_evidence(answer, assessment, day), *_actions(actions[answer.carried_from_id], day), *_people(answer, here)),
            tuple(_wording(answer, errata)),
        )
        for answer in answers
    ]


def _evidence(answer: Answer, assessment: Assessment, day: date) -> Iterable[Change]:
    for item in answer.evidence.all():
        if item.retired_at:
            yield Change("retired", _("Evidence was put aside"), item.title)
        elif item.period_end < assessment.period_start:
            yield Change("outside", _("Evidence ends before the period of this assessment"), item.title)
        elif item.review_on < day:
            yield Change("review", _("Evidence is past its review date"), item.title)


def _actions(actions: Iterable[Action], day: date) -> Iterable[Change]:
    said: dict[str, Any] = {
        Action.Status.OPEN: _("An action has not begun"), Action.Status.IN_PROGRESS: _("An action is under way"),
        Action.Status.DONE: _("An action is done, not yet verified"), Action.Status.VERIFIED: _("An action is done and verified"),
        Action.Status.CANCELLED: _("An action was cancelled"),
    }  # fmt: skip
    for action in actions:
        yield Change("action", _("An action is overdue") if action.is_overdue(day) else said[action.status], action.what)


def _people(answer: Answer, here: set[Any]) -> Iterable[Change]:
    if answer.answered_by_id and answer.answered_by_id not in here:
        yield Change("left", _("Whoever answered last time does not work on assessments here any more"), str(answer.answered_by))


def _wording(answer: Answer, errata: dict[str, list[Erratum]]) -> list[Piece]:
    then = answer.carried_from
    assert then is not None  # noqa: S101 - asked of carried answers only
    if then.indicator_id != answer.indicator_id and then.indicator.text != answer.indicator.text:
        return difference(then.indicator.text, answer.indicator.text)
    sent = then.assessment.submitted_at
    newer = [erratum for erratum in errata[answer.indicator.code] if erratum.field == "text" and sent and erratum.recorded_at > sent]
    return difference(newer[0].before, newer[-1].after) if newer else []
