"""How old evidence may be. Pure: dates in, a word out."""

import calendar
from datetime import date, timedelta
from enum import StrEnum

USUAL_MONTHS = 12  # where an indicator says nothing else
SOON = timedelta(days=30)


class Freshness(StrEnum):
    """Whether evidence still shows what it says."""

    FRESH = "fresh"
    DUE = "due"  # to be reviewed within thirty days
    STALE = "stale"  # its review date has passed, or the time it covers is too long ago


def months_before(day: date, months: int) -> date:
    """The same day, ``months`` earlier; the last of its month where that month is shorter."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def freshness(period_end: date, review_on: date, day: date, months: int | None = None) -> Freshness:
    """On ``day``, of evidence that covers until ``period_end``. ``months``: how old it may be, twelve unless said otherwise."""
    if review_on <= day or period_end < months_before(day, months or USUAL_MONTHS):
        return Freshness.STALE
    return Freshness.DUE if review_on <= day + SOON else Freshness.FRESH
