"""Which words of an item a reader gets: their language's if there is one, else English that says it is English; corrections laid over.

The tables keep the wording as it was imported, in English. Welsh stands beside it in columns of its own (``text_cy``):
professionals read English or Welsh, and django-modeltranslation would add a column for each of the guide's eleven
languages. A correction (see ``Erratum``) stands in ``corrected``.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from portal.languages import BY_CODE, SOURCE, Language

PROFESSIONAL = ("en", "cy")  # the languages of the workspace


@dataclass(frozen=True)
class Wording:
    """``text`` in ``language``. ``is_english_instead``: the reader's language has none. ``before``: what an erratum replaced."""

    text: str
    language: Language
    is_english_instead: bool = False
    before: str = ""

    def __str__(self) -> str:
        return self.text


def wording(thing: Any, field: str, code: str | None = None) -> Wording:
    """The words of ``field`` for a reader of ``code`` (the language of the request unless told). No query.

    A translation of words that were corrected since is not shown: it says what was wrong.
    """
    code = code or get_language() or SOURCE
    written: str = getattr(thing, field)
    after = thing.corrected.get(field) if hasattr(thing, "corrected") else None
    if after is not None:
        return Wording(after, BY_CODE[SOURCE], code != SOURCE, written)
    own = getattr(thing, f"{field}_{code}", "") if code in PROFESSIONAL and code != SOURCE else ""
    if own:
        return Wording(own, BY_CODE[code])
    return Wording(written, BY_CODE[SOURCE], bool(written) and code != SOURCE)
