"""A proposal as a table for people: what each value was, and what it would be."""

from dataclasses import dataclass
from typing import Any

from portal.cms.fields import ChoicesField
from portal.cms.marks import MARKS
from survivors.facts.models import Fact, FactProposal, Kind, Source, Unit
from survivors.facts.nations import WHERE

LABELS = {
    "name": "Name", "key": "Key", "kind": "Kind", "value": "Value", "unit": "Unit", "nations": "Where it is true",
    "source": "Source", "seen": "Seen in the source", "mark": "How sure we are",
}  # fmt: skip
NOTHING = "–"


@dataclass(frozen=True)
class Line:
    """One value. ``differs``: whether the proposal would change it."""

    label: str
    before: str
    after: str
    differs: bool


def lines(proposal: FactProposal) -> list[Line]:
    """Every value of the fact, changed or not, in the order of the form."""
    sources = {source.code: str(source) for source in Source.objects.all()}
    after = {} if proposal.action == FactProposal.Action.REMOVAL else proposal.before | proposal.values
    names = [name for name in LABELS if name in proposal.before or name in proposal.values]
    return [
        Line(LABELS[name], _shown(name, proposal.before.get(name), sources), _shown(name, after.get(name), sources), differs)
        for name in names
        for differs in [proposal.before.get(name) != after.get(name)]
        if differs or proposal.before.get(name)
    ]


def in_brief(proposal: FactProposal) -> str:
    """What differs, in one line: ``Value: 999 → 112``."""
    if proposal.action == FactProposal.Action.REMOVAL:
        return "It would be removed."
    if proposal.action == FactProposal.Action.NEW:
        return f"{proposal.values.get('name', '')}: {proposal.values.get('value') or 'not known'}"
    return "; ".join(f"{line.label}: {line.before} → {line.after}" for line in lines(proposal) if line.differs)


def stands(fact: Fact) -> str:
    """A fact's value for a list."""
    return fact.plain() or "not known"


def _shown(name: str, value: Any, sources: dict[str, str]) -> str:
    if not value:
        return NOTHING
    if name == "nations":
        return ", ".join(map(str, ChoicesField(vocabulary=WHERE).labels(value)))
    if name == "source":
        return sources.get(value, str(value))
    labels: dict[str, dict[str, str]] = {
        "kind": dict(Kind.choices), "unit": dict(Unit.choices), "mark": dict(MARKS),
    }  # fmt: skip
    return str(labels.get(name, {}).get(value, value))
