"""Template tags of the building: pictograms and the inline pieces that the security policy allows by hash."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.design.icons import ICONS
from portal.design.statuses import SHAPES, TONES
from portal.languages import BY_CODE, SOURCE, WORKSPACE, Language

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 24) -> SafeString:
    """The pictogram ``name`` as inline SVG, ``size`` CSS pixels wide. An unknown or empty name draws nothing."""
    shape = ICONS.get(name)
    if not shape:
        return mark_safe("")
    return mark_safe(f'<svg class="i" width="{size}" height="{size}" viewBox="0 0 24 24" aria-hidden="true">{shape}</svg>')


@register.simple_tag
def inline_style(name: str) -> SafeString:
    """The inline style sheet ``name`` (``PAGE_STYLE`` of every public page, or that of one kind of page)."""
    return mark_safe(f"<style>{getattr(settings, name).text}</style>")


@register.simple_tag
def inline_script(name: str) -> SafeString:
    """The inline script ``name`` (``LEAVE_SCRIPT`` or ``TRACES_SCRIPT``), exactly as the policy hashes it."""
    return mark_safe(f"<script>{getattr(settings, name).text}</script>")


@register.filter
def language(code: str) -> Language:
    """What we know of the language ``code``: native name, script, direction."""
    return BY_CODE[code]


@register.simple_tag(takes_context=True)
def lang_attributes(context: dict[str, Any], code: str) -> SafeString:
    """``lang`` and ``dir`` for words in the language ``code``, or nothing where the page is in it already."""
    if code == context.get("language", {}).code:
        return mark_safe("")
    other = BY_CODE[code]
    return mark_safe(f' lang="{other.code}" dir="{other.direction}"')


@register.simple_tag(takes_context=True)
def workspace_words(context: dict[str, Any]) -> SafeString:
    """``lang`` and ``dir`` for words that are translated only into the languages of the workspace, on a page in any language."""
    return lang_attributes(context, context["language"].code if context["language"].code in WORKSPACE else SOURCE)


@register.simple_tag
def chip(word: object, tone: str = "plain") -> SafeString:
    """A status: word, shape and colour. ``tone`` is a key of ``SHAPES``; an unknown one is plain."""
    tone = tone if tone in SHAPES else "plain"
    shape = mark_safe(f'<svg class="i" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">{SHAPES[tone]}</svg>')
    return format_html('<span class="chip {}">{}{}</span>', tone, shape, word)


@register.simple_tag
def status_of(row: Any) -> SafeString:
    """The chip of ``row.status``. A model may name tones of its own in ``TONES``, by status."""
    tones = TONES | getattr(row, "TONES", {})
    return chip(row.get_status_display(), tones.get(row.status, "plain"))
