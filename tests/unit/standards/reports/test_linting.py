"""The linter (B15): each objection where it belongs, and none where it does not."""

from typing import Any

import pytest

from standards.reports import linting
from standards.reports.linting import Draft, Found, Judged, Said

FAIR = "Staff listen to survivors and write down what they ask for."


def said(number: int = 1, text: str = FAIR, **fields: Any) -> Said:
    given: dict[str, Any] = {"section": "standard", "asserts_fact": True, "findings": ("F1",), "standard": "RSK-01"} | fields
    return Said(number, given.pop("section"), text, given.pop("asserts_fact"), given.pop("findings"), **given)


def found(code: str = "F1", **fields: Any) -> Found:
    given: dict[str, Any] = {"kind": "meets", "standard": "RSK-01", "is_agreed": True, "has_evidence": True, "has_voice": True} | fields
    return Found(code, **given)


def draft(*statements: Said, **fields: Any) -> Draft:
    voice = Said(99, "voice", "Survivors told us that they feel heard here.", True, ("F1",))
    given: dict[str, Any] = {
        "findings": {"F1": found()},
        "judgements": [Judged("RSK-01", "met")],
        "ratings": {},
        "questions": {"RSK-01": "safe"},
    } | fields
    return Draft([*(statements or (said(),)), voice], **given)


def kinds(of: Draft) -> list[str]:
    return [problem.kind for problem in linting.lint(of)]


def test_b15_a_fair_draft_has_nothing_to_mend() -> None:
    assert kinds(draft()) == []


@pytest.mark.parametrize(("kind", "bad"), [
    ("judgement", draft(judgements=[Judged("PRI-01", "met")])),
    ("judgement", draft(said(findings=("F2",)), findings={"F1": found(is_agreed=False), "F2": found("F2", standard="PRI-01")})),
    ("rating", draft(ratings={"caring": "good"})),
    ("evidence", draft(findings={"F1": found(has_evidence=False)})),
    ("link", draft(said(findings=()))),
    ("link", draft(said(findings=("F9",)))),
])  # fmt: skip
def test_b15_what_stops(kind: str, bad: Draft) -> None:
    problem = next(problem for problem in linting.lint(bad) if problem.kind == kind)
    assert problem.stops


@pytest.mark.parametrize(("kind", "bad"), [
    ("contradiction", draft(findings={"F1": found(kind="shortfall", severity="high")}, items=frozenset({"F1"}))),
    ("twice", draft(said(1, FAIR), said(2, "Staff listen to survivors and write down what they ask for every day.", findings=("F1",
    "F2")))),
    ("twice", draft(said(1), said(2, "Other words about a thing that is far away.", section="key_question", standard="",
    key_question="safe"))),
    ("phrase", draft(said(1, "One two three four five six seven eight nine ten eleven twelve."), elsewhere=linting.shingles(
        "and one two three four five six seven eight nine ten eleven twelve", 12))),
    ("absolute", draft(said(1, "Staff always knock."))),
    ("absolute", draft(said(1, "Nobody was asked."))),
    ("short", draft(said(1, "The RNA was late."))),
    ("hard", draft(said(1,
    "Notwithstanding considerable organisational deterioration, comprehensive accountability documentation demonstrating "
                           "appropriate interdisciplinary safeguarding considerations remained unavailable throughout inspection."))),
    ("voice", draft(findings={"F1": found(has_voice=False)})),
    ("item", draft(findings={"F1": found(kind="shortfall")})),
])  # fmt: skip
def test_b15_what_is_asked(kind: str, bad: Draft) -> None:
    problem = next(problem for problem in linting.lint(bad) if problem.kind == kind)
    assert not problem.stops
    assert problem.words


@pytest.mark.parametrize("fair", [
    draft(said(1, "The recovery needs assessment (RNA) was late. The RNA was short.")),
    draft(said(1, "We read H-2026-014-F07 and RSK-01-a.")),
    draft(said(1, "The NHS gave a GP.")),
    draft(said(1, "The wall was taller than before.")),
    draft(Said(1, "about", "We visited the service.", True, ())),
    draft(Said(1, "summary", "We judged one standard.", False, ())),
    draft(judgements=[Judged("PRI-01", "not_inspected"), Judged("RSK-01", "met")]),
    draft(findings={"F1": found(), "F2": found("F2", is_agreed=False, has_evidence=False)}),
])  # fmt: skip
def test_b15_what_is_fair_stays(fair: Draft) -> None:
    assert kinds(fair) == []


def test_b15_what_stops_stands_first() -> None:
    stops = [problem.stops for problem in linting.lint(draft(said(1, "Staff always knock.", findings=())))]
    assert stops == sorted(stops, reverse=True)


def test_b15_the_whole_of_a_long_report_is_looked_at_in_no_time() -> None:
    import time

    rows = [
        said(number, f"Sentence {number} tells of plan {number * 7} and of what was seen there on day {number}.")
        for number in range(1, 400)
    ]
    begun = time.process_time()
    linting.lint(draft(*rows))
    assert time.process_time() - begun < 2
