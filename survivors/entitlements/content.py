"""The finder in one language: rules and words together, for the page and for the script on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext

from portal.cms import texts
from portal.cms.marks import is_settled
from portal.languages import BY_CODE, SOURCE, Language
from survivors.entitlements.models import FinderText, Kind
from survivors.entitlements.questions import ask_about, questions, urgent_warnings
from survivors.entitlements.rules import Outcome, rule_book
from survivors.facts.models import Fact
from survivors.facts.wording import REFERENCE, references
from survivors.guide.contents import Entry
from survivors.guide.models import table_of_contents


def value_code(value: object) -> str:
    """A fact's value as forms and texts write it: ``true`` for ``True``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass
class Text:
    """Words with their facts put in, as plain text, and the language they are in."""

    text: str
    detail: str
    language: Language
    settled: bool


class Finder:
    """Everything the finder shows to readers of ``language``. Six queries."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.facts = Fact.objects.register(language.code)
        rows = list(FinderText.objects.all())
        self._texts = {(row.kind, row.key): row for row in rows}
        self._shown = texts.shown(FinderText, rows, language.code)

    @cached_property
    def pages(self) -> dict[str, Entry]:
        """Slug → page of the guide."""
        return {page.slug: page for topic in table_of_contents(self.language) for page in topic.pages}

    def text(self, kind: Kind, key: str, language: str = "") -> Text:
        """The words for ``key``. A fact that is not known, or not settled, makes them unsettled."""
        row = self._texts[kind.value, key]
        text, detail, code = row.words(language or (self.language.code if str(row.pk) in self._shown else SOURCE))
        referred = [self.facts.get(name) for name in references(f"{text} {detail}")]
        settled = all(fact and fact.is_settled for fact in referred)
        return Text(self._plain(text), self._plain(detail), BY_CODE[code], settled)

    def _plain(self, text: str) -> str:
        return REFERENCE.sub(lambda match: self.facts[match[1]].plain() if match[1] in self.facts else "…", text)

    def questions(self) -> list[dict[str, Any]]:
        """All questions with their answers, in order, for the plain form."""
        return [
            {
                "fact": question.fact,
                "words": self.text(Kind.QUESTION, question.fact),
                "answers": [
                    (value_code(value), self.text(Kind.ANSWER, f"{question.fact}={value_code(value)}"))
                    for value in rule_book().facts[question.fact].values
                ],
            }
            for question in questions()
        ]

    def result(self, given: Mapping[str, object], outcome: Outcome) -> list[tuple[str, list[dict[str, Any]]]]:
        """The sections in their order, each with its items; empty ones are left out."""
        urgent = rule_book().urgent | urgent_warnings()
        sections = {
            "urgent": [item for item in (*outcome.gives, *outcome.may, *outcome.warn) if item in urgent],
            "gives": [item for item in outcome.gives if item not in urgent],
            "may": [item for item in outcome.may if item not in urgent],
            "warn": [item for item in outcome.warn if item not in urgent],
        }
        return [
            (name, [self.item(item) | self._grounds(item, outcome, given) for item in items]) for name, items in sections.items() if items
        ]

    def item(self, name: str) -> dict[str, Any]:
        """A right or a warning as it is shown: words, the page to read, whom to ask. Nothing here depends on an answer."""
        slug = rule_book().pages.get(name)
        kind = Kind.RIGHT if slug else Kind.WARNING
        words = self.text(kind, name)
        ask = self.facts.get(ask_about(slug)) if slug else None
        return {
            "id": name,
            "words": words,
            "english": self.text(kind, name, SOURCE),
            "page": self.pages.get(slug or ""),
            "ask": ask if ask and ask.is_known and ask.key != "helpline" else None,  # the helpline stands at the end of every result
            "settled": words.settled,
            "is_urgent": name in rule_book().urgent | urgent_warnings(),
        }

    def items(self) -> list[dict[str, Any]]:
        """Every right and warning in display order, for the script to choose from."""
        book = rule_book()
        return [self.item(name) for name in (*book.order, *book.warnings)]

    def _grounds(self, item: str, outcome: Outcome, given: Mapping[str, object]) -> dict[str, Any]:
        """Why it is shown, and how sure we are: each rule is reason enough, so the surest counts. Asked where the person is."""
        rules = outcome.because[item]
        shown = self.item(item)
        named = dict.fromkeys(name for rule in rules for name in rule.when)
        reasons = [(self.text(Kind.QUESTION, name).text, self._answer(name, given)) for name in named]
        ask = shown["ask"]
        if ask and not (ask.is_uk_wide or given.get("nation") in ask.nations):
            ask = None
        mark = min(rule.confidence for rule in rules)
        return {"reasons": reasons, "settled": is_settled(mark) and shown["settled"], "ask": ask}

    def _answer(self, fact: str, given: Mapping[str, object]) -> str:
        """What was answered. What was left open led to the safer answer, and that is said too."""
        if fact not in given:
            return gettext("I do not want to say")
        return self.text(Kind.ANSWER, f"{fact}={value_code(given[fact])}").text


def for_script() -> dict[str, Any]:
    """Rules and questions for the browser: without words, the same in every language and for everybody."""
    book = rule_book()
    return {
        "facts": {name: fact.default for name, fact in book.facts.items()},
        "rules": [
            [_plain(rule.when), " ".join(rule.gives), " ".join(rule.may), " ".join(rule.warn), rule.confidence] for rule in book.rules
        ],
        "questions": [[question.fact, _plain(question.when)] for question in questions()],
    }


def _plain(when: Mapping[str, tuple[object, ...]]) -> dict[str, list[object]]:
    return {name: list(values) for name, values in when.items()}
