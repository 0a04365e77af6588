"""Words of the catalogue in templates: the reader's language, or English marked as English; corrections beside what they correct."""

from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from standards.catalogue.wording import wording

register = template.Library()


@register.simple_tag
def worded(thing: Any, field: str) -> SafeString:
    """``field`` of an edition, chapter, standard or indicator as it reads now. No query."""
    found = wording(thing, field)
    if found.language.code == (get_language() or found.language.code):
        return escape(found.text)
    return format_html('<span lang="{}" dir="{}">{}</span>', found.language.code, found.language.direction, found.text)


@register.simple_tag
def replaced(thing: Any, field: str) -> SafeString:
    """What stood there before an erratum, as a small line; nothing where nothing was corrected."""
    found = wording(thing, field)
    if not found.before:
        return escape("")
    return format_html('<span class="small replaced">{} <del lang="en" dir="ltr">{}</del></span>', _("Corrected. Before:"), found.before)
