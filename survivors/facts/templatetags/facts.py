"""Words of the guide in templates: rich text or plain, with their facts put in."""

from typing import Any

from django import template
from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from wagtail.rich_text import RichText, expand_db_html

from portal.design.html import trusted
from portal.languages import SOURCE
from survivors.facts.markup import insert_facts
from survivors.facts.models import Fact
from survivors.facts.release import seeded_values

register = template.Library()


@register.simple_tag(takes_context=True)
def words(context: dict[str, Any], value: RichText | str) -> SafeString:
    """``value`` for the reader. Rich text is what the editor's allow-list let in; plain text is escaped."""
    if isinstance(value, RichText):
        with translation.override(context["language"].code):  # links stay in the reader's language, also inside English text
            html = expand_db_html(value.source)
    else:
        html = escape(value)
    return trusted(insert_facts(html, context["facts"]))


@register.simple_tag
def fact_words(fact: Fact, field: str) -> SafeString:
    """A translated field of a fact; in English, marked as English, where there is no translation yet."""
    reader = translation.get_language() or SOURCE
    own = getattr(fact, f"{field}_{reader}", "")
    if own and reader in {SOURCE, fact.shown_in}:
        return escape(own)
    return format_html('<span lang="en" dir="ltr">{}</span>', getattr(fact, f"{field}_en") or "")


@register.simple_tag
def registered_facts() -> QuerySet[Fact]:
    """Every fact that words may refer to, for editors who look for a key."""
    return Fact.objects.for_texts().order_by("kind", "key")


@register.simple_tag
def fallback_number(key: str) -> str:
    """A telephone number for error pages: from the register, or as this release was seeded when there is no database."""
    try:
        value = Fact.objects.filter(key=key).values_list("value", flat=True).first()
    except DatabaseError:
        value = None
    return value or seeded_values()[key]


@register.simple_tag
def fallback_tel(key: str) -> str:
    """The same as a ``tel:`` link wants it."""
    return fallback_number(key).replace(" ", "")
