"""Where facts are used: live pages, easy words, texts of the finder. What is in use can be neither removed nor renamed.

Every model that has ``WORDS`` is read, so that a room built later needs no line here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.text import capfirst
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.blocks.stream_block import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from portal.languages import BY_CODE, FIRST_RELEASE, SOURCE
from survivors.facts.wording import references

REGISTER = "facts.Fact"
SHOWN_BY_THE_PORTAL = frozenset({"emergency", "helpline"})  # error pages and every foot of a page ask for these by name


@dataclass(frozen=True)
class Use:
    """A page or a text that shows a fact."""

    thing: Model
    language: str

    @property
    def label(self) -> str:
        """What it is, for an editor."""
        if isinstance(self.thing, Page):
            return self.thing.title if self.language == SOURCE else f"{self.thing.title} ({BY_CODE[self.language].name})"
        return f"{capfirst(str(self.thing._meta.verbose_name))}: {self.thing}"

    @property
    def address(self) -> str:
        """Where it is edited."""
        return AdminURLFinder().get_edit_url(self.thing) or ""


def uses(languages: Iterable[str] = BY_CODE) -> dict[str, list[Use]]:
    """Fact key → where it is used, in these ``languages`` of pages. One query for each kind of page or text."""
    keys = dict(apps.get_model(REGISTER)._default_manager.values_list("pk", "key"))
    found: dict[str, list[Use]] = defaultdict(list)
    for model in apps.get_models():
        if not hasattr(model, "WORDS") or model._meta.label == REGISTER or model._meta.abstract:
            continue
        for thing, language in _rows(model, set(languages)):
            named = {key for text in _texts(thing) for key in references(text)}
            chosen = {keys[pk] for pk in _chosen(thing) if pk in keys}
            for key in sorted(named | chosen):
                found[key].append(Use(thing, language))
    return found


def uses_of(key: str) -> list[Use]:
    """Everything that shows the fact ``key``, in any language."""
    return uses().get(key, [])


def obstacle(key: str) -> str:
    """Why the fact ``key`` cannot go away or be renamed, in words; empty when it can."""
    if key in SHOWN_BY_THE_PORTAL:
        return f"{{{key}}} stands on every page and on the pages for errors. It can change its value, but it stays."
    labels = list(dict.fromkeys(use.label for use in uses_of(key)))
    if not labels:
        return ""
    more = f" and {len(labels) - 3} more" if len(labels) > 3 else ""
    return f"{{{key}}} is in use: {'; '.join(labels[:3])}{more}. Change those texts first."


def _rows(model: Any, languages: set[str]) -> Iterator[tuple[Model, str]]:
    if issubclass(model, Page):
        for page in model.objects.live().filter(locale__language_code__in=languages).select_related("locale"):
            yield page, page.locale.language_code
    else:
        for row in model._default_manager.all():
            yield row, SOURCE


def _texts(thing: Any) -> Iterator[str]:
    for name in thing.WORDS:
        columns = [name] if isinstance(thing, Page) else [f"{name}_{language.code}" for language in FIRST_RELEASE]
        yield from (getattr(thing, column, "") or "" for column in columns)
    for stream in _streams(thing):
        yield from _strings(stream.raw_data)


def _streams(thing: Model) -> Iterator[StreamValue]:
    yield from (getattr(thing, field.name) for field in thing._meta.get_fields() if isinstance(field, StreamField))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for part in value.values() for text in _strings(part))
    elif isinstance(value, Iterable):
        yield from (text for part in value for text in _strings(part))


def _chosen(thing: Model) -> Iterator[int]:
    """Primary keys of the facts that blocks of ``thing`` were given in a chooser."""
    for stream in _streams(thing):
        for child in stream.raw_data:
            block = stream.stream_block.child_blocks.get(child["type"])
            for name, inner in getattr(block, "child_blocks", {}).items():
                if isinstance(inner, SnippetChooserBlock) and inner.target_model._meta.label == REGISTER and child["value"].get(name):
                    yield child["value"][name]
