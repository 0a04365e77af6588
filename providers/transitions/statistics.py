"""What is published of the transitions of a quarter, worked out of one case each. Pure; the rule for figures: ``portal.suppression``.

A case is somebody who left, or whose transition ended after it was planned. Each is in one quarter and in one nation, so neither two
quarters nor two nations share anybody (STAT-03). How many cases there are is published, so it bounds every row. It is the only bound:
how many of them left is published nowhere, and each row leaves something out on purpose (``MEASURES``), so no row is known to add up to
all cases or to all who left. That is why nobody finds here what is true of everybody who left: a named receiver, a finished checklist.

A service that was asked to take somebody knows of that case too. So it counts like the one that asked, in what nobody may hold most of,
and in the room that a hidden figure needs (STAT-04).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.suppression import Figure, Figures, hidden_further, shown

SHARE_FROM = 20  # no percentages of fewer cases

# What is counted: the answers that are published. Every other answer, and that there is none, stands in no column.
MEASURES: dict[str, tuple[str, ...]] = {
    "trigger": ("positive", "negative", "disqualified", "asylum", "turning_18"),
    "destination": ("asylum", "council", "home", "longer_term", "specialist", "hosting"),
    "to_plan": ("week", "month"),
    "to_offer": ("week", "month"),
    "to_answer": ("week", "month"),
    "to_move": ("week", "month"),
    "meeting": ("held",),
    "interpreter": ("booked",),
    "arrival": ("in_time", "later"),
    "lost": ("week", "month", "quarter"),
    "return": ("granted", "asked"),
    "risk": ("safety", "money", "housing", "health"),
    "follow_up": ("done", "not_done"),
    "late_plan": ("late",),
    "late_offer": ("late",),
    "late_acceptance": ("late",),
    "legal": ("missed",),
    "no_answer": ("ran_out",),
    "exit_passed": ("passed",),
    "consent": ("withdrawn",),
}
# Points that may be missing when somebody leaves. All others stop her from leaving: none of them is ever missing.
POINTS = ("bank_id_evisa", "mental_health", "care_assessment", "work_learning")
REASONS = ("no_space", "not_our_area", "need_not_met", "risk", "not_eligible", "no_funding", "information")
NATIONS = ("england", "wales", "scotland", "northern_ireland")
Cell = dict[str, Figure]


@dataclass(frozen=True)
class Case:
    """One case. ``answers``: by measure. ``declines``: who said no, and why. ``knowers``: every organisation that knows of it."""

    nation: str
    sender: str
    knowers: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    declines: tuple[tuple[str, str], ...] = ()

    @property
    def known_to(self) -> frozenset[str]:
        """Whoever could subtract it."""
        return self.knowers | {self.sender}


def release(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """What is published: every nation, measure and answer, always, with its figure or without (STAT-07)."""
    by_nation: dict[str, list[Case]] = {nation: [] for nation in NATIONS}
    for case in cases:
        by_nation[case.nation].append(case)
    return [_nation(nation, found) for nation, found in by_nation.items()]


def figure_of(cases: Sequence[Case]) -> Figure:
    """The figure for these cases: the rule, asked about who sent them, and about everybody who knows of them."""
    known = Counter(name for case in cases for name in case.known_to)
    if known and max(known.values()) * 5 > len(cases) * 4:
        return None
    return shown(Counter(case.sender for case in cases))


def share(figure: Figure, cases: Figure) -> Figure:
    """In percent, worked out of two figures that are shown, and of nothing else (STAT-05)."""
    if figure is None or cases is None or cases < SHARE_FROM:
        return None
    return min(100, (200 * figure + cases) // (2 * cases))


def _nation(nation: str, cases: list[Case]) -> dict[str, Any]:
    total = figure_of(cases)
    largest = max(Counter(name for case in cases for name in case.known_to).values(), default=0)
    measures = {name: _row(cases, name, total, largest) for name in MEASURES}
    missing = {point: _alone([case for case in cases if point in case.missing], total, largest) for point in POINTS}
    return {
        "nation": nation, "cases": total,
        "measures": {name: _cells(row, total) for name, row in measures.items()},
        "missing": _cells(missing, total),
        "declines": _declines(cases) if total else dict.fromkeys(REASONS),
    }  # fmt: skip


def _row(cases: list[Case], measure: str, total: Figure, largest: int) -> Figures:
    if total is None:
        return dict.fromkeys(MEASURES[measure])
    row = {value: figure_of([case for case in cases if case.answers.get(measure) == value]) for value in MEASURES[measure]}
    return hidden_further(row, total, largest)


def _alone(found: list[Case], total: Figure, largest: int) -> Figure:
    """A row of one figure."""
    return None if total is None else hidden_further({"": figure_of(found)}, total, largest)[""]


def _cells(row: Figures, total: Figure) -> dict[str, Cell]:
    return {name: {"figure": figure, "share": share(figure, total)} for name, figure in row.items()}


def _declines(cases: list[Case]) -> Figures:
    """By reason. Shown only where the rule holds for who asked, and for who said no."""
    asked: dict[str, Counter[str]] = {reason: Counter() for reason in REASONS}
    refused: dict[str, Counter[str]] = {reason: Counter() for reason in REASONS}
    for case in cases:
        for receiver, reason in case.declines:
            if reason in asked:
                asked[reason][case.sender] += 1
                refused[reason][receiver] += 1
    return {reason: None if shown(refused[reason]) is None else shown(asked[reason]) for reason in REASONS}
