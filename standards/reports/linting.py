"""What a careful reader would object to in a draft, before a reviewer reads it (B15). Pure: it finds, people decide.

``stops``: the draft cannot go on with it. Everything else is a question to its authors.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

PHRASE = 12  # words: a run this long that stands in another report was not written for this one
SAME = 0.7  # share of three-word runs that two statements have in common when they say the same
OLDEST = 15  # years: a reading age above it is hard to read
ABSOLUTE = re.compile(
    r"\b(always|never|all|none|every|everyone|everybody|nobody|no one|entirely|completely|totally|without exception|at all times)\b",
    re.IGNORECASE,
)
SHORT = re.compile(r"\b[A-Z][A-Z&]{1,6}s?\b")
KNOWN_SHORT = frozenset({"UK", "NHS", "GP", "A&E", "PDF", "TV", "ID"})
WORD = re.compile(r"[\w'’-]+")
SENTENCE = re.compile(r"(?<=[.!?])\s+")
SHORTFALLS = ("shortfall", "serious_concern")


@dataclass(frozen=True)
class Said:
    """A statement, as far as this looks at it. ``findings``: codes."""

    number: int
    section: str
    text: str
    asserts_fact: bool
    findings: tuple[str, ...]
    standard: str = ""
    key_question: str = ""


@dataclass(frozen=True)
class Found:
    """A finding. ``has_evidence``: words, an activity or a sample show it; ``has_voice``: survivors were talked to."""

    code: str
    kind: str
    standard: str
    is_agreed: bool
    has_evidence: bool
    has_voice: bool
    severity: str = ""


@dataclass(frozen=True)
class Judged:
    """A judgement of a standard."""

    standard: str
    value: str


@dataclass(frozen=True)
class Draft:
    """All that is looked at. ``ratings``: key question → its rating; ``questions``: standard → its key question."""

    statements: Sequence[Said]
    findings: Mapping[str, Found]
    judgements: Sequence[Judged]
    ratings: Mapping[str, str]
    questions: Mapping[str, str]
    elsewhere: frozenset[tuple[str, ...]] = frozenset()
    items: frozenset[str] = frozenset()  # codes of findings that some item answers


@dataclass(frozen=True)
class Problem:
    """One objection. ``numbers``: the statements it is about; none: the whole."""

    kind: str
    words: str
    numbers: tuple[int, ...] = ()
    stops: bool = False


def lint(draft: Draft) -> list[Problem]:
    """Every objection, what stops first."""
    checks = (
        _judgements, _ratings, _evidence, _links, _contradictions, _twice, _phrases, _absolute, _short_forms, _hard, _voice, _unanswered,
    )  # fmt: skip
    found = [problem for check in checks for problem in check(draft)]
    return sorted(found, key=lambda problem: not problem.stops)


def _judgements(draft: Draft) -> Iterable[Problem]:
    """Each judgement has a finding."""
    with_finding = {found.standard for found in draft.findings.values() if found.is_agreed}
    for judged in draft.judgements:
        if judged.value != "not_inspected" and judged.standard not in with_finding:
            yield Problem(
                "judgement", _("The judgement of %(standard)s has no agreed finding.") % {"standard": judged.standard}, stops=True
            )


def _ratings(draft: Draft) -> Iterable[Problem]:
    """Each rating has a finding under its key question."""
    covered = {draft.questions.get(found.standard) for found in draft.findings.values() if found.is_agreed}
    for question, rating in draft.ratings.items():
        if rating and question not in covered:
            yield Problem("rating", _("The rating of “%(question)s” has no finding under it.") % {"question": question}, stops=True)


def _evidence(draft: Draft) -> Iterable[Problem]:
    cited = {code for said in draft.statements for code in said.findings}
    for found in draft.findings.values():
        if found.code in cited and not found.has_evidence:
            yield Problem("evidence", _("Finding %(code)s has nothing that shows it.") % {"code": found.code}, stops=True)


def _links(draft: Draft) -> Iterable[Problem]:
    """A statement of fact stands on an agreed finding; what the inspection itself was stands on its own record."""
    for said in draft.statements:
        standing = [code for code in said.findings if code in draft.findings and draft.findings[code].is_agreed]
        if said.asserts_fact and said.section != "about" and not standing:
            words = _("Statement %(number)d asserts a fact and stands on no agreed finding.") % {"number": said.number}
            yield Problem("link", words, (said.number,), stops=True)


def _contradictions(draft: Draft) -> Iterable[Problem]:
    grave: dict[str, list[str]] = defaultdict(list)
    for found in draft.findings.values():
        if found.is_agreed and found.kind in SHORTFALLS and found.severity in ("high", "critical"):
            grave[found.standard].append(found.code)
    for judged in draft.judgements:
        if judged.value == "met" and grave[judged.standard]:
            words = _("%(standard)s is judged as met, though there are grave findings: %(codes)s.")
            yield Problem("contradiction", words % {"standard": judged.standard, "codes": ", ".join(sorted(grave[judged.standard]))})


def _twice(draft: Draft) -> Iterable[Problem]:
    """The same fact in several places: nearly the same words, or the same finding under several headings."""
    runs = [(said.number, shingles(said.text, 3)) for said in draft.statements]
    for at, (number, mine) in enumerate(runs):
        for other, theirs in runs[at + 1 :]:
            if mine and theirs and len(mine & theirs) / min(len(mine), len(theirs)) >= SAME:
                yield Problem(
                    "twice", _("Statements %(one)d and %(two)d say nearly the same.") % {"one": number, "two": other}, (number, other)
                )
    places: dict[str, dict[tuple[str, str, str], int]] = defaultdict(dict)
    for said in draft.statements:
        if said.asserts_fact and said.section in ("standard", "key_question") and len(said.findings) == 1:
            places[said.findings[0]].setdefault((said.section, said.standard, said.key_question), said.number)
    for code, where in places.items():
        if len(where) > 1:
            numbers = tuple(sorted(where.values()))
            yield Problem("twice", _("Finding %(code)s is told under several headings.") % {"code": code}, numbers)


def _phrases(draft: Draft) -> Iterable[Problem]:
    for said in draft.statements:
        if said.section != "about" and (shared := shingles(said.text, PHRASE) & draft.elsewhere):
            words = _("Statement %(number)d uses a phrase of another report: “%(phrase)s …”.")
            yield Problem("phrase", words % {"number": said.number, "phrase": " ".join(min(shared))}, (said.number,))


def _absolute(draft: Draft) -> Iterable[Problem]:
    for said in draft.statements:
        if found := sorted({match[0].lower() for match in ABSOLUTE.finditer(said.text)}):
            words = _("Statement %(number)d: is “%(words)s” shown without exception?") % {"number": said.number, "words": ", ".join(found)}
            yield Problem("absolute", words, (said.number,))


def _short_forms(draft: Draft) -> Iterable[Problem]:
    """A short form is explained where it first stands: "National Referral Mechanism (NRM)"."""
    explained = {match for said in draft.statements for match in re.findall(r"\(([A-Z][A-Z&]{1,6})s?\)", said.text)}
    first: dict[str, int] = {}
    for said in draft.statements:
        text = re.sub(r"\b[A-Z]+-\d{4}-\d+(?:-F\d+)?\b|\b[A-Z]{3}-\d{2}(?:-[a-z])?\b", " ", said.text)  # names of findings and standards
        for match in SHORT.finditer(text):
            short = match[0].rstrip("s")
            if short not in KNOWN_SHORT and short not in explained:
                first.setdefault(short, said.number)
    for short, number in first.items():
        yield Problem("short", _("Statement %(number)d: what does “%(short)s” stand for?") % {"number": number, "short": short}, (number,))


def _hard(draft: Draft) -> Iterable[Problem]:
    for said in draft.statements:
        if (age := reading_age(said.text)) > OLDEST:
            words = _("Statement %(number)d is hard to read (reading age %(age)d). Shorter sentences help.") % {
                "number": said.number,
                "age": age,
            }
            yield Problem("hard", words, (said.number,))


def _voice(draft: Draft) -> Iterable[Problem]:
    has_voice = any(found.has_voice and found.is_agreed for found in draft.findings.values())
    if not has_voice or not any(said.section == "voice" for said in draft.statements):
        yield Problem("voice", _("No survivor's voice is in this report. Say what survivors told you, or why nobody could be asked."))


def _unanswered(draft: Draft) -> Iterable[Problem]:
    for found in draft.findings.values():
        if found.is_agreed and found.kind in SHORTFALLS and found.code not in draft.items:
            yield Problem("item", _("Nothing is asked to change because of %(code)s.") % {"code": found.code})


def shingles(text: str, size: int) -> frozenset[tuple[str, ...]]:
    """Every run of ``size`` words, in lower case."""
    words = [word.lower() for word in WORD.findall(text)]
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def reading_age(text: str) -> int:
    """Flesch and Kincaid's grade plus five, in years; 0 for what is too short to tell. For English; other languages are not judged."""
    words = WORD.findall(text)
    if len(words) < 15:
        return 0
    sentences = len([part for part in SENTENCE.split(text.strip()) if part]) or 1
    syllables = sum(_syllables(word) for word in words)
    return max(0, round(0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 + 5))


def _syllables(word: str) -> int:
    bare = re.sub(r"[^a-z]", "", word.lower())
    groups = re.findall(r"[aeiouy]+", bare)
    silent = bare.endswith("e") and not bare.endswith(("le", "ee")) and len(groups) > 1
    return max(1, len(groups) - silent)


def numbers_of(problems: Iterable[Problem]) -> dict[int, list[Any]]:
    """Statement → what is said about it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for problem in problems:
        for number in problem.numbers:
            found[number].append(problem)
    return dict(found)
