"""The disclosure check: what leads to a door or a person is asked about, and ordinary words are not."""

import pytest

from standards.reports import leaks

GIVES_AWAY = [
    ("postcode", "The house is at BS1 4DJ."), ("street", "It stands in 12 High Street."), ("phone", "Call 0117 496 0000."),
    ("email", "Write to help@harbour.example."), ("name", "We talked with Mary Rowan about it."), ("name",
    "It is a short walk from Swansea."),
    ("small_count", "Two women told us so."), ("small_count", "We met three young residents."), ("small_count",
    "One of the survivors was ill."),
    ("rare", "An Albanian woman told us so."), ("rare", "A pregnant resident was moved."), ("rare",
    "A man from a cannabis farm slept badly."),
    ("clock", "The night staff leave at 6:30."), ("quote", "She said “I never felt safe in that place”."),
]  # fmt: skip
SAYS_NOTHING = [
    "Staff are kind and well trained.", "The Standards ask for more.", "People in England and Wales were heard.",
    "Survivors know whom to ask.",
    "In November the plans were reviewed.", "We judged one standard.", "Most plans were reviewed in time.",
    "The National Referral Mechanism is explained.",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), GIVES_AWAY)
def test_b3_what_gives_away_is_asked_about(kind: str, text: str) -> None:
    assert kind in {hit.kind for hit in leaks.look({"statement-1": text})}


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_b3_ordinary_words_are_not(text: str) -> None:
    assert leaks.look({"statement-1": text}) == []


def test_b3_whoever_is_known_by_name_is_found_in_any_writing() -> None:
    hits = leaks.look({"statement-1": "the plan of kestrelwood was late."}, names=["Kestrelwood", "X"])
    assert [(hit.kind, hit.excerpt) for hit in hits] == [("known_name", "Kestrelwood")]


def test_b3_where_few_services_are_a_capital_is_a_place() -> None:
    hits = leaks.look({"statement-1": "It is close to Swansea."}, has_few_services=True)
    assert [hit.kind for hit in hits] == ["place"]


def test_b3_each_thing_is_asked_once_for_a_place() -> None:
    hits = leaks.look({"statement-1": "Two women and two women."})
    assert len([hit for hit in hits if hit.kind == "small_count"]) == len({hit.excerpt for hit in hits if hit.kind == "small_count"})
