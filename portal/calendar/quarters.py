"""Quarters of the year: how a release is named, and from when to when it looks."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year. ``str()`` is its name: 2026-Q3."""

    year: int
    number: int  # 1 to 4

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime.combine(date(self.year, self.number * 3 - 2, 1), time(), LONDON)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        first = date(self.year + (self.number == 4), self.number % 4 * 3 + 1, 1)
        return datetime.combine(first, time(), LONDON)

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The one before it."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.end.date() - timedelta(days=1)


def last_finished(day: date) -> Quarter:
    """The quarter that ended before ``day``."""
    number = (day.month - 1) // 3
    return Quarter(day.year, number) if number else Quarter(day.year - 1, 4)


def named(name: str) -> Quarter:
    """The quarter called ``name``. Raises ``ValueError``."""
    year, _dash, number = name.partition("-Q")
    found = Quarter(int(year), int(number))
    if str(found) != name or not 1 <= found.number <= 4:
        raise ValueError(name)
    return found
