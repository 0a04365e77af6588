"""Short translated texts of our own models: which of them may be shown in a language.

A text is shown while its English words are those it was made from, and somebody vouches for it (or drafts are shown).
"""

import hashlib
from collections.abc import Iterable
from typing import ClassVar, Protocol

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

from portal.cms.models.languages import TextState
from portal.languages import SOURCE


class Worded(Protocol):
    """A model with translated words: ``WORDS`` names its fields."""

    WORDS: ClassVar[tuple[str, ...]]

    @property
    def pk(self) -> object:
        """The primary key."""


def english_hash(thing: Worded) -> str:
    """SHA-256 over the English words of ``thing``."""
    words = "\n".join(getattr(thing, f"{field}_{SOURCE}") or "" for field in thing.WORDS)
    return hashlib.sha256(words.encode()).hexdigest()


def has_words(thing: Worded, language: str) -> bool:
    """Whether every word that English has is there in ``language``."""
    return all(getattr(thing, f"{field}_{language}") or not getattr(thing, f"{field}_{SOURCE}") for field in thing.WORDS)


def _states(model: type[models.Model], language: str) -> dict[str, TextState]:
    rows = TextState.objects.filter(content_type=ContentType.objects.get_for_model(model), language=language)
    return {row.object_id: row for row in rows}


def states(model: type[models.Model], things: Iterable[Worded], language: str) -> dict[str, str]:
    """Primary key → ``missing``, ``behind``, ``draft`` or ``signed``. One query."""
    known = _states(model, language)
    found = {}
    for thing in things:
        state = known.get(str(thing.pk))
        if not has_words(thing, language):
            found[str(thing.pk)] = "missing"
        elif state and state.source_hash != english_hash(thing):
            found[str(thing.pk)] = "behind"
        else:
            found[str(thing.pk)] = "signed" if state and state.signed_by_id else "draft"
    return found


def shown(model: type[models.Model], things: Iterable[Worded], language: str) -> set[str]:
    """Primary keys of the ``things`` whose words in ``language`` may be shown. For the rest, English is shown and said to be English."""
    if language == SOURCE:
        return {str(thing.pk) for thing in things}
    wanted = {"signed", "draft"} if settings.SHOW_DRAFTS else {"signed"}
    return {pk for pk, state in states(model, things, language).items() if state in wanted}


def remember(model: type[models.Model], things: Iterable[Worded], language: str) -> None:
    """Note that the words of ``things`` in ``language`` were made from the English of now. For seeds; what is known stays."""
    content_type = ContentType.objects.get_for_model(model)
    rows = [
        TextState(content_type=content_type, object_id=str(thing.pk), language=language, source_hash=english_hash(thing))
        for thing in things
        if has_words(thing, language)
    ]
    TextState.objects.bulk_create(rows, ignore_conflicts=True)
