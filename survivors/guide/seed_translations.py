"""Drafts in other languages, from seed files into the translators' workbench (wagtail-localize).

Each sentence becomes an entry of the translation memory, as if a translator had typed it: progress, PO files and later
corrections work on it. A sentence that a person has translated since is never overwritten.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from wagtail.models import Locale, Page
from wagtail_localize.fields import TranslatableField
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from portal.languages import BY_CODE, SOURCE
from survivors.facts.models import Fact
from survivors.facts.release import read
from survivors.guide import seed_text
from survivors.guide.models import GuideHome
from survivors.guide.seed_text import SeedError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Sentence:
    """An English sentence as the workbench keeps it, and where it stands."""

    text: str
    string_id: int
    context_id: int


class Workbench:
    """One English page given to translators: read once, then filled for every language."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.source, _ = TranslationSource.update_or_create_from_instance(page)
        self.sentences: dict[str, list[Sentence]] = defaultdict(list)
        for segment in self.source.stringsegment_set.select_related("string", "context").order_by("order"):
            self.sentences[segment.context.path].append(Sentence(segment.string.data, segment.string_id, segment.context_id))

    def fill(self, copy: Page, locale: Locale, path: Path) -> None:
        """Put the sentences of ``copy`` beside those of the English page and publish the result, if anything is new."""
        own = _strings(copy)
        rows = []
        for where, sentences in self.sentences.items():
            if len(sentences) != len(own[where]):
                raise SeedError(
                    f"{path.parent.name}/{path.name}: {self.page.slug}: {len(own[where])} sentences at {where}, "
                    f"but {len(sentences)} in English: “{sentences[0].text[:60]}”"
                )
            rows += [(sentence, string) for sentence, string in zip(sentences, own[where], strict=True)]
        _translation, created = Translation.objects.get_or_create(source=self.source, target_locale=locale)
        if self._remember(locale, rows) or created:
            self._publish(copy, locale)

    def _publish(self, copy: Page, locale: Locale) -> None:
        """The words of ``copy`` on the page of this language.

        Not by wagtail-localize's ``save_target``: it would put the same sentences together again from the memory, four times slower, and
        publish at the end of the transaction from a copy that does not know of children added since, which would hide them.
        """
        target = self.page.get_translation_or_none(locale) or self.page.copy_for_translation(locale)
        target = target.specific
        for field in target.translatable_fields:
            if isinstance(field, TranslatableField):
                setattr(target, field.field_name, getattr(copy, field.field_name))
        target.alias_of = None
        target.save_revision().publish()

    def _remember(self, locale: Locale, rows: list[tuple[Sentence, str]]) -> int:
        """How many sentences are new in the memory. What a person translated stays."""
        strings = {sentence.string_id for sentence, _own in rows}
        memory = StringTranslation.objects.filter(locale=locale, translation_of__in=strings)
        known = {(kept.translation_of_id, kept.context_id): kept for kept in memory}
        new: dict[tuple[int, int], StringTranslation] = {}
        for sentence, own in rows:
            place = (sentence.string_id, sentence.context_id)
            kept = known.get(place)
            if kept and (kept.last_translated_by_id or kept.data == own):
                continue
            new[place] = kept or StringTranslation(translation_of_id=place[0], context_id=place[1], locale=locale)
            new[place].data = own
            new[place].translation_type = StringTranslation.TRANSLATION_TYPE_MANUAL
        StringTranslation.objects.bulk_create([row for row in new.values() if row.pk is None])
        StringTranslation.objects.bulk_update([row for row in new.values() if row.pk], ["data", "translation_type"])
        return len(new)


def seed(home: GuideHome, outline: dict[str, Any], pages: dict[str, Page], languages: Collection[str]) -> str:
    """All of ``languages`` that have seed files. Returns ``"ar 39"``: language and pages translated."""
    folders = {code: DATA / code for code in BY_CODE if code != SOURCE and code in languages and (DATA / code / "topics.yaml").exists()}
    if not folders:
        return "none"
    topics = {topic.slug: topic for topic in home.get_children().specific()}
    benches = {page.slug: Workbench(page) for page in (home, *topics.values(), *pages.values())}
    ids = {slug: page.pk for slug, page in pages.items()}
    facts = dict(Fact.objects.values_list("key", "pk"))
    done = []
    for code, folder in folders.items():
        locale = Locale.objects.get(language_code=code)
        words = load(folder / "topics.yaml")
        benches[home.slug].fill(_home_copy(home, words["home"]), locale, folder / "topics.yaml")
        for row in words["topics"]:
            copy = type(topics[row["slug"]])(slug=row["slug"], **_heads(row))
            benches[row["slug"]].fill(copy, locale, folder / "topics.yaml")
        slugs = [slug for topic in outline["topics"] for slug in topic["pages"] if (folder / f"{slug}.yaml").exists()]
        for slug in slugs:
            benches[slug].fill(_copy(pages[slug], folder, ids, facts), locale, folder / f"{slug}.yaml")
        done.append(f"{code} {len(slugs)}")
    return ", ".join(done)


def load(path: Path) -> Any:
    """A seed file, parsed. Raises ``SeedError`` with line and column when it is not YAML."""
    try:
        return read(path)
    except yaml.YAMLError as wrong:
        raise SeedError(f"{path.parent.name}/{path.name}: {wrong}") from wrong


def _heads(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("title", "browser_title", "summary")}


def _home_copy(home: GuideHome, row: dict[str, Any]) -> GuideHome:
    copy = GuideHome(slug=home.slug, **_heads(row))
    for (name, *_), door in zip(GuideHome.DOORS, row["doors"], strict=True):
        setattr(copy, f"{name}_title", door["title"])
        setattr(copy, f"{name}_text", door["text"])
    return copy


def _copy(page: Page, folder: Path, ids: dict[str, int], facts: dict[str, int]) -> Page:
    row = load(folder / f"{page.slug}.yaml")
    copy = type(page)(slug=page.slug, now=row.get("now") or "", **_heads(row))
    copy.search_words = ", ".join(map(str, row.get("search_words") or []))
    shape = load(DATA / SOURCE / f"{page.slug}.yaml")["body"]
    copy.body = seed_text.body(page.slug, row["body"], ids.__getitem__, facts.__getitem__, shape)
    return copy


def _strings(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for segment in extract_segments(page):
        if isinstance(segment, StringSegmentValue):
            found[segment.path].append(segment.string.data)
    return found
