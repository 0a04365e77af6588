"""Where leaving leads: a dull page in the reader's language. One for everybody, never random (QX-19).

It stands in the register of facts, so that nobody changes it alone. Without a database it is what this release was made with.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings
from django.db import DatabaseError

from survivors.facts.models import Fact, Kind

DATA = Path(__file__).parent / "data" / "destinations.yaml"


@cache
def destinations() -> dict[str, list[str]]:
    """Language code → at least three addresses as released: the first was in use then, the others stand by."""
    loaded: dict[str, list[str]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return loaded


def key(language: str) -> str:
    """Of the fact that says where leaving leads for readers of ``language``."""
    return f"leave-{language}"


def registered() -> dict[str, str]:
    """Key → address of every page for leaving in the register; nothing when there is no database. One query."""
    try:
        return dict(Fact.objects.filter(kind=Kind.EXIT).exclude(value="").values_list("key", "value"))
    except DatabaseError:
        return {}


def destination(language: str, facts: Mapping[str, Fact] | None = None) -> str:
    """The address that leaving opens for readers of ``language``. ``facts``: the register, where a page has it at hand already."""
    if settings.LEAVE_DESTINATION:
        return str(settings.LEAVE_DESTINATION)
    fact = facts.get(key(language)) if facts else None
    address = fact.value if fact and fact.kind == Kind.EXIT else registered().get(key(language), "")
    return address or destinations()[language][0]


def in_use() -> dict[str, list[str]]:
    """Every address that leaving opens or that stands by → the languages it serves."""
    if settings.LEAVE_DESTINATION:
        return {str(settings.LEAVE_DESTINATION): ["all"]}
    languages: dict[str, list[str]] = {}
    listed = registered()
    for language, addresses in destinations().items():
        for address in dict.fromkeys([*([listed[key(language)]] if key(language) in listed else []), *addresses]):
            languages.setdefault(address, []).append(language)
    return languages
