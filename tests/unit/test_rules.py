"""The rules of the finder: every example person, every rule, and what must hold whatever somebody answers."""

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survivors.entitlements.content import value_code
from survivors.entitlements.questions import ask_about, questions, urgent_warnings
from survivors.entitlements.rules import DATA, FactError, Outcome, decide, parse, rule_book
from survivors.facts.wording import references

GUIDE = DATA.parent.parent / "guide/data/en"
FACTS = DATA.parent.parent / "facts/data"
EXAMPLES = yaml.safe_load((DATA / "examples.yaml").read_text(encoding="utf-8"))
PERSONAS: list[dict[str, Any]] = EXAMPLES["personas"]
CASES: list[dict[str, Any]] = EXAMPLES["cases"]
BOOK = rule_book()
RAW: dict[str, Any] = yaml.safe_load((DATA / "rules.yaml").read_text(encoding="utf-8"))
WORDS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((DATA / "words").glob("*.yaml"))}

# What the service of England and Wales gives under its contract, and what only an adult in support there gets.
CONTRACT = {
    "emergency_accommodation_ew", "call_salvation_army_48h", "recovery_30", "support_worker_ew", "safe_house_ew", "money_msvcc",
    "msvcc_recovery_payment", "counselling", "travel_appointments", "move_on_45", "rna", "transition_plan", "reach_in", "re_entry_request",
    "move_on_9_working_days", "destitution_support",
}  # fmt: skip
RECOVERY = {
    "recovery_30", "protection_from_removal", "support_worker_ew", "safe_house_ew", "money_msvcc", "msvcc_recovery_payment", "counselling",
    "move_on_45", "rna", "support_90_scotland", "support_ni", "vts_considered",
}  # fmt: skip
IMMIGRATION = {
    "protection_from_removal", "legal_aid_immigration_ew", "vts_considered", "legal_advice_pre_nrm", "work_check_visa", "benefits_check",
    "nhs_hospital_free_england", "nhs_hospital_devolved", "schedule_10_support", "voluntary_return", "warn_vts_pauses", "warn_nhs_charges",
    "warn_eu_right_to_reside",
}  # fmt: skip
ACCOMMODATION = {"emergency_accommodation_ew", "safe_house_ew", "destitution_support"}

complete = st.fixed_dictionaries({name: st.sampled_from(fact.values) for name, fact in BOOK.facts.items()})
partial = st.fixed_dictionaries({}, optional={name: st.sampled_from(fact.values) for name, fact in BOOK.facts.items()})
many = settings(max_examples=1000, deadline=None)


def shown(outcome: Outcome) -> set[str]:
    return {*outcome.gives, *outcome.may, *outcome.warn}


# --- Example people ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", PERSONAS, ids=lambda person: person["id"])
def test_every_persona_gets_exactly_what_was_read_through(person: dict[str, Any]) -> None:
    outcome = decide(person["facts"])
    assert sorted(outcome.gives) == sorted(person["expect_gives"])
    assert sorted(outcome.may) == sorted(person["expect_may"])
    assert sorted(outcome.warn) == sorted(person["expect_warn"])
    assert not shown(outcome) & set(person["must_not"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_case_holds_and_is_reached_by_its_rule(case: dict[str, Any]) -> None:
    outcome = decide(case["facts"])
    for kind in ("gives", "may", "warn"):
        assert set(case[kind]) <= set(getattr(outcome, kind))
    assert not shown(outcome) & set(case["must_not"])
    assert case["rule"] in {rule.id for rules in outcome.because.values() for rule in rules}


def test_examples_name_only_what_exists() -> None:
    known = {*BOOK.order, *BOOK.warnings}
    lists = [row[name] for row in PERSONAS for name in ("expect_gives", "expect_may", "expect_warn", "must_not")]
    lists += [row[name] for row in CASES for name in ("gives", "may", "warn", "must_not")]
    assert {item for items in lists for item in items} <= known
    ids = [row["id"] for row in (*PERSONAS, *CASES)]
    assert len(ids) == len(set(ids)) >= 30


def test_every_rule_is_reached_by_an_example() -> None:
    reached = {rule.id for row in (*PERSONAS, *CASES) for rules in decide(row["facts"]).because.values() for rule in rules}
    assert [rule.id for rule in BOOK.rules if rule.id not in reached] == []


# --- The data ---------------------------------------------------------------------------------------------------------


def test_every_right_leads_to_a_page_of_the_guide() -> None:
    assert {slug for slug in BOOK.pages.values() if not (GUIDE / f"{slug}.yaml").exists()} == set()


def test_every_rule_names_its_sources_its_mark_and_its_next_review() -> None:
    sources = {row["code"] for row in yaml.safe_load((FACTS / "sources.yaml").read_text(encoding="utf-8"))}
    for rule in BOOK.rules:
        assert rule.source, rule.id
        assert set(rule.source) <= sources, rule.id
        assert rule.confidence in {"A", "B", "C", "D"}, rule.id
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", rule.review_by), rule.id


def test_every_right_and_warning_is_given_by_a_rule_and_every_fact_matters() -> None:
    given_by_rules = {item for rule in BOOK.rules for item in (*rule.gives, *rule.may, *rule.warn)}
    assert {*BOOK.order, *BOOK.warnings} == given_by_rules
    assert {name for rule in BOOK.rules for name in rule.when} == set(BOOK.facts)


def test_what_is_urgent_exists() -> None:
    assert urgent_warnings() <= set(BOOK.warnings)
    assert set(BOOK.order[: len(BOOK.urgent)]) == BOOK.urgent
    assert BOOK.order[0] == "emergency_999"


def test_whom_to_ask_is_in_the_register() -> None:
    facts = {row["key"]: row for row in yaml.safe_load((FACTS / "facts.yaml").read_text(encoding="utf-8"))}
    asked = {ask_about(slug) for slug in BOOK.pages.values()}
    assert "helpline" in asked
    assert {key: facts[key]["kind"] for key in asked} == dict.fromkeys(asked, "phone")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"star_sign": "leo"}, "there is no fact 'star_sign'; known: nation"),
        ({"nation": "france"}, "nation cannot be 'france'; it is one of 'england'"),
        ({"in_danger": 1}, "in_danger cannot be 1; it is one of True, False"),
        ({"in_danger": 0}, "in_danger cannot be 0"),
        ({"in_danger": "true"}, "in_danger cannot be 'true'"),
        ({"asylum": None}, "asylum cannot be None"),
        ({"nation": ["england"]}, "nation cannot be"),
    ],
)
def test_an_unknown_fact_or_value_is_a_clear_error(facts: dict[str, object], message: str) -> None:
    with pytest.raises(FactError, match=re.escape(message)):
        decide(facts)


def changed(**parts: Any) -> dict[str, Any]:
    return RAW | parts


RULE = {"id": "T1", "when": {"nation": "wales"}, "gives": ["interpreter"], "source": ["S02"], "confidence": "A", "review_by": "2027-01"}


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([RULE | {"gives": ["a_pony"]}], "T1: gives a_pony is not declared"),
        ([RULE | {"may": ["a_pony"]}], "T1: may a_pony is not declared"),
        ([RULE | {"warn": ["interpreter"]}], "T1: warn interpreter is not declared"),
        ([RULE | {"gives": ["warn_conviction"]}], "T1: gives warn_conviction is not declared"),
        ([RULE | {"when": {"star_sign": ["leo"]}}], "T1: when star_sign is ('leo',) can never hold"),
        ([RULE | {"when": {"nation": ["wales", "france"]}}], "T1: when nation is ('wales', 'france') can never hold"),
        ([RULE | {"when": {"in_danger": [1]}}], "T1: when in_danger is (1,) can never hold"),
        ([RULE, RULE], "two rules have the same id"),
    ],
)
def test_a_rule_that_names_what_does_not_exist_is_refused(rules: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse(changed(rules=rules))


def test_what_stands_first_must_exist_and_a_single_value_is_a_list_of_one() -> None:
    with pytest.raises(ValueError, match="display_first names a_pony"):
        parse(changed(display_first=["a_pony"]))
    assert parse(changed(rules=[RULE])).decide({"nation": "wales"}).gives == ("interpreter",)
    assert parse(changed(rules=[RULE])).decide({}).gives == ()


# --- What holds whatever somebody answers -----------------------------------------------------------------------------


@many
@given(complete)
def test_the_helpline_always(facts: dict[str, object]) -> None:
    assert "helpline_advice" in decide(facts).gives


@many
@given(complete)
def test_elsewhere_no_item_of_the_contract_of_england_and_wales(facts: dict[str, object]) -> None:
    if facts["nation"] not in {"england", "wales"}:
        items = shown(decide(facts))
        assert not items & CONTRACT
        assert not {item for item in items if item.endswith("_ew")}


@many
@given(complete)
def test_nobody_under_18_or_unsure_gets_adult_items(facts: dict[str, object]) -> None:
    if facts["age_group"] != "adult":
        assert not shown(decide(facts)) & (CONTRACT | {"nrm_choice", "support_90_scotland", "support_ni", "work_full", "benefits"})


@many
@given(complete)
def test_unsure_is_treated_as_a_child(facts: dict[str, object]) -> None:
    outcome = decide(facts | {"age_group": "unsure"})
    assert shown(outcome) == shown(decide(facts | {"age_group": "child"})) | {"treated_as_child"}


@many
@given(complete)
def test_after_disqualification_no_recovery_and_no_protection(facts: dict[str, object]) -> None:
    items = shown(decide(facts | {"stage": "disqualified"}))
    assert not items & RECOVERY
    assert {"warn_disqualified", "legal_advice_urgent"} <= items


@many
@given(complete)
def test_british_and_irish_people_see_nothing_of_immigration(facts: dict[str, object]) -> None:
    assert not shown(decide(facts | {"immigration": "british_irish"})) & IMMIGRATION


@many
@given(complete)
def test_nobody_in_detention_is_told_of_accommodation(facts: dict[str, object]) -> None:
    items = shown(decide(facts | {"in_detention": True}))
    assert not items & ACCOMMODATION
    assert "tell_detention" in items


@many
@given(partial)
def test_danger_stands_before_everything(facts: dict[str, object]) -> None:
    assert decide(facts | {"in_danger": True}).gives[0] == "emergency_999"
    assert "emergency_999" not in decide(facts | {"in_danger": False}).gives


@many
@given(partial)
def test_nothing_is_both_given_and_maybe_and_each_says_why(facts: dict[str, object]) -> None:
    outcome = decide(facts)
    assert not set(outcome.gives) & set(outcome.may)
    assert set(outcome.because) == shown(outcome)
    values = BOOK.complete(facts)
    for item, rules in outcome.because.items():
        assert rules
        assert all(rule.matches(values) and item in (*rule.gives, *rule.may, *rule.warn) for rule in rules)


@many
@given(partial)
def test_what_was_not_asked_counts_with_its_default(facts: dict[str, object]) -> None:
    assert decide(facts) == decide(BOOK.complete(facts))


@many
@given(partial, st.randoms())
def test_the_order_of_the_rules_does_not_matter(facts: dict[str, object], random: Any) -> None:
    mixed = list(BOOK.rules)
    random.shuffle(mixed)
    assert dataclasses.replace(BOOK, rules=tuple(mixed)).decide(facts) == decide(facts)


@many
@given(partial)
@example({})
def test_everything_is_in_display_order(facts: dict[str, object]) -> None:
    outcome = decide(facts)
    for items, order in ((outcome.gives, BOOK.order), (outcome.may, BOOK.order), (outcome.warn, BOOK.warnings)):
        assert list(items) == [item for item in order if item in items]


# --- The words --------------------------------------------------------------------------------------------------------


def texts_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Every text of a file of words by a name of its place."""
    found: dict[str, str] = {}
    for fact, row in data["questions"].items():
        found |= {f"{fact}.text": row["text"], f"{fact}.why": row["why"]}
        found |= {f"{fact}={value}": label for value, label in row["answers"].items()}
    for item, row in data["rights"].items():
        found |= {f"{item}.title": row["title"], f"{item}.text": row["text"]}
    return found | dict(data["warnings"])


def test_there_are_english_words_for_everything_and_for_nothing_else() -> None:
    words = WORDS["en"]
    assert set(words["questions"]) == set(BOOK.facts) == {question.fact for question in questions()}
    assert set(words["rights"]) == set(BOOK.order)
    assert set(words["warnings"]) == set(BOOK.warnings)
    for name, fact in BOOK.facts.items():
        assert list(words["questions"][name]["answers"]) == [value_code(value) for value in fact.values], name
    assert all(text.strip() for text in texts_of(words).values())


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_the_same_texts_with_the_same_facts(language: str) -> None:
    english, own = texts_of(WORDS["en"]), texts_of(WORDS[language])
    assert set(own) == set(english)
    assert [place for place, text in own.items() if not text.strip()] == []
    assert {place: sorted(references(text)) for place, text in own.items()} == {
        place: sorted(references(text)) for place, text in english.items()
    }


def test_no_text_says_that_somebody_cannot_get_something() -> None:
    never = re.compile(r"\b(?:you cannot|you can't|you are not allowed|not entitled|not eligible)\b", re.IGNORECASE)
    assert [text for text in texts_of(WORDS["en"]).values() if never.search(text)] == []


def test_the_data_lies_where_it_is_looked_for() -> None:
    assert Path(GUIDE).is_dir()
    assert len(list(GUIDE.glob("*.yaml"))) >= 39
    assert len(BOOK.rules) == 87
