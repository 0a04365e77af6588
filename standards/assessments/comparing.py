"""Two assessments of one service, indicator by indicator; and its approved figures over the years."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from standards.assessments import freezing, scoring
from standards.assessments.carrying import crossing
from standards.assessments.differences import Piece, difference
from standards.assessments.frozen import result_of, rows_of, words
from standards.assessments.models import Assessment, Snapshot
from standards.catalogue.models import Crosswalk, Indicator


@dataclass(frozen=True)
class Line:
    """One answer of one side."""

    code: str
    chapter: str  # code
    chapter_title: str
    text: str
    is_critical: bool
    value: str
    comment: str


@dataclass(frozen=True)
class Side:
    """One of the two: what was frozen if anything was, else the draft as it stands."""

    assessment: Assessment
    lines: Mapping[str, Line]
    result: scoring.Result
    snapshot: Snapshot | None = None

    @property
    def edition_id(self) -> Any:
        """The edition it was answered under."""
        return self.assessment.edition_id


@dataclass(frozen=True)
class Row:
    """One indicator on both sides. ``steps``: how many steps up (or down, negative) its value went; None where it has no number."""

    before: Line | None
    after: Line | None
    comment: tuple[Piece, ...]

    @property
    def steps(self) -> int | None:
        """Up or down on the scale."""
        then = scoring.SCORES.get(self.before.value) if self.before else None
        now = scoring.SCORES.get(self.after.value) if self.after else None
        return None if then is None or now is None else now - then

    @property
    def line(self) -> Line:
        """The newer side that there is: what the row is about."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - a row has at least one side
        return found

    @property
    def is_changed(self) -> bool:
        """Another value, another comment, or only one side has it."""
        return not self.before or not self.after or self.before.value != self.after.value or self.before.comment != self.after.comment


@dataclass(frozen=True)
class Shift:
    """How a chapter's score moved, in points of a hundred; None where one side has none."""

    code: str
    title: str
    before: int | None
    after: int | None

    @property
    def points(self) -> int | None:
        """Up or down."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """Everything the page shows. ``is_across``: the two were answered under different editions."""

    before: Side
    after: Side
    rows: tuple[Row, ...]
    chapters: tuple[Shift, ...]

    @property
    def is_across(self) -> bool:
        """Whether the wording or the weights may differ, so that a trend has a break here."""
        return bool(self.before.edition_id != self.after.edition_id)

    @property
    def changed(self) -> tuple[Row, ...]:
        """Only what differs."""
        return tuple(row for row in self.rows if row.is_changed)


def side(assessment: Assessment, user: Any) -> Side:
    """What this person may read of an assessment: its frozen copy, or for its own people the draft while nothing was frozen yet."""
    mine = Snapshot.objects.visible_to(user).filter(assessment=assessment, revision=assessment.revision)
    snapshot = mine.select_related("assessment__edition").first()
    if snapshot is not None:
        return frozen_side(snapshot)
    answers = freezing.answers_of(assessment)
    return Side(assessment, {line.code: line for line in map(_live, answers)}, scoring.work_out(freezing.items_of(answers)))


def last_approved(assessment: Assessment, user: Any) -> Side | None:
    """What was approved before this revision: an earlier revision of it, else the assessment it started from."""
    snapshot = assessment.snapshots.filter(approval__isnull=False, revision__lt=assessment.revision).first()
    if snapshot is None and assessment.previous_id:
        snapshot = Snapshot.objects.visible_to(user).filter(assessment=assessment.previous_id, approval__isnull=False).first()
    return frozen_side(snapshot) if snapshot else None


def frozen_side(snapshot: Snapshot) -> Side:
    """A frozen copy as a side."""
    lines = (_frozen(chapter, row) for chapter, _standard, row in rows_of(snapshot.content))
    return Side(snapshot.assessment, {line.code: line for line in lines}, result_of(snapshot.content), snapshot)


def compare(before: Side, after: Side) -> Comparison:
    """Match by code, across editions by the crosswalk. At most three queries."""
    pairs = _pairs(before, after)
    rows = []
    for old, new in pairs:
        then, now = before.lines.get(old), after.lines.get(new)
        if then or now:
            rows.append(Row(then, now, tuple(difference(then.comment if then else "", now.comment if now else ""))))
    return Comparison(before, after, tuple(rows), tuple(_shifts(before, after)))


def _pairs(before: Side, after: Side) -> list[tuple[str, str]]:
    if before.edition_id == after.edition_id:
        return [(code, code) for code in dict.fromkeys([*after.lines, *before.lines])]
    indicators = list(Indicator.objects.filter(edition__in=(before.edition_id, after.edition_id)))
    old, new = ([row for row in indicators if row.edition_id == one.edition_id and row.code in one.lines] for one in (before, after))
    order = list(after.lines)
    new.sort(key=lambda row: order.index(row.code))
    crossed = crossing(old, new, Crosswalk.objects.filter(from_edition=before.edition_id, to_edition=after.edition_id))
    pairs = [(match.before[0].code if match.before else "", match.indicator.code) for match in crossed.matches]
    return pairs + [(row.code, "") for row in crossed.dropped]


def _shifts(before: Side, after: Side) -> Iterable[Shift]:
    titles = {line.chapter: line.chapter_title for one in (before, after) for line in one.lines.values()}
    then, now = ({score.code: score.percent for score in one.result.chapters} for one in (before, after))
    for code in dict.fromkeys([*now, *then]):
        yield Shift(code, titles.get(code, code), then.get(code), now.get(code))


def _frozen(chapter: Mapping[str, Any], row: Mapping[str, Any]) -> Line:
    answer = row["answer"]
    title, text = words(chapter, "title"), words(row, "text")
    return Line(row["code"], chapter["code"], title, text, row["critical"], answer["value"], answer["comment"])


def _live(answer: Any) -> Line:
    indicator, chapter = answer.indicator, answer.indicator.standard.chapter
    return Line(indicator.code, chapter.code, str(chapter), indicator.text, indicator.is_critical, answer.value, answer.comment)


# --- Over the years -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Year:
    """The approved figures of one assessment. ``has_break``: another edition than the one before, so the two do not simply compare."""

    assessment: Assessment
    revision: int
    period_end: date
    edition: str
    percent: int | None
    chapters: Mapping[str, int | None]
    critical_gaps: int
    has_break: bool = False


def over_the_years(assessment: Assessment, user: Any) -> list[Year]:
    """What was approved for the same service under the same framework, oldest first: the newest approval of each. Two queries."""
    mine = Snapshot.objects.visible_to(user).filter(
        approval__isnull=False, assessment__service=assessment.service_id, assessment__edition__framework=assessment.edition.framework_id
    )
    newest: dict[Any, Any] = {}
    in_order = mine.order_by("assessment__period_end", "assessment__created_at", "revision")
    for row in in_order.values("assessment", "revision", "content__scores", "content__assessment", "content__edition"):
        newest[row["assessment"]] = row
    rows = {found.pk: found for found in Assessment.objects.visible_to(user).filter(pk__in=newest)} if newest else {}
    years: list[Year] = []
    for key, row in newest.items():
        year = _year(rows[key], row)
        years.append(year if not years or years[-1].edition == year.edition else _broken(year))
    return years


def _year(assessment: Assessment, row: Any) -> Year:
    scores = row["content__scores"]
    return Year(
        assessment, row["revision"], date.fromisoformat(row["content__assessment"]["period_end"]), row["content__edition"]["code"],
        scores["whole"]["percent"], {chapter["code"]: chapter["percent"] for chapter in scores["chapters"]}, len(scores["critical_gaps"]),
    )  # fmt: skip


def _broken(year: Year) -> Year:
    return replace(year, has_break=True)
