"""Deadlines of reports: from the regime or a default, in its calendar; after a pause as many days are left (TIME)."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.calendar.working_days import LONDON, Calendar, is_working_day
from standards.reports import deadlines

FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-10-01")


def regime(calendar: str = "england_and_wales", **own: object) -> SimpleNamespace:
    return SimpleNamespace(calendar=calendar, deadlines=own)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(("calendar", "sent", "last"), [
    ("england_and_wales", "2026-11-27T16:00", "2026-12-11"),
    ("scotland", "2026-11-27T16:00", "2026-12-14"),  # St Andrew's Day is a holiday there
    ("northern_ireland", "2027-03-10T09:00", "2027-03-25"),  # St Patrick's Day; Good Friday comes after
    ("england_and_wales", "2026-12-18T23:59", "2027-01-06"),
])  # fmt: skip
def test_time_ten_working_days_in_each_calendar(calendar: str, sent: str, last: str) -> None:
    found = deadlines.due(regime(calendar), "comments_open", at(sent))
    assert found is not None
    assert (found[0].day.isoformat(), found[1].source) == (last, "default:comments_open")


def test_a_regime_has_its_own_rule_and_unit() -> None:
    own = regime(comments_open={"days": 21, "unit": "calendar", "source": "contract"})
    found = deadlines.due(own, "comments_open", at("2026-11-27T16:00"))
    assert found is not None
    assert (found[0].day, found[1].source) == (date(2026, 12, 18), "regime:comments_open")


def test_a_state_without_a_rule_has_no_deadline() -> None:
    assert deadlines.due(regime(), "closed", at("2026-11-27T16:00")) is None


def test_beyond_the_announced_holidays_it_is_provisional() -> None:
    found = deadlines.due(regime(), "comments_open", at("2028-01-10T10:00"))
    assert found is not None
    assert found[0].is_provisional


def test_more_time_is_later_than_what_there_was() -> None:
    now = at("2026-12-11T23:59")
    with pytest.raises(ValidationError):
        deadlines.later(now, date(2026, 12, 10))
    assert deadlines.later(now, date(2026, 12, 18)).astimezone(LONDON).date() == date(2026, 12, 18)


@given(
    st.datetimes(FIRST, LAST, timezones=st.just(UTC)), st.integers(0, 20), st.integers(0, 60),
    st.sampled_from(list(Calendar)),
)  # fmt: skip
def test_time_a_pause_takes_no_working_day_away(paused: datetime, left: int, away: int, calendar: Calendar) -> None:
    """Counted day by day, apart from the code: as many working days lie after the pause as lay before it, or one."""
    here, resumed = regime(calendar.value), paused + timedelta(days=away)
    due = paused + timedelta(days=left)
    new = deadlines.after_pause(here, due, paused, resumed)

    def count(start: datetime, end: datetime) -> int:
        day, last = start.astimezone(LONDON).date(), end.astimezone(LONDON).date()
        number = 0
        while day < last:
            day += timedelta(days=1)
            number += is_working_day(day, calendar)
        return number

    assert new >= due
    assert count(resumed, new) >= max(1, count(paused, due)) or new == due
    if new > due:
        assert count(resumed, new) == max(1, count(paused, due))
