"""What other rooms have to show under a standard while somebody answers it. Those rooms say so themselves; none is known here."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Example:
    """How somebody else does it. ``by`` is a name, or nothing for who is not named; ``address`` leads to all of it."""

    title: str
    text: str
    by: str
    on: dt.datetime | None
    address: str


Source = Callable[[Any, Iterable[Any]], Mapping[Any, list[Example]]]
SOURCES: list[Source] = []


def show_beside(source: Source) -> None:
    """From now on ``source(user, standards)`` is asked, once a page, and answers by the standard's id."""
    if source not in SOURCES:
        SOURCES.append(source)


def examples(user: Any, standards: Iterable[Any]) -> dict[Any, list[Example]]:
    """Everything that stands beside these standards (their ids) for this reader."""
    wanted = list(dict.fromkeys(standards))
    found: dict[Any, list[Example]] = {}
    for source in SOURCES if wanted else ():
        for standard, rows in source(user, wanted).items():
            found.setdefault(standard, []).extend(rows)
    return found
