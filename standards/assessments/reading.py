"""How answers become figures: the one way in which page, list, export and dashboard get theirs (C7).

``scoring`` knows the arithmetic and no database; this knows the rows and no arithmetic. Nothing is stored beside the answers,
so no figure can be older than what it is about.
"""

from collections.abc import Iterable
from uuid import UUID

from standards.assessments.freezing import items_of
from standards.assessments.models import Answer, Assessment
from standards.assessments.scoring import Item, Result, work_out

COLUMNS = (
    "assessment_id", "indicator__code", "indicator__standard__code", "indicator__standard__chapter__code", "value", "indicator__weight",
    "indicator__is_critical", "carried_from_id", "confirmed_at",
)  # fmt: skip


def score(assessment: Assessment) -> Result:
    """The figures of one assessment as its answers stand now. One query."""
    return scores([assessment])[assessment.pk]


def scores(assessments: Iterable[Assessment]) -> dict[UUID, Result]:
    """The figures of several, by id. One query, however many they are and however many answers they have."""
    items: dict[UUID, list[Item]] = {assessment.pk: [] for assessment in assessments}
    rows = Answer.objects.filter(assessment__in=list(items)).in_order().values_list(*COLUMNS)
    for pk, indicator, standard, chapter, value, weight, is_critical, carried_from, confirmed_at in rows:
        is_confirmed = carried_from is None or confirmed_at is not None
        items[pk].append(Item(indicator, standard, chapter, value, weight, is_critical, is_confirmed))
    return {pk: work_out(found) for pk, found in items.items()}


def score_of(answers: Iterable[Answer]) -> Result:
    """The figures of answers that were read already, in reading order, with their indicators. No query."""
    return work_out(items_of(answers))
