"""What a page of questions shows: each with its words, its answer, what it still needs and what stands beside it.

The number of queries is the same for thirty questions and for three hundred.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse

from standards.assessments import readiness, scoring
from standards.assessments.models import Answer, Assessment, Remark
from standards.assessments.models.answers import Confidence, Value
from standards.catalogue.models import Chapter
from standards.catalogue.wording import Wording, wording

KEYS = ("1", "2", "3", "4", "5")  # of the values, in their order
STILL_NEEDED = ("no_reason", "no_support")  # what an answer says about itself; that it is empty can be seen
MOST = 300  # questions on one page
NOBODY = uuid.UUID(int=0)
VALUES, CONFIDENCES = "standards/assessments/fields/values.html", "standards/assessments/fields/confidences.html"


class Drawn(dict[str, str]):
    """The same fields for every question, drawn once for each choice that can stand in them: a page of hundreds asks for few."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.template = template

    def __missing__(self, chosen: str) -> str:
        self[chosen] = render_to_string(self.template, {**choices(), "chosen": chosen})
        return self[chosen]


class Page:
    """What all questions of one page have in common."""

    def __init__(self) -> None:
        self.values, self.confidences = Drawn(VALUES), Drawn(CONFIDENCES)
        self.patterns = {name: reverse(f"assessments:{name}", args=[NOBODY]) for name in ("answer", "history", "evidence_for")}

    def address(self, name: str, answer: Answer) -> str:
        """As ``reverse``, which is slow for hundreds."""
        return self.patterns[name].replace(str(NOBODY), str(answer.pk))


@dataclass(frozen=True)
class Row:
    """One question and its answer as a page shows them. ``needed``: words, or nothing."""

    answer: Answer
    code: str
    text: Wording
    good: Wording
    weak: Wording
    hints: Wording
    needed: str
    is_critical: bool
    remarks: int
    page: Page
    key: uuid.UUID = field(default_factory=uuid.uuid4)  # of the next save, for who has no script

    @property
    def values(self) -> str:
        """The radio buttons, with this answer's chosen."""
        return self.page.values[self.answer.value]

    @property
    def confidences(self) -> str:
        """The options of how well it can be shown."""
        return self.page.confidences[self.answer.confidence]

    @property
    def address(self) -> str:
        """Where it is saved."""
        return self.page.address("answer", self.answer)

    @property
    def history(self) -> str:
        """Where everything that was ever sent for it is read."""
        return self.page.address("history", self.answer)

    @property
    def proof(self) -> str:
        """Where evidence is put under it."""
        return self.page.address("evidence_for", self.answer)


@dataclass(frozen=True)
class Group:
    """A standard with its questions. ``chapter`` is its title, shown where the chapter changes."""

    chapter: Wording
    standard: Any
    title: Wording
    statement: Wording
    rows: tuple[Row, ...]
    begins_chapter: bool
    examples: list[Any] = field(default_factory=list)  # how others do it
    counts: list[Any] = field(default_factory=list)  # of one's own, which can show it


@dataclass(frozen=True)
class Line:
    """A chapter in an overview: its words and its figures."""

    chapter: Chapter
    title: Wording
    score: scoring.Score


def answers(assessment: Assessment, chapter: str = "") -> Any:
    """The answers of ``assessment``, or of one chapter by its code, in reading order with all that a page shows."""
    rows = assessment.answers.in_order().select_related("indicator__standard__chapter", "answered_by")
    if chapter:
        rows = rows.filter(indicator__standard__chapter__code=chapter)
    return rows.prefetch_related("evidence")


def rows(found: Iterable[Answer], assessment: Assessment, user: Any) -> list[Row]:
    """``found`` as rows. One query, for the remarks."""
    found = list(found)
    open_remarks = Remark.objects.visible_to(user).unsettled().filter(assessment=assessment, answer__in=[row.pk for row in found])
    remarks = dict(open_remarks.order_by().values_list("answer").annotate(Count("pk")))
    page = Page()
    return [_row(answer, assessment, remarks.get(answer.pk, 0), page) for answer in found]


def _row(answer: Answer, assessment: Assessment, remarks: int, page: Page) -> Row:
    indicator = answer.indicator
    answer.assessment = assessment  # the same for all: asking each would be a query each
    text, good, weak, hints = (wording(indicator, name) for name in ("text", "good_practice", "weak_practice", "evidence_hints"))
    return Row(answer, indicator.code, text, good, weak, hints, still_needed(answer), indicator.is_critical, remarks, page)


def still_needed(answer: Answer) -> str:
    """What an answer lacks before it can be sent, in words; nothing stands in the way of saving it."""
    kind = readiness.missing(answer)
    return str(readiness.WORDS[kind]) if kind in STILL_NEEDED else ""


def groups(
    shown: Iterable[Row], examples: Mapping[Any, list[Any]] | None = None, counts: Mapping[str, list[Any]] | None = None
) -> Iterator[Group]:
    """Rows by standard. ``examples``: what stands beside each, by its id; ``counts``: of one's own, by its code."""
    before, beside, own = None, examples or {}, counts or {}
    for standard, members in groupby(shown, lambda row: row.answer.indicator.standard):
        chapter = standard.chapter
        title, statement = wording(standard, "title"), wording(standard, "statement")
        yield Group(
            wording(chapter, "title"), standard, title, statement, tuple(members), chapter.pk != before, beside.get(standard.pk, []),
            own.get(standard.code, []),
        )  # fmt: skip
        before = chapter.pk


def lines(assessment: Assessment, result: scoring.Result) -> list[Line]:
    """The chapters that ask something of this assessment, with their figures. One query."""
    chapters = {chapter.code: chapter for chapter in Chapter.objects.filter(edition=assessment.edition_id)}
    return [Line(chapters[score.code], wording(chapters[score.code], "title"), score) for score in result.chapters]


def choices() -> dict[str, list[tuple[str, ...]]]:
    """What the radio buttons and the list of every question offer: the same, so worked out once a page."""
    values: list[tuple[str, ...]] = [(key, value, str(label)) for key, (value, label) in zip(KEYS, Value.choices, strict=True)]
    return {"values": values, "confidences": [(value, str(label)) for value, label in Confidence.choices]}
