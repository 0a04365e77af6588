"""Working days against an oracle of our own, which knows the law and shares no code with the package (TIME-01 to TIME-08)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calendar import working_days as wd
from portal.calendar.working_days import LONDON, Calendar

YEARS = range(2018, 2041)
ONE_OFF_ADDED = {
    Calendar.ENGLAND_AND_WALES: {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)},
    Calendar.SCOTLAND: {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8), date(2026, 6, 15)},
    Calendar.NORTHERN_IRELAND: {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)},
}
MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}  # VE day; the jubilee


def easter(year: int) -> date:
    """Gauss, as corrected for the Gregorian calendar (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, day = divmod(h + el - 7 * m + 114, 31)
    return date(year, month, day + 1)


def nth(year: int, month: int, number: int, weekday: int = 0) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def last(year: int, month: int, weekday: int = 0) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)


def substituted(days: list[date]) -> set[date]:
    """Each day that falls on a weekend moves to the next weekday that is not taken."""
    taken = {day for day in days if day.weekday() < 5}
    for day in (day for day in days if day.weekday() >= 5):
        instead = day
        while instead.weekday() >= 5 or instead in taken:
            instead += timedelta(days=1)
        taken.add(instead)
    return taken


def oracle(calendar: Calendar, year: int) -> set[date]:
    def moved(day: date) -> date:
        return MOVED.get(day, day)

    sunday = easter(year)
    found = {sunday - timedelta(days=2), moved(nth(year, 5, 1)), moved(last(year, 5))}
    found |= substituted([date(year, 12, 25), date(year, 12, 26)])
    if calendar == Calendar.SCOTLAND:
        found |= substituted([date(year, 1, 1), date(year, 1, 2)]) | substituted([date(year, 11, 30)]) | {nth(year, 8, 1)}
    else:
        found |= substituted([date(year, 1, 1)]) | {sunday + timedelta(days=1), last(year, 8)}
    if calendar == Calendar.NORTHERN_IRELAND:
        found |= substituted([date(year, 3, 17)]) | substituted([date(year, 7, 12)])
    return found | {day for day in ONE_OFF_ADDED[calendar] if day.year == year}


@pytest.mark.parametrize("calendar", Calendar)
def test_time_01_every_working_day_from_2018_to_2040(calendar: Calendar) -> None:
    wrong, day = [], date(2018, 1, 1)
    while day.year <= YEARS[-1]:
        if wd.is_working_day(day, calendar) != (day.weekday() < 5 and day not in oracle(calendar, day.year)):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


@settings(max_examples=2000, deadline=None)
@given(
    start=st.dates(date(2018, 1, 1), date(2039, 6, 1)), count=st.integers(1, 60), calendar=st.sampled_from(list(Calendar)),
)  # fmt: skip
def test_time_01_a_deadline_is_the_nth_working_day(start: date, count: int, calendar: Calendar) -> None:
    due = wd.add_working_days(start, count, calendar)
    assert wd.is_working_day(due, calendar)
    assert wd.working_days_between(start, due, calendar) == count
    assert wd.working_days_between(start, due - timedelta(days=1), calendar) == count - 1


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        (datetime(2026, 11, 24, 9, tzinfo=LONDON), date(2026, 12, 8)),
        (datetime(2026, 11, 24, 23, 59, 59, tzinfo=LONDON), date(2026, 12, 8)),
        (datetime(2026, 11, 25, 0, 0, tzinfo=LONDON), date(2026, 12, 9)),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 16)),  # already the next day in London
        (datetime(2026, 7, 1, 19, 30, tzinfo=ZoneInfo("America/New_York")), date(2026, 7, 16)),
    ],
)
def test_time_02_and_08_ten_working_days_from_an_instant_in_london(sent: datetime, day: date) -> None:
    due = wd.deadline(sent, 10, Calendar.ENGLAND_AND_WALES)
    assert due.day == day
    assert due.at.astimezone(LONDON).strftime("%H:%M:%S.%f") == "23:59:59.999999"


def test_time_02_the_last_instant_is_in_time_and_the_next_is_not() -> None:
    due = wd.end_of(date(2026, 12, 8))
    assert not due.is_past(due.at)
    assert not due.is_past(due.at - timedelta(seconds=1))
    assert due.is_past(due.at + timedelta(microseconds=1))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_time_02_days_of_23_and_25_hours_end_at_midnight_in_london(day: date, hours: int) -> None:
    begins = datetime.combine(day, datetime.min.time(), LONDON)
    length = wd.end_of(day).at.astimezone(UTC) + timedelta(microseconds=1) - begins.astimezone(UTC)
    assert length == timedelta(hours=hours)


def test_time_03_beyond_the_announced_days_a_deadline_is_provisional() -> None:
    assert not wd.end_of(wd.ANNOUNCED_UNTIL).is_provisional
    assert wd.end_of(wd.ANNOUNCED_UNTIL + timedelta(days=1)).is_provisional
    assert wd.days_of_table_left(wd.ANNOUNCED_UNTIL - timedelta(days=180)) == 180


@given(a=st.dates(date(2020, 1, 1), date(2030, 1, 1)), b=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_time_04_an_open_deadline_never_moves_earlier(a: date, b: date) -> None:
    fixed, recounted = wd.end_of(a), wd.end_of(b)
    assert wd.later_of(fixed, recounted).at >= fixed.at


def test_time_07_leap_days_and_year_ends() -> None:
    assert wd.add_working_days(date(2028, 2, 28), 1, Calendar.ENGLAND_AND_WALES) == date(2028, 2, 29)
    assert wd.add_working_days(date(2027, 12, 24), 1, Calendar.ENGLAND_AND_WALES) == date(2027, 12, 29)
    assert wd.add_working_days(date(2026, 12, 31), 1, Calendar.SCOTLAND) == date(2027, 1, 5)
    assert wd.end_of(date(2038, 1, 19)).at.year == 2038


def test_a_count_of_nothing_and_an_instant_of_nowhere_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        wd.add_working_days(date(2026, 1, 1), 0, Calendar.SCOTLAND)
    with pytest.raises(ValueError, match="time zone"):
        wd.deadline(datetime(2026, 1, 1), 1, Calendar.SCOTLAND)  # noqa: DTZ001 - that is the point
