"""Drafts in other languages, from seed files into the translators' workbench (wagtail-localize).

Each sentence becomes an entry of the translation memory, as if a translator had typed it: progress, PO files and later
corrections work on it. A sentence that a person has translated since is never overwritten.
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml
from wagtail.models import Locale, Page
from wagtail_localize.models import String, StringTranslation, Translation, TranslationContext, TranslationSource
from wagtail_localize.segments import StringSegmentValue
from wagtail_localize.segments.extract import extract_segments

from portal.languages import FIRST_RELEASE, SOURCE
from survivors.facts.models import Fact
from survivors.guide import seed_text
from survivors.guide.models import GuideHome
from survivors.guide.seed_text import SeedError

DATA = Path(__file__).parent / "data"


def seed(home: GuideHome, outline: dict[str, Any], pages: dict[str, Page]) -> str:
    """All languages that have seed files. Returns ``"ar 31"``: language and pages translated."""
    done = []
    for language in FIRST_RELEASE:
        folder = DATA / language.code
        if language.code == SOURCE or not (folder / "topics.yaml").exists():
            continue
        locale = Locale.objects.get(language_code=language.code)
        done.append(f"{language.code} {_language(folder, locale, home, outline, pages)}")
    return ", ".join(done) or "none"


def _language(folder: Path, locale: Locale, home: GuideHome, outline: dict[str, Any], pages: dict[str, Page]) -> int:
    words = _load(folder / "topics.yaml")
    _translate(home, _home_copy(home, words["home"]), locale, folder / "topics.yaml")
    topics = {topic.slug: topic for topic in home.get_children().specific()}
    for row in words["topics"]:
        topic = topics[row["slug"]]
        copy = type(topic)(slug=topic.slug, **{name: row[name] for name in ("title", "browser_title", "summary")})
        _translate(topic, copy, locale, folder / "topics.yaml")
    ids = {slug: page.pk for slug, page in pages.items()}
    facts = dict(Fact.objects.values_list("key", "pk"))
    translated = 0
    for slug in (slug for topic in outline["topics"] for slug in topic["pages"]):
        path = folder / f"{slug}.yaml"
        if not path.exists():
            continue
        row, page = _load(path), pages[slug]
        copy = type(page)(slug=slug, **{name: row[name] for name in ("title", "browser_title", "summary")})
        copy.now = row.get("now") or ""
        copy.search_words = ", ".join(map(str, row.get("search_words") or []))
        shape = _load(DATA / SOURCE / f"{slug}.yaml")["body"]
        copy.body = seed_text.body(slug, row["body"], ids.__getitem__, facts.__getitem__, shape)
        _translate(page, copy, locale, path)
        translated += 1
    return translated


def _home_copy(home: GuideHome, row: dict[str, Any]) -> GuideHome:
    copy = GuideHome(slug=home.slug, **{name: row[name] for name in ("title", "browser_title", "summary")})
    for (name, *_), door in zip(GuideHome.DOORS, row["doors"], strict=True):
        setattr(copy, f"{name}_title", door["title"])
        setattr(copy, f"{name}_text", door["text"])
    return copy


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as wrong:
        raise SeedError(f"{path.parent.name}/{path.name}: {wrong}") from wrong


def _translate(page: Page, copy: Page, locale: Locale, path: Path) -> None:
    """Put the sentences of ``copy`` beside those of ``page`` and publish the result, if anything is new."""
    source, _ = TranslationSource.update_or_create_from_instance(page)
    pairs = _pairs(page, copy, f"{path.parent.name}/{path.name}: {page.slug}")
    changed = [_remember(source, locale, where, english, own) for where, english, own in pairs]
    translation, created = Translation.objects.get_or_create(source=source, target_locale=locale)
    if created or any(changed):
        # Published here and not by save_target, which waits for the commit: by then its copy of the page would not know of
        # children that were added since, and saving it would hide them.
        translation.save_target(publish=False)
        translation.get_target_instance().get_latest_revision().publish()


def _pairs(page: Page, copy: Page, name: str) -> list[tuple[str, StringSegmentValue, StringSegmentValue]]:
    english, own = _strings(page), _strings(copy)
    pairs = []
    for where, strings in english.items():
        if len(strings) != len(own[where]):
            raise SeedError(
                f"{name}: {len(own[where])} sentences at {where}, but {len(strings)} in English: “{strings[0].string.data[:60]}”"
            )
        pairs += [(where, source, target) for source, target in zip(strings, own[where], strict=True)]
    return pairs


def _strings(page: Page) -> dict[str, list[StringSegmentValue]]:
    found: dict[str, list[StringSegmentValue]] = defaultdict(list)
    for segment in extract_segments(page):
        if isinstance(segment, StringSegmentValue):
            found[segment.path].append(segment)
    return found


def _remember(source: TranslationSource, locale: Locale, where: str, english: StringSegmentValue, own: StringSegmentValue) -> bool:
    """Whether the memory changed. What a person translated stays."""
    string = String.from_value(source.locale, english.string)
    context, _ = TranslationContext.objects.get_or_create(object_id=source.object_id, path=where)
    kept = StringTranslation.objects.filter(translation_of=string, locale=locale, context=context).first()
    if kept and (kept.last_translated_by_id or kept.data == own.string.data):
        return False
    StringTranslation.objects.update_or_create(
        translation_of=string,
        locale=locale,
        context=context,
        defaults={"data": own.string.data, "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL},
    )
    return True
