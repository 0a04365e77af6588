"""A file with a mistake: every mistake is told with its line and how to mend it, all of them at once."""

import pytest

from standards.catalogue.places import Findings
from standards.catalogue.reading import read_edition

GOOD = """\
schema_version: 1
framework: {code: scs, name: "Standards", publisher: "Somebody"}
edition: {code: scs-1, year: 2018, status: in_use}
key_questions:
  - {code: safe, title: "Safe"}
outcomes:
  - {code: housing, title: "Housing"}
answer_scale:
  - {code: not_met, score: 0, title: "Not met"}
themes:
  - {code: home, title: "Where you live"}
chapters:
  - code: AAA
    title: "Chapter"
    provenance: seen
    outcomes: [housing]
    theme: home
    standards:
      - code: AAA-01
        title: "Standard"
        statement: "A statement."
        promise: "You are safe."
        key_question: safe
        applies_to: all
        indicators:
          - {code: AAA-01-a, text: "First."}
          - {code: AAA-01-b, text: "Second."}
"""
# What is replaced by what, the line of the mistake, words of the message, words of the advice.
BAD = {
    "no yaml": ('title: "Chapter"', 'title: "Chapter', 20, "no YAML", "quotation marks"),
    "unknown key": ("statement:", "statment:", 21, "`statment` is not known", "`statement`"),
    "missing key": ('        statement: "A statement."\n', "", 19, "`statement` is missing", "Add"),
    "missing framework": ("framework:", "frame:", 2, "`frame` is not known", "`framework`"),
    "no version": ("schema_version: 1\n", "", 1, "`schema_version` is missing", "Add"),
    "newer version": ("schema_version: 1", "schema_version: 2", 1, "is 2", "reads version 1"),
    "key twice": ("        promise:", '        title: "Again"\n        promise:', 22, "stands here twice", "Keep one"),
    "code twice": ("AAA-01-b", "AAA-01-a", 27, "stands in line 26 already", "code of its own"),
    "code with a space": ("code: AAA-01-b", 'code: "AAA 01 b"', 27, "“AAA 01 b”", "letters, digits, hyphens"),
    "unknown question": ("key_question: safe", "key_question: saef", 23, "“saef” is not known", "`safe`"),
    "unknown outcome": ("outcomes: [housing]", "outcomes: [hosing]", 16, "“hosing” is not known", "`housing`"),
    "unknown kind of service": ("applies_to: all", "applies_to: [outreech]", 24, "“outreech” is not known", "`outreach`"),
    "unknown provenance": ("provenance: seen", "provenance: guessed", 15, "“guessed” is not known", "from_memory"),
    "unknown theme": ("theme: home", "theme: house", 17, "“house” is not known", "home"),
    "unknown status": ("status: in_use", "status: official", 3, "“official” is not known", "in_use"),
    "one indicator": ('          - {code: AAA-01-b, text: "Second."}\n', "", 19, "has 1 indicators", "2 to 5"),
    "text is a number": ('text: "Second."', "text: 7", 27, "`text` is a whole number", "Write text"),
    "text is empty": ('text: "Second."', 'text: ""', 27, "`text` is empty", "Write the words"),
    "text too long": ('"Second."', f'"{"x" * 501}"', 27, "has 501 characters", "At most 500"),
    "critical is a word": ('text: "Second."', 'text: "Second.", critical: "yes, very"', 27, "`critical` is text", "true or false"),
    "freshness out of range": ('text: "Second."', 'text: "Second.", freshness_months: 500', 27, "is 500", "from 1 to 120"),
    "year is text": ("year: 2018", 'year: "2018"', 3, "`year` is text", "a whole number"),
    "score missing": ("score: 0, ", "", 9, "`score` is missing", "0 to 3"),
    "chapters is a mapping": ("  - code: AAA\n    title", "    code: AAA\n    title", 13, "is a group of keys", "hyphen"),
    "indicator is a text": ('{code: AAA-01-b, text: "Second."}', '"Second."', 27, "is text", "keys and values"),
    "welsh only for professionals": (
        'text: "Second."', 'text: "Second.", translations: {ar: {text: "x"}}', 27, "`ar` is not known", "cy",
    ),
    "unknown language": (
        '        key_question: safe', '        translations: {xx: {promise: "x"}}\n        key_question: safe', 23, "`xx` is not", "ar",
    ),
}  # fmt: skip


def problems(text: str) -> list[tuple[int, str, str]]:
    findings = Findings()
    read_edition(text, findings)
    return [(problem.line, problem.what, problem.mend) for problem in findings.problems]


def test_the_good_file_is_good() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_told_with_its_line_and_how_to_mend_it(name: str) -> None:
    old, new, line, what, mend = BAD[name]
    assert GOOD.count(old) >= 1, "the case changes something"
    head, _, tail = GOOD.rpartition(old)
    told = problems(head + new + tail)
    assert any(place == line and what in said and mend in advice for place, said, advice in told), told


def test_every_mistake_is_told_at_once() -> None:
    text = GOOD.replace("statement:", "statment:").replace("provenance: seen", "provenance: guessed").replace("year: 2018", "year: soon")
    assert {3, 15, 21} <= {line for line, _, _ in problems(text)}


def test_an_empty_file_is_told() -> None:
    assert problems("")[0][1] == "the file is empty"
    assert problems("- a\n- b\n")[0][1].endswith("is a list")


def test_other_frameworks_get_advice_where_ours_gets_a_mistake() -> None:
    findings = Findings()
    one = GOOD.replace('          - {code: AAA-01-b, text: "Second."}\n', "").replace("code: scs,", "code: other,")
    read_edition(one, findings)
    assert findings.problems == []
    assert [warning.line for warning in findings.warnings] == [19]
