"""The questions of the finder: danger first, only what can still matter, and always an end."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survivors.entitlements.questions import makes_sense, next_question, questions
from survivors.entitlements.rules import decide, rule_book

BOOK = rule_book()
complete = st.fixed_dictionaries({name: st.sampled_from(fact.values) for name, fact in BOOK.facts.items()})
skipped = st.sets(st.sampled_from(list(BOOK.facts)))
many = settings(max_examples=500, deadline=None)


def journey(answers: Mapping[str, object], skips: set[str] | frozenset[str] = frozenset()) -> dict[str, object]:
    """What somebody with these ``answers`` is asked, in order, with what was answered."""
    said: dict[str, object] = {}
    while question := next_question(said):
        fact = question.fact
        said[fact] = BOOK.facts[fact].default if fact in skips else answers[fact]
        assert len(said) <= len(BOOK.facts), "it never ends"
    return said


def open_facts(said: Mapping[str, object]) -> list[str]:
    return [name for name in BOOK.facts if name not in said]


@many
@given(complete, skipped)
def test_it_ends_and_asks_nothing_twice_with_danger_first(answers: dict[str, object], skips: set[str]) -> None:
    said = journey(answers, skips)
    order = [question.fact for question in questions()]
    assert next(iter(said)) == "in_danger"
    assert len(said) <= len(order)
    assert sorted(said, key=order.index)[:4] == ["in_danger", "age_group", "nation", "stage"]


@many
@given(complete, skipped, complete)
def test_what_made_sense_and_was_not_asked_could_not_change_the_outcome(
    answers: dict[str, object], skips: set[str], others: dict[str, object]
) -> None:
    """Exactly: with the answers given, and whatever the other unasked facts are, every unasked fact that makes sense is idle."""
    said = journey(answers, skips)
    sensible = [question.fact for question in questions() if question.fact not in said and makes_sense(question, said)]
    around = {name: others[name] for name in open_facts(said) if name not in sensible}
    outcomes = [decide({**said, **around}), decide({**said, **others, **said})]
    assert outcomes[0] == outcomes[1]


@many
@given(complete, skipped)
def test_what_is_asked_can_change_the_outcome(answers: dict[str, object], skips: set[str]) -> None:
    """For every question asked there are answers to the open questions with which this answer makes a difference."""
    said: dict[str, object] = {}
    while question := next_question(said):
        fact = question.fact
        assert differs(fact, said), f"{fact} after {said}"
        said[fact] = BOOK.facts[fact].default if fact in skips else answers[fact]


def differs(fact: str, said: Mapping[str, object]) -> bool:
    """Whether a rule on ``fact`` can be the one that decides, tried with its own conditions met and the rest at their defaults."""
    for rule in BOOK.rules:
        if fact not in rule.when or not all(said[name] in values for name, values in rule.when.items() if name in said):
            continue
        for settled in ({}, *({"age_group": age} for age in BOOK.facts["age_group"].values)):
            base = {**settled, **{name: values[0] for name, values in rule.when.items()}, **said}
            if len({(o.gives, o.may, o.warn) for o in (decide({**base, fact: value}) for value in BOOK.facts[fact].values)}) > 1:
                return True
    return False


def test_every_question_is_reached() -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    reached: set[str] = set()
    for _ in range(3000):
        reached |= set(journey({name: chance.choice(fact.values) for name, fact in BOOK.facts.items()}))
    assert reached == set(BOOK.facts)


def test_every_rule_can_be_reached_by_answering() -> None:
    """A rule that only facts nobody is asked for can meet would never speak to anybody."""
    chance = random.Random(8)  # noqa: S311 - repeatable, not secret
    unreached = {rule.id for rule in BOOK.rules}
    for _ in range(200):
        for rule in [rule for rule in BOOK.rules if rule.id in unreached]:
            answers = {name: chance.choice(fact.values) for name, fact in BOOK.facts.items()}
            answers |= {name: chance.choice(values) for name, values in rule.when.items()}
            if rule.matches(BOOK.complete(journey(answers))):
                unreached.discard(rule.id)
    assert unreached == set()


@pytest.mark.parametrize("fact", BOOK.facts)
def test_every_question_can_be_skipped(fact: str) -> None:
    """Skipping is the same as never having been asked."""
    answers: dict[str, Any] = {name: fact_.values[0] for name, fact_ in BOOK.facts.items()}
    said = journey(answers, {fact})
    without = {name: value for name, value in said.items() if name != fact}
    assert decide(said) == decide(without)


def test_nobody_is_asked_what_happened_or_who_they_are() -> None:
    assert not [name for name in BOOK.facts if any(word in name for word in ("name", "birth", "happened", "reference", "address"))]
