"""The figures of a quarter as a page shows them and as files hold them: one reading of what was frozen for all of them."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.design.cells import plain
from portal.suppression import HALF, Figure
from providers.services.places import Nation
from providers.transitions.codes import DeclineReason, RiskTheme
from providers.transitions.words import CHECKS

# Which measures stand together on the page, in which order.
TABLES: dict[str, tuple[str, ...]] = {
    "why": ("trigger",),
    "where": ("destination",),
    "time": ("to_plan", "to_offer", "to_answer", "to_move"),
    "dates": ("late_plan", "late_offer", "late_acceptance", "legal", "no_answer", "exit_passed"),
    "move": ("meeting", "interpreter", "arrival"),
    "after": ("lost", "return", "follow_up", "consent"),
    "risk": ("risk",),
}


@dataclass(frozen=True)
class Line:
    """A row: its code in the files, its words, its figure, and that in percent of all cases. ``width`` of its bar, in percent."""

    code: str
    title: str
    figure: Figure
    share: Figure
    width: int


@dataclass(frozen=True)
class Table:
    """One table. ``name`` is its code in the files. ``has_shares``: whether its rows are parts of the cases."""

    name: str
    title: str
    lines: list[Line]
    has_shares: bool = True

    @property
    def is_drawn(self) -> bool:
        """Whether anything of it can be drawn."""
        return any(line.width for line in self.lines)


@dataclass(frozen=True)
class Part:
    """What is said of one nation."""

    code: str
    name: str
    cases: Figure
    tables: list[Table]


def titles() -> dict[str, str]:
    """The words over each table."""
    return {
        "why": _("Why support changed"), "where": _("Where people went"), "time": _("How long each part of the way took"),
        "dates": _("Dates that passed"), "move": _("The move"), "after": _("Afterwards"),
        "risk": _("People at risk, by what it was about first"), "missing": _("Open when they left"),
        "declines": _("Offers that were declined, by reason"),
    }  # fmt: skip


def labels() -> dict[str, str]:
    """The words of every answer, by measure and answer."""
    return _before() | _moving() | {f"risk.{theme}": str(RiskTheme(theme).label) for theme in RiskTheme.values}


def _before() -> dict[str, str]:
    return {
        "trigger.positive": _("Positive final decision"), "trigger.negative": _("Negative first or final decision"),
        "trigger.disqualified": _("Disqualification"), "trigger.asylum": _("Asylum decision"), "trigger.turning_18": _("Turning 18"),
        "destination.asylum": _("Asylum support"), "destination.council": _("A council's home"),
        "destination.home": _("Rented or supported home"), "destination.longer_term": _("Longer-term programme"),
        "destination.specialist": _("Another specialist service or care"), "destination.hosting": _("Hosting, family or friends"),
        "to_plan.week": _("To a plan: up to 7 days"), "to_plan.month": _("To a plan: 8 to 28 days"),
        "to_offer.week": _("From there to the first offer: up to 7 days"),
        "to_offer.month": _("From there to the first offer: 8 to 28 days"),
        "to_answer.week": _("From there to acceptance: up to 7 days"), "to_answer.month": _("From there to acceptance: 8 to 28 days"),
        "to_move.week": _("From there to the move: up to 7 days"), "to_move.month": _("From there to the move: 8 to 28 days"),
        "late_plan.late": _("Planning began too late"), "late_offer.late": _("Offered to the next service too late"),
        "late_acceptance.late": _("Accepted too late"),
        "legal.missed": _("A legal date was missed"), "no_answer.ran_out": _("An offer ran out without an answer"),
        "exit_passed.passed": _("The day of leaving passed without a move"),
    }  # fmt: skip


def _moving() -> dict[str, str]:
    return {
        "meeting.held": _("Joint meeting held before the move"), "interpreter.booked": _("Interpreter booked where one was needed"),
        "arrival.in_time": _("Met by the next service within 48 hours"), "arrival.later": _("Met by the next service later"),
        "lost.week": _("Contact lost within 7 days"), "lost.month": _("Contact lost after 8 to 28 days"),
        "lost.quarter": _("Contact lost after 29 to 90 days"), "return.granted": _("Asked to come back, and is back in support"),
        "return.asked": _("Asked to come back, not back yet"), "follow_up.done": _("Asked after 28 days how it goes"),
        "follow_up.not_done": _("Wanted to be asked after 28 days, and was not"), "consent.withdrawn": _("Took back an agreement to share"),
    }  # fmt: skip


def parts(content: Mapping[str, Any]) -> list[Part]:
    """The quarter, nation by nation."""
    words, over = labels(), titles()
    return [Part(nation["nation"], str(Nation(nation["nation"]).label), nation["cases"], _tables(nation, words, over))
            for nation in content["nations"]]  # fmt: skip


def _tables(nation: Mapping[str, Any], words: dict[str, str], over: dict[str, str]) -> list[Table]:
    measures, cases = nation["measures"], nation["cases"]
    found = [
        Table(name, over[name], [
            _line(f"{measure}.{value}", words[f"{measure}.{value}"], cell, cases)
            for measure in members for value, cell in measures[measure].items()
        ]) for name, members in TABLES.items()
    ]  # fmt: skip
    missing = [_line(f"missing.{point}", str(CHECKS[point]), cell, cases) for point, cell in nation["missing"].items()]
    declines = nation["declines"]
    top = max([figure or 0 for figure in declines.values()])
    refused = [
        _line(f"declines.{reason}", str(DeclineReason(reason).label), {"figure": figure, "share": None}, top)
        for reason, figure in declines.items()
    ]
    return [*found, Table("missing", over["missing"], missing), Table("declines", over["declines"], refused, has_shares=False)]


def _line(code: str, title: str, cell: Mapping[str, Figure], whole: Figure) -> Line:
    """A bar's length is worked out of figures that are shown; what is not shown has none (STAT-05)."""
    figure = cell["figure"]
    width = min(100, round(100 * figure / whole)) if figure and whole else 0
    return Line(code, title, figure, cell["share"], width)


def table(content: Mapping[str, Any]) -> bytes:
    """CSV with a line for each figure: UTF-8 with a byte order mark, every cell quoted and none a formula (INJ-06)."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    for row in [[_("Quarter"), _("Nation"), _("Table"), _("Code"), _("Row"), _("Figure"), _("Percent of all")], *_rows(content)]:
        writer.writerow([plain(cell) for cell in row])
    return ("\ufeff" + file.getvalue()).encode()


def _rows(content: Mapping[str, Any]) -> Iterable[list[Any]]:
    hidden, quarter = _("not shown"), content["quarter"]
    for part in parts(content):
        yield [quarter, part.code, "cases", "cases", _("All"), hidden if part.cases is None else part.cases, ""]
        for one in part.tables:
            for line in one.lines:
                figure = hidden if line.figure is None else line.figure
                yield [quarter, part.code, one.name, line.code, line.title, figure, "" if line.share is None else line.share]


def data(content: Mapping[str, Any], sha256: str) -> bytes:
    """JSON: the frozen figures to the letter, with their hash. ``null`` is a figure that is not shown."""
    about = {"sha256": sha256, "rounded_to_within": HALF, "not_shown": None}
    return json.dumps({**content, "about": about}, ensure_ascii=False, indent=1).encode()
