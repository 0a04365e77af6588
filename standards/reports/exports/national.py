"""A national summary as a page shows it and as files hold it: one reading of the frozen figures for all of them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.design.cells import plain
from portal.suppression import HALF, Figure
from standards.inspections.models import Finding, Judgement
from standards.reports.models import ActionItem
from standards.reports.suppression import FINDINGS, JUDGEMENTS, STATES

TOGETHER = "together"
WIDTH = 100  # percent of the drawing


@dataclass(frozen=True)
class Segment:
    """A part of a bar: which judgement, from where, how wide, in percent."""

    value: str
    start: float
    width: float


@dataclass(frozen=True)
class Line:
    """A row of a table. ``figures``: label of the column, figure. ``segments``: the same drawn, as far as it is shown."""

    code: str
    title: str
    figures: list[tuple[str, Figure]]
    segments: list[Segment]


@dataclass(frozen=True)
class Table:
    """One table. ``name`` is its code in the files."""

    name: str
    title: str
    columns: list[str]
    lines: list[Line]

    @property
    def is_drawn(self) -> bool:
        """Whether anything of it can be drawn."""
        return any(line.segments for line in self.lines)


@dataclass(frozen=True)
class Part:
    """What is said of one regime."""

    name: str
    standards: str
    inspections: Figure
    tables: list[Table]


def labels() -> dict[str, dict[str, str]]:
    """The words of every column, by table."""
    sum_words = {TOGETHER: _("Together")}
    return {
        "judgements": {value: str(Judgement.Value(value).label) for value in JUDGEMENTS} | sum_words,
        "findings": {kind: str(Finding.Kind(kind).label) for kind in FINDINGS} | sum_words,
        "recommendations": {state: str(ActionItem.Status(state).label) for state in STATES} | sum_words,
    }


def parts(content: Mapping[str, Any]) -> list[Part]:
    """The summary, regime by regime."""
    words = labels()
    return [
        Part(regime["name"], regime["standards"], regime["inspections"], [
            _judgements(regime, words["judgements"]),
            _counted("findings", _("Findings by kind"), regime["findings"], words["findings"]),
            _counted("recommendations", _("Recommendations and requirements, by what became of them"), regime["recommendations"],
                     words["recommendations"]),
        ]) for regime in content["regimes"]
    ]  # fmt: skip


def read(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the template of the figures asks for."""
    legend = [(value, Judgement.Value(value).label) for value in JUDGEMENTS]
    return {"content": content, "parts": parts(content), "legend": legend, "taken_on": date.fromisoformat(content["taken_on"])}


def _judgements(regime: Mapping[str, Any], words: dict[str, str]) -> Table:
    rows = regime["judgements"]
    sums = [sum(row[value] or 0 for value in JUDGEMENTS) for row in rows]
    scale = max([*sums, regime["inspections"] or 0, 1])
    lines = [Line(row["standard"], row["title"], _figures(row, words), _segments(row, scale)) for row in rows]
    every = regime["all_standards"]
    if every:
        total = None if None in every.values() else sum(every.values())
        lines.append(Line("", _("All standards"), _figures({**every, TOGETHER: total}, words), []))
    return Table("judgements", _("Judgements by standard"), list(words.values()), lines)


def _counted(name: str, title: str, row: Mapping[str, Figure], words: dict[str, str]) -> Table:
    return Table(name, title, list(words.values()), [Line("", _("All inspections"), _figures(row, words), [])])


def _figures(row: Mapping[str, Any], words: dict[str, str]) -> list[tuple[str, Figure]]:
    return [(label, row[name]) for name, label in words.items()]


def _segments(row: Mapping[str, Any], scale: int) -> list[Segment]:
    """From the published figures alone; what is not shown has no width, and whatever stands after it moves up (STAT-05)."""
    found, at = [], 0.0
    for value in JUDGEMENTS:
        if row[value]:
            width = row[value] * WIDTH / scale
            found.append(Segment(value, round(at, 2), round(width, 2)))
            at += width
    return found


def table(content: Mapping[str, Any]) -> bytes:
    """CSV with a line for each figure: UTF-8 with a byte order mark, every cell quoted and none a formula (INJ-06)."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    for row in [_heading(), *_rows(content)]:
        writer.writerow([plain(cell) for cell in row])
    return ("\ufeff" + file.getvalue()).encode()


def _heading() -> list[str]:
    return [_("Year"), _("Regime"), _("Standards"), _("Table"), _("Code"), _("Row"), _("Column"), _("Figure")]


def _rows(content: Mapping[str, Any]) -> Iterable[list[Any]]:
    hidden = _("not shown")
    for part in parts(content):
        yield [
            content["year"],
            part.name,
            part.standards,
            "inspections",
            "",
            _("All inspections"),
            _("Inspections"),
            _or(part.inspections, hidden),
        ]
        for one in part.tables:
            for line in one.lines:
                for label, figure in line.figures:
                    yield [content["year"], part.name, part.standards, one.name, line.code, line.title, label, _or(figure, hidden)]


def _or(figure: Figure, hidden: str) -> Any:
    return hidden if figure is None else figure


def data(content: Mapping[str, Any], sha256: str) -> bytes:
    """JSON: the frozen figures to the letter, with their hash. ``null`` is a figure that is not shown."""
    about = {"sha256": sha256, "rounded_to_within": HALF, "not_shown": None}
    return json.dumps({**content, "about": about}, ensure_ascii=False, indent=1).encode()
