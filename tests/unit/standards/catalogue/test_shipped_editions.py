"""The editions that come with the portal: counts of the research, practice and promises for every line, plain words, short sentences."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from standards.catalogue.importing import fingerprint
from standards.catalogue.places import Findings
from standards.catalogue.reading import EditionFile, read_edition

DATA = Path(settings.BASE_DIR) / "standards/catalogue/data"
FORBIDDEN: dict[str, list[str]] = yaml.safe_load((settings.BASE_DIR / "survivors/guide/data/forbidden.yaml").read_text(encoding="utf-8"))
EASY = 5.0  # Flesch-Kincaid grade: read by children of nine to eleven
EDITIONS = ("scs-2018", "scs-2025", "first-response")


def shipped(name: str) -> EditionFile:
    findings = Findings()
    read = read_edition((DATA / f"{name}.yaml").read_text(encoding="utf-8"), findings)
    assert findings.problems == []
    return read


@pytest.fixture(scope="module")
def edition() -> EditionFile:
    return shipped("scs-2018")


def grade(text: str) -> float:
    """Flesch-Kincaid grade of ``text``; syllables are counted by groups of vowels."""
    words = re.findall(r"[A-Za-z'’]+", text)
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]{1,2}", re.sub(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$", "", word.lower())))) for word in words
    )
    return 0.39 * len(words) / len(re.findall(r"[.!?]", text)) + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("name", EDITIONS)
def test_every_shipped_edition_is_without_a_mistake(name: str) -> None:
    assert shipped(name).edition["code"].startswith(name)


def test_the_edition_of_2018_is_what_the_research_found(edition: EditionFile) -> None:
    standards = [row for _, row in edition.standards()]
    indicators = [row for _, row in edition.indicators()]
    assert (len(edition.chapters), len(standards), len(indicators)) == (20, 52, 120)
    assert sum(row["is_critical"] for row in indicators) == 18
    assert Counter(row["key_question"] for row in standards) == {"effective": 14, "responsive": 12, "safe": 12, "caring": 9, "well_led": 5}
    assert Counter(row["provenance"] for row in edition.chapters) == {"seen": 2, "from_memory": 18}
    assert not edition.edition["is_official_text"]


def test_no_word_of_the_research_was_changed(edition: EditionFile) -> None:
    """Titles, statements, texts and critical flags are those of the research file; correcting one on purpose changes this line too."""
    ours = {row["code"]: [row["title"], row["statement"]] for _, row in edition.standards()}
    ours |= {row["code"]: [row["text"], row["is_critical"]] for _, row in edition.indicators()}
    assert fingerprint(ours) == "b6e0e2ac62ef50c53caad660a46f424f6c920342c0d44426fdc37036fa9fe961"


@pytest.mark.parametrize("name", ["scs-2018", "first-response"])
def test_every_indicator_says_what_good_and_weak_practice_look_like(name: str) -> None:
    for _, row in shipped(name).indicators():
        for field in ("good_practice", "weak_practice"):
            assert 20 <= len(row[field]) <= 200, (row["code"], field)
            assert row[field].endswith("."), (row["code"], field)
        assert row["good_practice"] != row["weak_practice"]
        assert row["evidence_hints"] and row["freshness_months"], row["code"]


def test_no_two_indicators_share_their_practice(edition: EditionFile) -> None:
    for field in ("good_practice", "weak_practice"):
        counted = Counter(row[field] for _, row in edition.indicators())
        assert [text for text, count in counted.items() if count > 1] == []


def test_every_standard_has_a_promise_that_a_child_could_read(edition: EditionFile) -> None:
    hard = {row["code"]: round(grade(row["promise_en"]), 1) for _, row in edition.standards() if grade(row["promise_en"]) > EASY}
    assert hard == {}
    assert [row["code"] for _, row in edition.standards() if max(map(len, re.split(r"[.!?]", row["promise_en"]))) > 110] == []
    assert grade("Organisations implement comprehensive multi-agency safeguarding arrangements.") > EASY, "the measure measures"


def test_every_promise_stands_under_a_plain_heading(edition: EditionFile) -> None:
    assert all(chapter["theme"] for chapter in edition.chapters)
    assert {chapter["theme"] for chapter in edition.chapters} == {theme["code"] for theme in edition.themes}


def test_promises_and_headings_hold_no_forbidden_word(edition: EditionFile) -> None:
    lines = [row["promise_en"] for _, row in edition.standards()] + [theme["title"] for theme in edition.themes]
    assert [(stem, line) for line in lines for stem in FORBIDDEN["en"] if stem in line.lower()] == []


def test_promises_are_said_to_await_their_check(edition: EditionFile) -> None:
    assert edition.edition["promises_checked_by"] == ""


def test_the_frame_of_2025_makes_nothing_up() -> None:
    frame = shipped("scs-2025")
    assert frame.edition["status"] == "frame"
    assert frame.chapters == []
    known = {row["code"] for row in frame.edition["known_facts"]}
    assert known >= {
        "work-skills-education",
        "childrens-annex",
        "jurisdictions",
        "outside-the-nrm",
        "disability",
        "culture",
        "lived-experience",
    }
    assert all(row["source"] for row in frame.edition["known_facts"])


def test_first_response_is_another_framework_in_the_same_form() -> None:
    other = shipped("first-response")
    assert other.framework["code"] != "scs"
    assert 5 <= len(other.chapters) <= 8
    assert all(row["applies_to"] == ["first_response"] for _, row in other.standards())
    assert {chapter["provenance"] for chapter in other.chapters} == {"seen"}
