"""The whole guide of one language as one HTML document: self-contained, in reading order, without the site's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.languages import Language
from survivors.carry.reading import page_at
from survivors.facts.models import Fact
from survivors.guide.contents import Entry
from survivors.guide.models import table_of_contents

TEMPLATES = settings.BASE_DIR / "templates/survivors/carry"
LAYOUT = tuple(TEMPLATES / name for name in ("document.html", "document_page.html", "document_part.html"))
SPACE = re.compile(r"\s+")
IDLE = re.compile(r"> <(?=/?(?:html|head|body|meta|title|style|header|nav|section|article|h[1-6]|p|ul|ol|li|div|dl|dt|dd)\b)")


@dataclass(frozen=True)
class Part:
    """One block of a page. ``value``: what editors wrote; ``settled``: whether it may stand as a fact."""

    kind: str
    value: Any
    settled: bool
    chips: list[Any]


def document(language: Language) -> str:
    """The document, in the words of the reader's language where there are any, and otherwise in English, said to be English."""
    with translation.override(language.code):
        topics = table_of_contents(language)
        request = HttpRequest()
        context = {
            "language": language,
            "topics": [(topic, [_sheet(request, page) for page in topic.pages]) for topic in topics],
            "anchors": {entry.path: entry.slug for topic in topics for entry in topic.pages},
            "facts": Fact.objects.register(language.code),
            "today": timezone.localdate(),
        }
        html = render_to_string("survivors/carry/document.html", context)
    return IDLE.sub("><", SPACE.sub(" ", html)).strip()


def _sheet(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """What one page says: its context, and its blocks as ``parts``."""
    context = page_at(request, entry.path).get_context(request)
    return {**context, "entry": entry, "parts": list(_parts(context))}


def _parts(context: dict[str, Any]) -> Iterator[Part]:
    for child in context["page"].body:
        if child.block_type == "contact":
            fact = child.value["fact"]
            value = context["facts"].get(fact.key) if fact else None
            if value is not None:
                yield Part("contact", value, value.is_settled, [])
            continue
        found = child.block.get_context(child.value, dict(context))
        chips = found["chips"] if child.block_type == "for_whom" else []
        yield Part(child.block_type, child.value, found.get("settled", True), chips)
