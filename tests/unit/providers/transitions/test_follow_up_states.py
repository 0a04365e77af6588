"""7.6 and 7.7: when she is asked, and what may be concluded from answers and from silence."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calendar.working_days import Calendar
from providers.transitions.follow_up_states import (
    ANSWERS,
    LONDON,
    POINTS,
    QUESTIONS,
    Answered,
    Tried,
    contact_is_lost,
    due_on,
    may_be_called_stable,
    problems,
)  # fmt: skip

ENGLAND = Calendar.ENGLAND_AND_WALES
WELL = dict.fromkeys(QUESTIONS, "yes")


@pytest.mark.parametrize(
    ("moved", "point", "due"),
    [
        (date(2026, 11, 2), "48h", date(2026, 11, 4)),
        (date(2026, 11, 2), "7d", date(2026, 11, 9)),
        (date(2026, 11, 2), "28d", date(2026, 11, 30)),
        (date(2026, 11, 2), "56d", date(2026, 12, 28)),
        (date(2026, 11, 30), "3m", date(2027, 2, 28)),
        (date(2027, 11, 30), "3m", date(2028, 2, 29)),
        (date(2026, 8, 31), "6m", date(2027, 2, 28)),
        (date(2028, 2, 29), "12m", date(2029, 2, 28)),
        (date(2026, 12, 31), "12m", date(2027, 12, 31)),
    ],
)
def test_days_are_days_and_months_are_months_of_the_calendar(moved: date, point: str, due: date) -> None:
    assert due_on(moved, point) == due


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_points_follow_each_other(moved: date) -> None:
    days = [due_on(moved, point) for point in POINTS]
    assert days == sorted(set(days))
    assert days[0] > moved


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 0, tzinfo=LONDON)


FAILED = [Tried(at(2, 9), "no_answer"), Tried(at(4, 14), "no_answer"), Tried(at(6, 18), "wrong")]  # Monday, Wednesday, Friday


def test_three_attempts_over_five_working_days_mean_that_contact_is_lost() -> None:
    assert not contact_is_lost(FAILED, at(8, 12), ENGLAND)  # Sunday: Monday the 9th is the fifth working day after the first attempt
    assert contact_is_lost(FAILED, at(9, 0), ENGLAND)


@pytest.mark.parametrize(
    "attempts",
    [
        [],
        FAILED[:2],
        [Tried(at(2, 9), "no_answer"), Tried(at(2, 9) + timedelta(minutes=1), "no_answer"), Tried(at(2, 10), "no_answer")],  # one morning
        [Tried(at(2, 9), "no_answer"), Tried(at(3, 9), "no_answer"), Tried(at(4, 9), "no_answer")],  # always at nine
        [*FAILED, Tried(at(10, 9), "reached")],
        [*FAILED, Tried(at(10, 9), "reached"), Tried(at(11, 9), "no_answer")],
    ],
)
def test_anything_less_does_not(attempts: list[Tried]) -> None:
    assert not contact_is_lost(attempts, at(28, 12), ENGLAND)


def test_bank_holidays_of_the_nation_count() -> None:
    easter = [Tried(datetime(2026, 4, day, hour, tzinfo=LONDON), "no_answer") for day, hour in ((1, 9), (2, 14), (7, 18))]
    eve = datetime(2026, 4, 9, 12, tzinfo=LONDON)  # Good Friday and, in England, Easter Monday lie between
    assert not contact_is_lost(easter, eve, ENGLAND)
    assert contact_is_lost(easter, eve, Calendar.SCOTLAND)
    assert contact_is_lost(easter, eve + timedelta(days=1), ENGLAND)


def test_silence_never_makes_anybody_stable() -> None:
    assert not may_be_called_stable([])
    assert not may_be_called_stable([Answered("6m", {}, "yes")])
    assert not may_be_called_stable([Answered("6m", WELL)])
    assert not may_be_called_stable([Answered("3m", WELL, "yes")])


def test_her_newest_word_counts_and_a_no_to_what_she_needs_outweighs_it() -> None:
    assert may_be_called_stable([Answered("6m", WELL, "yes")])
    assert not may_be_called_stable([Answered("6m", WELL, "yes"), Answered("12m", WELL, "no")])
    assert may_be_called_stable([Answered("12m", WELL, "yes"), Answered("6m", WELL, "no")])
    assert not may_be_called_stable([Answered("12m", WELL | {"food": "no"}, "yes")])


ANSWERED = st.builds(
    Answered,
    st.sampled_from(POINTS),
    st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(ANSWERS)),
    st.sampled_from(["", "yes", "no"]),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(ANSWERED, max_size=6))
def test_stable_always_rests_on_her_own_yes_at_six_or_twelve_months(said: list[Answered]) -> None:
    if may_be_called_stable(said):
        assert any(one.stable == "yes" and one.point in {"6m", "12m"} and one.answers for one in said)


@pytest.mark.parametrize(
    ("point", "content", "wrong"),
    [
        ("7d", {"answers": {"safe": "yes"}}, []),
        ("7d", {}, ["silence"]),
        ("7d", {"answers": {"safe": "not_said"}}, ["silence"]),
        ("7d", {"answers": {"safe": "yes", "nationality": "yes"}}, ["answers"]),
        ("7d", {"answers": {"safe": "a long story"}}, ["answers", "silence"]),
        ("7d", {"answers": {"safe": "no"}, "outcomes": {"housing": "6"}}, ["outcomes"]),
        ("7d", {"answers": {"safe": "no"}, "stable": "yes"}, ["stable"]),
        ("12m", {"answers": {"safe": "no"}, "stable": "yes", "outcomes": {"housing": "5"}}, []),
    ],
)
def test_only_codes_of_the_lists_are_an_answer(point: str, content: dict[str, Any], wrong: list[str]) -> None:
    assert problems(point, content) == wrong


def test_a_no_is_a_risk_of_its_theme() -> None:
    assert Answered("7d", {"safe": "no", "place": "partly", "food": "no"}).risks == ("safety", "money")
