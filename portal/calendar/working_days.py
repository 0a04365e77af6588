"""Working days and deadlines. A day is a date in London; a deadline is the last instant of one.

Bank holidays come from the ``holidays`` package (rules and one-off days). Governments announce days only a year or two ahead,
so a deadline beyond ``ANNOUNCED_UNTIL`` is provisional, and a system check asks for a newer package in time.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
LAST_INSTANT = time(23, 59, 59, 999999)
# The last year for which the bank holidays of all three calendars had been announced when the package was chosen.
ANNOUNCED_UNTIL = date(2027, 12, 31)


class Calendar(StrEnum):
    """Whose bank holidays count. England and Wales have the same."""

    ENGLAND_AND_WALES = "england_and_wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"


DIVISIONS = {Calendar.ENGLAND_AND_WALES: "ENG", Calendar.SCOTLAND: "SCT", Calendar.NORTHERN_IRELAND: "NIR"}
OF_NATION = {
    "england": Calendar.ENGLAND_AND_WALES, "wales": Calendar.ENGLAND_AND_WALES, "scotland": Calendar.SCOTLAND,
    "northern_ireland": Calendar.NORTHERN_IRELAND,
}  # fmt: skip


@dataclass(frozen=True)
class Deadline:
    """The last instant at which something is still in time. ``is_provisional``: a holiday may yet be announced before it."""

    at: datetime
    is_provisional: bool

    @property
    def day(self) -> date:
        """The day in London on whose last instant it falls."""
        return self.at.astimezone(LONDON).date()

    def is_past(self, now: datetime) -> bool:
        """Whether ``now`` (aware) is later. The last instant itself is still in time."""
        return now > self.at


@functools.lru_cache(maxsize=256)
def bank_holidays(calendar: Calendar, year: int) -> frozenset[date]:
    """The bank holidays of ``year``, substitute days included."""
    return frozenset(holidays.country_holidays("GB", subdiv=DIVISIONS[calendar], years=year))


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Monday to Friday, and no bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays(calendar, day.year)


def days_after(start: date, calendar: Calendar) -> Iterator[date]:
    """The working days after ``start``, which itself never counts."""
    day = start
    while True:
        day += timedelta(days=1)
        if is_working_day(day, calendar):
            yield day


def add_working_days(start: date, count: int, calendar: Calendar) -> date:
    """The ``count``-th working day after ``start``. Raises ``ValueError`` below 1: a deadline of no days is a mistake."""
    if count < 1:
        raise ValueError("a number of working days is at least 1")
    return next(day for number, day in enumerate(days_after(start, calendar), 1) if number == count)


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days lie after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    return sum(1 for number in range((end - start).days) if is_working_day(start + timedelta(days=number + 1), calendar))


def end_of(day: date) -> Deadline:
    """The last instant of ``day`` in London, on days of 23 and 25 hours too."""
    return Deadline(datetime.combine(day, LAST_INSTANT, LONDON), day > ANNOUNCED_UNTIL)


def deadline(sent: datetime, count: int, calendar: Calendar) -> Deadline:
    """The clock starts on the day after ``sent`` (aware), in London: the last instant of the ``count``-th working day."""
    if sent.tzinfo is None:
        raise ValueError("a deadline is counted from an instant with a time zone")
    return end_of(add_working_days(sent.astimezone(LONDON).date(), count, calendar))


def deadline_in_days(sent: datetime, count: int) -> Deadline:
    """As ``deadline``, in calendar days."""
    if sent.tzinfo is None:
        raise ValueError("a deadline is counted from an instant with a time zone")
    return end_of(sent.astimezone(LONDON).date() + timedelta(days=count))


def later_of(fixed: Deadline, recounted: Deadline) -> Deadline:
    """When a holiday is announced late: an open deadline may move later, never earlier."""
    return max(fixed, recounted, key=lambda one: one.at)


def days_of_table_left(today: date) -> int:
    """How many days the announced holidays still reach."""
    return (ANNOUNCED_UNTIL - today).days
