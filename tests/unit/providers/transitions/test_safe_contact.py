"""B12: what she agreed about contact is enforced. Nothing agreed, or nothing readable, allows nothing."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.transitions.codes import Item
from providers.transitions.forms import NeedsForm
from providers.transitions.safe_contact import LONDON, Breach, Channel, Contact, Rules, breaches, rules_of

MONDAY_TEN = datetime(2026, 11, 30, 10, 0, tzinfo=LONDON)
AGREED: dict[str, Any] = {
    "channels": ["call"],
    "days": [],
    "from": "08:00",
    "to": "12:00",
    "voicemail": False,
    "letters": None,
    "code_word": "maple",
}


def of(contact: Contact, **changed: Any) -> list[Breach]:
    return breaches(rules_of(AGREED | changed), contact)


def test_b12_a_call_as_agreed_may_be_made() -> None:
    assert of(Contact("call", MONDAY_TEN, knows_code=True)) == []


@pytest.mark.parametrize("value", [None, {}, "call", [], {"channels": []}, {"channels": ["pigeon"]}, {"channels": "call"}, {"channels": 3},
                                   {"channels": ["call"], "from": "9 o'clock", "to": "10:00"}, {"channels": ["call"], "to": 9},
                                   {"channels": ["call"], "days": [9]}, {"channels": ["call"], "days": 3}])  # fmt: skip
def test_b12_what_is_missing_or_unreadable_allows_nothing(value: Any) -> None:
    for channel in Channel:
        assert breaches(rules_of(value), Contact(channel, MONDAY_TEN, knows_code=True)) == [Breach.NOTHING_AGREED]


@pytest.mark.parametrize(
    ("contact", "changed", "found"),
    [
        (Contact("text", MONDAY_TEN), {}, [Breach.CHANNEL]),
        (Contact("letter", MONDAY_TEN), {}, [Breach.CHANNEL, Breach.LETTERS]),
        (Contact("letter", MONDAY_TEN), {"channels": ["call", "letter"]}, [Breach.LETTERS]),
        (Contact("letter", MONDAY_TEN), {"channels": ["letter"], "letters": True}, []),
        (Contact("call", MONDAY_TEN, leaves_voicemail=True, knows_code=True), {}, [Breach.VOICEMAIL]),
        (Contact("call", MONDAY_TEN, leaves_voicemail=True, knows_code=True), {"voicemail": True}, []),
        (Contact("call", MONDAY_TEN), {}, [Breach.CODE_WORD]),
        (Contact("call", MONDAY_TEN), {"code_word": ""}, []),
        (Contact("call", datetime(2026, 11, 30, 12, 0, tzinfo=LONDON), knows_code=True), {}, [Breach.HOUR]),
        (Contact("call", datetime(2026, 11, 30, 7, 59, 59, tzinfo=LONDON), knows_code=True), {}, [Breach.HOUR]),
        (Contact("call", MONDAY_TEN, knows_code=True), {"days": [1, 2]}, [Breach.DAY]),
        (Contact("call", datetime(2026, 11, 30, 23, 0, tzinfo=LONDON), knows_code=True), {"to": ""}, []),
        (Contact("call", datetime(2026, 11, 30, 0, 5, tzinfo=LONDON), knows_code=True), {"from": ""}, []),
        (Contact("call", datetime(2026, 11, 30, 7, 0, tzinfo=LONDON), knows_code=True), {"to": ""}, [Breach.HOUR]),
        (Contact("call", datetime(2026, 11, 30, 3, 0, tzinfo=LONDON), knows_code=True), {"from": "", "to": ""}, []),
        (Contact("email", datetime(2026, 11, 30, 3, 0, tzinfo=LONDON)), {"channels": ["email"]}, []),  # nobody hears it arrive
    ],
)
def test_b12_what_would_break_the_agreement_is_named(contact: Contact, changed: dict[str, Any], found: list[Breach]) -> None:
    assert of(contact, **changed) == found


def test_b12_hours_are_london_s_in_summer_and_winter() -> None:
    summer, winter = datetime(2026, 7, 6, 7, 30, tzinfo=UTC), datetime(2026, 11, 30, 7, 30, tzinfo=UTC)
    assert of(Contact("call", summer, knows_code=True)) == []  # half past eight in London
    assert of(Contact("call", winter, knows_code=True)) == [Breach.HOUR]


def test_b12_a_span_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    night = {"from": "22:00", "to": "02:00", "days": [0]}
    assert of(Contact("call", datetime(2026, 12, 1, 1, 0, tzinfo=LONDON), knows_code=True), **night) == []  # Tuesday at one: Monday's night
    assert of(Contact("call", datetime(2026, 12, 1, 23, 0, tzinfo=LONDON), knows_code=True), **night) == [Breach.DAY]


@pytest.mark.parametrize(
    "message", ["Your safe house place is ready", "Hello from the Salvation Army", "About the NRM", "TRAFFICKING team here"]
)
def test_b12_a_message_that_shows_what_it_is_about_is_stopped(message: str) -> None:
    assert Breach.TELLS in of(Contact("text", MONDAY_TEN, message=message), channels=["text"])


def test_b12_a_dull_message_may_go() -> None:
    assert of(Contact("text", MONDAY_TEN, message="Hello, please call me back when you can. Anna"), channels=["text"]) == []


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "call", "text", "yes", "09:00", "99:99", 3, -1, 7.5, True, [], [0], ["call"], ["text", "letter"], ["x", "text"], {}]
)
NAMES = ("channels", "from", "to", "days", "voicemail", "letters", "code_word")


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), ODD))
def test_b12_rubbish_never_raises_and_never_allows_a_channel_that_was_not_named(value: dict[str, Any]) -> None:
    named = value.get("channels")
    for channel in Channel:
        if not breaches(rules_of(value), Contact(channel, MONDAY_TEN, knows_code=True)):
            assert isinstance(named, list) and channel in named


def test_b12_the_rules_are_read_as_the_form_of_the_record_seals_them() -> None:
    answers = {"base": "0", "channels": ["call", "letter"], "days": ["0", "2"], "from": "10:00", "to": "16:30", "voicemail": "yes",
               "letters": "yes", "code_word": "maple", "details": "x"}  # fmt: skip
    form = NeedsForm(answers, item=Item.CONTACT)
    assert form.is_valid()
    expected = Rules(frozenset({Channel.CALL, Channel.LETTER}), True, True, frozenset({0, 2}), time(10), time(16, 30), "maple")
    assert rules_of(form.value()) == expected
    nothing = NeedsForm({"base": "0"}, item=Item.CONTACT)
    assert nothing.is_valid()
    assert not rules_of(nothing.value()).is_agreed
