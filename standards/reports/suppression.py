"""What may be said of a year's inspections without saying anything of one. Pure: no Django, no database.

The rule. A figure is the count rounded to the nearest 5, and is shown only if it counts at least 8, from at least five organisations
of which none holds more than four fifths. Everything else is shown as nothing, by one mark that never says why: nought is not told
from seven (STAT-01, STAT-07). A sum is worked out from the figures that are shown, and is shown only where all of them are: so it
says nothing that they do not say (STAT-02, STAT-05).

The number of inspections is an upper bound for every row of judgements. Where what is shown comes so near to it that a hidden
figure would be hemmed in, the smallest figure of the row is hidden too, until the bound leaves room: for everybody at least the
whole range from nought to seven, and for an organisation that subtracts its own at least four values (STAT-04).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STEP = 5  # figures are rounded to the nearest of these
HALF = STEP // 2  # so a figure stands for as many more or fewer
SMALLEST = 8  # counts under this are not shown
ORGANISATIONS = 5
ROOM = 4  # values that must stay possible for whatever is small

JUDGEMENTS = ("met", "mostly_met", "partly_met", "not_met")
FINDINGS = ("strength", "meets", "shortfall", "serious_concern", "good_practice")
STATES = ("open", "agreed", "closed", "carried")

Figure = int | None  # ``None``: not shown
Figures = dict[str, Figure]


@dataclass(frozen=True)
class Inspected:
    """One inspection: whose service, how each standard was judged, how many findings of each kind and items in each state."""

    inspection: str
    organisation: str
    judgements: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)


def rounded(count: int) -> int:
    """To the nearest step."""
    return (count + HALF) // STEP * STEP


def shown(by_organisation: Mapping[str, int]) -> Figure:
    """The figure for these contributions, or nothing."""
    parts = [count for count in by_organisation.values() if count]
    total = sum(parts)
    if total < SMALLEST or len(parts) < ORGANISATIONS or max(parts) * 5 > total * 4:
        return None
    return rounded(total)


def together(figures: Iterable[Figure]) -> Figure:
    """The sum of what is shown; nothing where anything is not."""
    found = list(figures)
    return None if None in found else sum(figure for figure in found if figure is not None)


def hidden_further(row: Figures, inspections: int, largest: int) -> Figures:
    """``row`` with as many more figures hidden as the number of inspections makes necessary. ``largest``: inspections of one provider.

    Beside ``largest`` it hangs on rounded figures alone: that something is hidden tells no more than they would.
    """
    kept, needed = dict(row), max(SMALLEST, ROOM - 1 + largest)
    while any(figure is not None for figure in kept.values()):
        left = inspections + HALF - sum(figure - HALF for figure in kept.values() if figure is not None)
        if left >= needed:
            break
        smallest = min((figure, -at, name) for at, (name, figure) in enumerate(kept.items()) if figure is not None)
        kept[smallest[2]] = None
    return kept


def release(inspected: Sequence[Inspected], standards: Sequence[str]) -> dict[str, Any]:
    """What is published of one regime: every standard and every kind, always, with its figure or without."""
    inspections = shown(Counter(one.organisation for one in inspected))
    rows = {code: _judgements(inspected, code, inspections) for code in standards}
    return {
        "inspections": inspections,
        "judgements": [{"standard": code, **row, "together": together(row.values())} for code, row in rows.items()],
        "all_standards": {value: together(row[value] for row in rows.values()) for value in JUDGEMENTS} if rows else {},
        "findings": _counted(inspected, inspections, FINDINGS, "findings"),
        "recommendations": _counted(inspected, inspections, STATES, "items"),
    }


def _judgements(inspected: Sequence[Inspected], standard: str, inspections: Figure) -> Figures:
    if inspections is None:
        return dict.fromkeys(JUDGEMENTS)
    cells: dict[str, Counter[str]] = {value: Counter() for value in JUDGEMENTS}
    for one in inspected:
        value = one.judgements.get(standard, "")
        if value in cells:
            cells[value][one.organisation] += 1
    largest = max(Counter(one.organisation for one in inspected).values())
    return hidden_further({value: shown(cell) for value, cell in cells.items()}, inspections, largest)


def _counted(inspected: Sequence[Inspected], inspections: Figure, kinds: Sequence[str], what: str) -> Figures:
    if inspections is None:
        return {**dict.fromkeys(kinds), "together": None}
    cells: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for one in inspected:
        for kind, count in getattr(one, what).items():
            cells[kind][one.organisation] += count
    figures = {kind: shown(cell) for kind, cell in cells.items()}
    return {**figures, "together": together(figures.values())}
