"""The shapes of a comparison: for each chapter the published bands, and one's own figure beside them. From published figures only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from standards.benchmarks import bands
from standards.catalogue.models import Chapter

TRACK = 300  # units of the drawing for 100 percent
START = 10
HEIGHT = 34


@dataclass(frozen=True)
class Row:
    """A chapter. ``low``, ``middle``, ``high`` and ``own`` are percents; the bands are None while too few can be compared."""

    title: str
    low: int | None = None
    middle: int | None = None
    high: int | None = None
    own: int | None = None
    place: str = ""

    @property
    def box(self) -> tuple[float, float]:
        """Where the middle half begins and how wide it is; never thinner than a line."""
        low, high = self.low or 0, self.high or 0
        return _at(low), max(_at(high) - _at(low), 3)

    @property
    def median_at(self) -> float:
        """Where the median stands."""
        return _at(self.middle or 0)

    @property
    def own_at(self) -> float:
        """Where one's own figure stands."""
        return _at(self.own or 0)


def rows(content: Mapping[str, Any], chapters: Iterable[Chapter], own: Mapping[str, int | None] | None = None) -> list[Row]:
    """A row for every chapter of the edition, in its order."""
    published = {chapter["code"]: chapter["bands"] for chapter in content["chapters"]}
    made = []
    for chapter in chapters:
        mine, found = (own or {}).get(chapter.code), published.get(chapter.code)
        if found is None:
            made.append(Row(chapter.title, own=mine))
        else:
            low, middle, high = found
            made.append(Row(chapter.title, low, middle, high, own=mine, place="" if mine is None else bands.place(mine, found)))
    return made


def _at(percent: int) -> float:
    return START + percent * TRACK / 100
