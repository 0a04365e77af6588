"""C24: absent, given, without an end, run out and withdrawn are different states, at every instant, in London's time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.transitions.consent_states import LONDON, Grant, Standing, standing

GIVEN_AT = datetime(2026, 3, 2, 10, 0, tzinfo=LONDON)


def test_c24_nothing_given_is_absent() -> None:
    assert standing([], GIVEN_AT) == Standing.ABSENT


def test_c24_before_it_was_given_it_is_absent_and_from_that_instant_on_it_is_given() -> None:
    grant = Grant(GIVEN_AT, date(2026, 6, 30))
    assert standing([grant], GIVEN_AT - timedelta(microseconds=1)) == Standing.ABSENT
    assert standing([grant], GIVEN_AT) == Standing.GIVEN


def test_c24_without_an_end_is_a_state_of_its_own_for_ever() -> None:
    assert standing([Grant(GIVEN_AT)], GIVEN_AT + timedelta(days=36_500)) == Standing.INDEFINITE


@pytest.mark.parametrize(
    ("until", "last", "first_after"),
    [
        (date(2026, 12, 1), datetime(2026, 12, 1, 23, 59, 59, 999999, UTC), datetime(2026, 12, 2, 0, 0, tzinfo=UTC)),  # winter: as UTC
        (date(2026, 7, 1), datetime(2026, 7, 1, 22, 59, 59, 999999, UTC), datetime(2026, 7, 1, 23, 0, tzinfo=UTC)),  # summer: an hour ahead
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 0, 0, tzinfo=UTC)),  # eve of the change
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 0, tzinfo=UTC)),  # a day of 23 hours
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),  # of 25 hours
    ],
)
def test_c24_it_lasts_to_the_last_instant_of_its_day_in_london(until: date, last: datetime, first_after: datetime) -> None:
    grant = Grant(GIVEN_AT, until)
    assert (standing([grant], last), standing([grant], first_after)) == (Standing.GIVEN, Standing.EXPIRED)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Asia/Tehran", "UTC"])
def test_c24_the_reader_s_clock_changes_nothing(zone: str) -> None:
    grant = Grant(GIVEN_AT, date(2026, 7, 1))
    last = datetime(2026, 7, 1, 23, 59, 59, tzinfo=LONDON)
    assert standing([grant], last.astimezone(ZoneInfo(zone))) == Standing.GIVEN
    assert standing([grant], (last + timedelta(seconds=1)).astimezone(ZoneInfo(zone))) == Standing.EXPIRED


def test_c24_withdrawn_from_that_instant_on_and_it_never_turns_into_expired() -> None:
    taken_back = datetime(2026, 4, 1, 9, 30, tzinfo=LONDON)
    grant = Grant(GIVEN_AT, date(2026, 6, 30), taken_back)
    assert standing([grant], taken_back - timedelta(microseconds=1)) == Standing.GIVEN
    assert standing([grant], taken_back) == Standing.WITHDRAWN
    assert standing([grant], datetime(2027, 1, 1, tzinfo=LONDON)) == Standing.WITHDRAWN


def test_a_newer_agreement_with_an_end_replaces_an_older_one_without() -> None:
    both = [Grant(GIVEN_AT), Grant(GIVEN_AT + timedelta(days=1), date(2026, 3, 10))]
    assert standing(both, datetime(2026, 3, 10, 12, tzinfo=LONDON)) == Standing.GIVEN
    assert standing(both, datetime(2026, 3, 11, 12, tzinfo=LONDON)) == Standing.EXPIRED


def test_a_withdrawal_holds_for_what_is_written_down_late() -> None:
    taken_back = GIVEN_AT + timedelta(days=5)
    both = [Grant(GIVEN_AT, None, taken_back), Grant(GIVEN_AT + timedelta(days=2))]
    assert standing(both, taken_back) == Standing.WITHDRAWN
    again = Grant(taken_back + timedelta(hours=1))
    assert standing([*both, again], taken_back + timedelta(hours=1)) == Standing.INDEFINITE


INSTANTS = st.integers(0, 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
GRANTS = st.lists(st.builds(Grant, INSTANTS, st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.none() | INSTANTS), max_size=5)


@settings(max_examples=500, deadline=None)
@given(GRANTS, INSTANTS)
def test_open_needs_a_grant_that_was_given_has_not_ended_and_was_not_taken_back(grants: list[Grant], at: datetime) -> None:
    state = standing(grants, at)
    given_by_then = [grant for grant in grants if grant.given_at <= at]
    assert (state == Standing.ABSENT) == (not given_by_then)
    if state in {Standing.GIVEN, Standing.INDEFINITE}:
        newest = max(given_by_then, key=lambda grant: grant.given_at)
        assert newest.until is None or at.astimezone(LONDON).date() <= newest.until
        assert all(not grant.withdrawn_at or not newest.given_at <= grant.withdrawn_at <= at for grant in given_by_then)
