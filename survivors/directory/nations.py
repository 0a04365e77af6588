"""Services and telephone lines by nation, in the order in which most people look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.services.models import Service
from providers.services.places import Nation
from survivors.facts.models import Fact

# Whom to call for a place, by nation: keys of the register of facts. Nobody reaches a safehouse by calling it.
LINES: Mapping[str, tuple[str, ...]] = {
    Nation.ENGLAND: ("salvation-army",),
    Nation.WALES: ("salvation-army", "bawso"),
    Nation.SCOTLAND: ("tara", "migrant-help-scotland"),
    Nation.NORTHERN_IRELAND: ("migrant-help-ni", "womens-aid-ni"),
}


@dataclass(frozen=True)
class Place:
    """A nation: its name, the lines to call, its services by public name."""

    code: str
    name: Any
    lines: tuple[Fact, ...]
    services: tuple[Service, ...]


def by_nation(services: Iterable[Service], facts: Mapping[str, Fact]) -> list[Place]:
    """All four nations, also those without a listed service: there the lines are what helps. A line that is not known is left out."""
    found: dict[str, list[Service]] = {code: [] for code in Nation.values}
    for service in services:
        found[service.nation].append(service)
    return [
        Place(
            code,
            Nation(code).label,
            tuple(facts[key] for key in LINES[code] if key in facts and facts[key].is_known),
            tuple(sorted(rows, key=lambda service: service.public_alias.casefold())),
        )
        for code, rows in found.items()
    ]
