"""First pages of the guide, from the seed files. Idempotent by slug; a page that a person has edited is left alone."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from wagtail.models import Page, Site

from portal.accounts import roles
from portal.cms import texts
from portal.languages import BY_CODE
from survivors.facts.models import Fact, Source
from survivors.guide import seed_text, seed_translations
from survivors.guide.models import GlossaryPage, GuideHome, GuidePage, Term, TopicPage, Worded
from survivors.guide.seed_text import SeedError

DATA = Path(__file__).parent / "data"
GLOSSARY = "easy-words"


def load(name: str) -> Any:
    """The seed file ``name`` of this room, parsed. Raises ``SeedError`` with line and column when it is not YAML."""
    return seed_translations.load(DATA / name)


def seed(languages: Collection[str] = ()) -> str:
    """Home, topics, pages, terms, and the drafts in ``languages`` (all by default). Returns what was done, in words."""
    outline = load("topics.yaml")
    home = _home(outline["home"])
    count = {"new": 0, "changed": 0, "kept": 0, "same": 0}
    pages: dict[str, Page] = {}
    for row in outline["topics"]:
        topic = _place(home, TopicPage, row["slug"], _words(row) | {"icon": row["icon"], "mark": "B"}, count)
        for slug in row["pages"]:
            model = GlossaryPage if slug == GLOSSARY else GuidePage
            pages[slug] = _place(topic, model, slug, _article(load(f"en/{slug}.yaml")), count)
    for slug, page in pages.items():  # the second round: links need every page to exist
        _fill(page, load(f"en/{slug}.yaml"), {other: found.pk for other, found in pages.items()})
    terms = _terms()
    drafts = seed_translations.seed(home, outline, pages, languages or BY_CODE)
    roles.translators(GuideHome.objects.exclude(locale=home.locale))
    roles.language_reviewers()
    return f"guide: {count['new']} pages added, {count['changed']} updated, {count['kept']} kept as edited; {terms} terms; drafts: {drafts}"


def _home(row: dict[str, Any]) -> GuideHome:
    home: GuideHome | None = GuideHome.objects.filter(locale__language_code="en").first()
    if home is None:
        doors = {
            f"{name}_{part}": door[part]
            for (name, *_), door in zip(GuideHome.DOORS, row["doors"], strict=True)
            for part in ("title", "text")
        }
        home = GuideHome(slug="guide", mark="B", **_words(row), **doors)
        Page.get_first_root_node().add_child(instance=home)
        home.save_revision().publish()
        site = Site.objects.get(is_default_site=True)
        welcome = site.root_page
        site.root_page, site.site_name = home, "Waymark"
        site.save()
        if welcome.content_type.model_class() is Page:  # Wagtail's own first page, not somebody's work
            welcome.delete()
    return home


def _words(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("title", "browser_title", "summary")}


def _article(row: dict[str, Any]) -> dict[str, Any]:
    same = ("icon", "stages", "nations", "ages", "mark")
    extra = {"step": row.get("step") or "", "now": row.get("now") or "", "search_words": ", ".join(map(str, row.get("search_words") or []))}
    return _words(row) | {name: row[name] for name in same} | extra


def _digest(fields: dict[str, Any]) -> str:
    return hashlib.sha256(yaml.safe_dump(fields, allow_unicode=True).encode()).hexdigest()


def is_edited(page: Page) -> bool:
    """Whether a person has saved this page: the seed's own revisions have no user."""
    return bool(page.revisions.exclude(user=None).exists())


def _place(parent: Page, model: type[Worded], slug: str, fields: dict[str, Any], count: dict[str, int]) -> Worded:
    """The page ``slug`` under ``parent``: made, brought up to date, or left as a person made it."""
    page: Worded | None = model.objects.child_of(parent).filter(slug=slug).first()
    digest = _digest(fields)
    try:
        if page is None:
            page = model(slug=slug, seed_digest=digest, **fields)
            parent.add_child(instance=page)
            page.save_revision().publish()
            count["new"] += 1
        elif page.seed_digest == digest or page.seed_digest.startswith(digest[:32]):
            count["same"] += 1
        elif is_edited(page):
            count["kept"] += 1
        else:
            for name, value in fields.items():
                setattr(page, name, value)
            page.seed_digest = digest
            page.save_revision().publish()
            count["changed"] += 1
    except ValidationError as wrong:
        raise SeedError(f"{slug}: {wrong.message_dict}") from wrong
    return page


def _fill(page: Page, row: dict[str, Any], ids: dict[str, int]) -> None:
    """Body and sources. The digest then covers both halves of the page: head (32 characters) and body."""
    facts = dict(Fact.objects.values_list("key", "pk"))
    digest = page.seed_digest[:32] + _digest({"body": row["body"], "sources": row["sources"]})[:32]
    if page.seed_digest == digest or is_edited(page):
        return
    page.body = seed_text.body(page.slug, row["body"], ids.__getitem__, facts.__getitem__)
    page.sources = Source.objects.filter(code__in=row["sources"])
    if missing := set(row["sources"]) - {source.code for source in page.sources.all()}:
        raise SeedError(f"{page.slug}: no source {', '.join(sorted(missing))} in facts/data/sources.yaml")
    page.seed_digest = digest
    try:
        page.full_clean()
    except ValidationError as wrong:
        raise SeedError(f"{page.slug}: {wrong.message_dict}") from wrong
    page.save_revision().publish()


def _terms() -> int:
    known = set(Term.objects.values_list("key", flat=True))
    rows = [row for row in load("en/terms.yaml") if row["key"] not in known]
    drafts = {path.parent.name: load(f"{path.parent.name}/terms.yaml") for path in DATA.glob("*/terms.yaml") if path.parent.name != "en"}
    for row in rows:
        term = Term(key=row["key"], mark=row["mark"], word_en=row["word"], meaning_en=row["meaning"])
        for language, words in drafts.items():
            for field, text in words.get(row["key"], {}).items():
                setattr(term, f"{field}_{language}", text)
        term.full_clean()
        term.save()
    for language in drafts:
        texts.remember(Term, Term.objects.all(), language)
    return len(rows) + len(known)
