"""Facts of the register as plain words, for rooms that do not know this one: they name ``plain_facts`` in their settings by its path."""

from dataclasses import dataclass

from django.utils import translation

from survivors.facts.models import Fact, Kind


@dataclass(frozen=True)
class PlainFact:
    """A value in words of one language, how sure we are of it, and whether it is a number that runs from left to right anywhere."""

    text: str
    mark: str
    is_number: bool


def plain_facts(language: str) -> dict[str, PlainFact]:
    """Every fact that has a value, by key. One query."""
    with translation.override(language):
        return {
            fact.key: PlainFact(fact.plain(), fact.mark, fact.kind in {Kind.PHONE, Kind.AMOUNT})
            for fact in Fact.objects.for_texts()
            if fact.is_known
        }
