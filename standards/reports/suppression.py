"""What may be said of a year's inspections without saying anything of one. Pure: no Django, no database. The rule: ``portal.suppression``.

The number of inspections bounds every row of judgements. A standard that an inspection did not look at stands in none of its columns.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.suppression import Figure, Figures, hidden_further, shown, together

JUDGEMENTS = ("met", "mostly_met", "partly_met", "not_met")
FINDINGS = ("strength", "meets", "shortfall", "serious_concern", "good_practice")
STATES = ("open", "agreed", "closed", "carried")


@dataclass(frozen=True)
class Inspected:
    """One inspection: whose service, how each standard was judged, how many findings of each kind and items in each state."""

    inspection: str
    organisation: str
    judgements: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)


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
