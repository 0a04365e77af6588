"""The rules of the finder, applied. Pure: no Django, no database, no clock.

The data is ``data/rules.yaml``; its header says what the words mean. The same rules run in the browser
(``static/entitlements/finder.js``), and a test proves that both give the same answers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


class FactError(ValueError):
    """A fact that the rules do not know, or a value it cannot have."""


@dataclass(frozen=True)
class Rule:
    """One rule. ``when``: fact → values of which one must hold. ``confidence`` A to D; ``review_by`` a month, ``2027-02``."""

    id: str
    when: Mapping[str, tuple[object, ...]]
    gives: tuple[str, ...]
    may: tuple[str, ...]
    warn: tuple[str, ...]
    source: tuple[str, ...]
    confidence: str
    review_by: str

    def matches(self, facts: Mapping[str, object]) -> bool:
        """Whether every condition holds for complete ``facts``."""
        return all(facts[name] in values for name, values in self.when.items())


@dataclass(frozen=True)
class Fact:
    """A question's possible answers, and the one that stands for "not asked"."""

    name: str
    values: tuple[object, ...]
    default: object

    def can_be(self, value: object) -> bool:
        """Whether ``value`` is one of its values, of the very type: ``True == 1`` in Python."""
        return any(type(value) is type(known) and value == known for known in self.values)


@dataclass(frozen=True)
class Outcome:
    """What to show, as ids in display order; ``because``: id → the rules that gave it."""

    gives: tuple[str, ...]
    may: tuple[str, ...]
    warn: tuple[str, ...]
    because: Mapping[str, tuple[Rule, ...]] = field(compare=False)


@dataclass(frozen=True)
class RuleBook:
    """Everything the finder knows. ``pages``: entitlement → slug of the page to read."""

    facts: Mapping[str, Fact]
    rules: tuple[Rule, ...]
    pages: Mapping[str, str]
    order: tuple[str, ...]
    warnings: tuple[str, ...]
    urgent: frozenset[str]

    def complete(self, given: Mapping[str, object]) -> dict[str, object]:
        """``given`` with the default for what was not asked. Raises ``FactError`` for an unknown fact or value."""
        for name, value in given.items():
            fact = self.facts.get(name)
            if fact is None:
                raise FactError(f"there is no fact {name!r}; known: {', '.join(self.facts)}")
            if not fact.can_be(value):
                raise FactError(f"{name} cannot be {value!r}; it is one of {', '.join(map(repr, fact.values))}")
        return {name: given.get(name, fact.default) for name, fact in self.facts.items()}

    def decide(self, given: Mapping[str, object]) -> Outcome:
        """What a person with these facts should get, can ask for and must take care of. Absence never means "no"."""
        facts = self.complete(given)
        matching = [rule for rule in self.rules if rule.matches(facts)]
        gives = {item for rule in matching for item in rule.gives}
        may = {item for rule in matching for item in rule.may} - gives
        warn = {item for rule in matching for item in rule.warn}
        shown = gives | may | warn
        because = {item: tuple(rule for rule in matching if item in (*rule.gives, *rule.may, *rule.warn)) for item in shown}
        return Outcome(
            gives=tuple(item for item in self.order if item in gives),
            may=tuple(item for item in self.order if item in may),
            warn=tuple(item for item in self.warnings if item in warn),
            because=MappingProxyType(because),
        )

    def can_still_matter(self, name: str, given: Mapping[str, object]) -> bool:
        """Whether an answer to ``name`` could still change the outcome, whatever is answered to the other open questions."""
        return any(
            name in rule.when and all(given[other] in values for other, values in rule.when.items() if other in given and other != name)
            for rule in self.rules
        )


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def parse(data: Mapping[str, Any]) -> RuleBook:
    """A rule book out of the parsed file. Raises ``ValueError`` for an id, fact or value that is not declared."""
    facts = {name: Fact(name, tuple(row["values"]), row["default"]) for name, row in data["facts"].items()}
    entitlements, warnings = data["entitlements"], data["warnings"]
    first = data["display_first"]
    rules = tuple(_rule(row, facts, entitlements, warnings) for row in data["rules"])
    if unknown := [item for item in first if item not in entitlements]:
        raise ValueError(f"display_first names {', '.join(unknown)}, which is no entitlement")
    if len({rule.id for rule in rules}) != len(rules):
        raise ValueError("two rules have the same id")
    return RuleBook(
        facts=MappingProxyType(facts),
        rules=rules,
        pages=MappingProxyType({name: row["page"] for name, row in entitlements.items()}),
        order=(*first, *(name for name in entitlements if name not in first)),
        warnings=tuple(warnings),
        urgent=frozenset(first),
    )


def _rule(row: Mapping[str, Any], facts: Mapping[str, Fact], entitlements: Iterable[str], warnings: Iterable[str]) -> Rule:
    when = {name: _tuple(values) for name, values in (row.get("when") or {}).items()}
    for name, values in when.items():
        if name not in facts or not all(facts[name].can_be(value) for value in values):
            raise ValueError(f"{row['id']}: when {name} is {values} can never hold")
    for kind, known in (("gives", entitlements), ("may", entitlements), ("warn", warnings)):
        if unknown := [item for item in row.get(kind) or [] if item not in known]:
            raise ValueError(f"{row['id']}: {kind} {', '.join(unknown)} is not declared")
    return Rule(
        id=row["id"],
        when=MappingProxyType(when),
        gives=tuple(row.get("gives") or ()),
        may=tuple(row.get("may") or ()),
        warn=tuple(row.get("warn") or ()),
        source=tuple(row["source"]),
        confidence=row["confidence"],
        review_by=str(row["review_by"]),
    )


@cache
def rule_book() -> RuleBook:
    """The rules of this release."""
    return parse(yaml.safe_load((DATA / "rules.yaml").read_text(encoding="utf-8")))


def decide(facts: Mapping[str, object]) -> Outcome:
    """``rule_book().decide``: see there."""
    return rule_book().decide(facts)
