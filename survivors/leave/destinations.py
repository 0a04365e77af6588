"""Where leaving leads: a dull page in the reader's language. Fixed for each release, never random (QX-19)."""

from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

DATA = Path(__file__).parent / "data" / "destinations.yaml"


@cache
def destinations() -> dict[str, list[str]]:
    """Language code → at least three addresses, the one in use first."""
    loaded: dict[str, list[str]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return loaded


def destination(language: str) -> str:
    """The address that leaving opens for readers of ``language``."""
    if settings.LEAVE_DESTINATION:
        return str(settings.LEAVE_DESTINATION)
    return destinations()[language][0]


def in_use() -> dict[str, list[str]]:
    """Every address that leaving opens or that stands by → the languages it serves."""
    if settings.LEAVE_DESTINATION:
        return {str(settings.LEAVE_DESTINATION): ["all"]}
    languages: dict[str, list[str]] = {}
    for language, addresses in destinations().items():
        for address in addresses:
            languages.setdefault(address, []).append(language)
    return languages
