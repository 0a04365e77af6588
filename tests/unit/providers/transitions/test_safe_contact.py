"""B12: what she agreed about contact is enforced. Nothing agreed, or nothing readable, allows nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.transitions.safe_contact import LONDON, Breach, Channel, Contact, breaches, rules_of

MONDAY_TEN = datetime(2026, 11, 30, 10, 0, tzinfo=LONDON)
AGREED: dict[str, Any] = {"channel": "call", "hours": "morning", "voicemail": "no", "letters": "no", "code_word": "maple"}


def of(contact: Contact, **changed: Any) -> list[Breach]:
    return breaches(rules_of(AGREED | changed), contact)


def test_b12_a_call_as_agreed_may_be_made() -> None:
    assert of(Contact("call", MONDAY_TEN, knows_code=True)) == []


@pytest.mark.parametrize("value", [None, {}, "call", [], {"channel": ""}, {"channel": "pigeon"}, {"channel": "call", "hours": "midnight"},
                                   {"channel": "call", "from": "9 o'clock", "to": "10:00"}, {"channel": "call", "from": "09:00"},
                                   {"channel": "call", "days": [9]}, {"channel": "call", "days": None}])  # fmt: skip
def test_b12_what_is_missing_or_unreadable_allows_nothing(value: Any) -> None:
    for channel in Channel:
        assert breaches(rules_of(value), Contact(channel, MONDAY_TEN, knows_code=True)) == [Breach.NOTHING_AGREED]


@pytest.mark.parametrize(
    ("contact", "changed", "found"),
    [
        (Contact("text", MONDAY_TEN), {}, [Breach.CHANNEL]),
        (Contact("letter", MONDAY_TEN), {}, [Breach.CHANNEL, Breach.LETTERS]),
        (Contact("letter", MONDAY_TEN), {"channel": ["call", "letter"]}, [Breach.LETTERS]),
        (Contact("letter", MONDAY_TEN), {"channel": ["letter"], "letters": "yes"}, []),
        (Contact("call", MONDAY_TEN, leaves_voicemail=True, knows_code=True), {}, [Breach.VOICEMAIL]),
        (Contact("call", MONDAY_TEN, leaves_voicemail=True, knows_code=True), {"voicemail": "yes"}, []),
        (Contact("call", MONDAY_TEN), {}, [Breach.CODE_WORD]),
        (Contact("call", MONDAY_TEN), {"code_word": ""}, []),
        (Contact("call", datetime(2026, 11, 30, 12, 0, tzinfo=LONDON), knows_code=True), {}, [Breach.HOUR]),
        (Contact("call", datetime(2026, 11, 30, 7, 59, 59, tzinfo=LONDON), knows_code=True), {}, [Breach.HOUR]),
        (Contact("call", MONDAY_TEN, knows_code=True), {"days": [1, 2]}, [Breach.DAY]),
        (Contact("email", datetime(2026, 11, 30, 3, 0, tzinfo=LONDON)), {"channel": "email"}, []),  # nobody hears it arrive
    ],
)
def test_b12_what_would_break_the_agreement_is_named(contact: Contact, changed: dict[str, Any], found: list[Breach]) -> None:
    assert of(contact, **changed) == found


def test_b12_hours_are_london_s_in_summer_and_winter() -> None:
    summer, winter = datetime(2026, 7, 6, 7, 30, tzinfo=UTC), datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    assert of(Contact("call", summer, knows_code=True)) == []  # half past eight in London
    assert of(Contact("call", winter, knows_code=True)) == [Breach.HOUR]


def test_b12_a_span_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    night = {"hours": "", "from": "22:00", "to": "02:00", "days": [0]}
    assert of(Contact("call", datetime(2026, 12, 1, 1, 0, tzinfo=LONDON), knows_code=True), **night) == []  # Tuesday at one: Monday's night
    assert of(Contact("call", datetime(2026, 12, 1, 23, 0, tzinfo=LONDON), knows_code=True), **night) == [Breach.DAY]


@pytest.mark.parametrize(
    "message", ["Your safe house place is ready", "Hello from the Salvation Army", "About the NRM", "TRAFFICKING team here"]
)
def test_b12_a_message_that_shows_what_it_is_about_is_stopped(message: str) -> None:
    assert Breach.TELLS in of(Contact("text", MONDAY_TEN, message=message), channel="text")


def test_b12_a_dull_message_may_go() -> None:
    assert of(Contact("text", MONDAY_TEN, message="Hello, please call me back when you can. Anna"), channel="text") == []


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "call", "text", "letter", "any", "yes", "09:00", "99:99", 3, -1, 7.5, True, [], [0], ["call"], ["x", "text"], {}]
)
NAMES = ("channel", "hours", "from", "to", "days", "voicemail", "letters", "code_word")


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), ODD))
def test_b12_rubbish_never_raises_and_never_allows_a_channel_that_was_not_named(value: dict[str, Any]) -> None:
    named = value.get("channel")
    for channel in Channel:
        if not breaches(rules_of(value), Contact(channel, MONDAY_TEN, knows_code=True)):
            assert named == channel or (isinstance(named, list) and channel in named)
