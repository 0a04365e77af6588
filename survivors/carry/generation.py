"""The generation of the guide: a name that changes whenever the paper copy of a language would come out different."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from wagtail.models import Page

from portal.languages import SOURCE, Language
from survivors.carry import paper
from survivors.facts.models import Fact
from survivors.guide.models import Term, table_of_contents


def generation(language: Language) -> str:
    """Hash of everything the paper copy is made of: live revisions, facts, terms, what may be shown, catalogue, layout."""
    digest = hashlib.sha256(f"{settings.VERSION} {settings.SHOW_DRAFTS} {settings.PAPER_STYLE.text}".encode())
    with translation.override(SOURCE):  # a query for "name" would ask for the column of the active language
        for row in _rows(language):
            digest.update(repr(row).encode())
    catalogue = settings.CATALOGUE_DIR / language.code / "LC_MESSAGES" / "django.mo"
    for path in (*paper.LAYOUT, catalogue):
        digest.update(_content(path))
    return digest.hexdigest()[:20]


def _rows(language: Language) -> Iterable[object]:
    live = Page.objects.live().public().filter(locale__language_code__in={SOURCE, language.code})
    yield from live.order_by("pk").values_list("pk", "live_revision_id", "path")
    yield from Fact.objects.order_by("pk").values_list()
    yield from Term.objects.order_by("pk").values_list()
    for topic in table_of_contents(language):
        yield [(entry.path, entry.language.code) for entry in (topic, *topic.pages)]
    yield timezone.localdate().replace(day=1)  # a check that falls due is said on the page: once a month is often enough


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
