"""Facts inside a text, as HTML: ``{helpline}`` becomes a number one can tap."""

from collections.abc import Mapping

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from survivors.facts.models import Fact, Kind
from survivors.facts.wording import REFERENCE


def fact_html(fact: Fact) -> SafeString:
    """The value for the running text. Numbers keep their direction inside right-to-left text."""
    if not fact.is_known:
        return format_html("<em>{}</em>", _("(we are checking this)"))
    match fact.kind:
        case Kind.PHONE:
            return format_html('<a class="tel" href="tel:{}"><bdi dir="ltr">{}</bdi></a>', fact.tel, fact.value)
        case Kind.LINK:
            return format_html('<a href="{}" rel="noreferrer noopener nofollow">{}</a>', fact.value, fact.name)
        case Kind.DURATION:
            return format_html('<span class="fact">{}</span>', fact.plain())
        case Kind.NAME:
            return format_html('<bdi lang="en" dir="ltr">{}</bdi>', fact.value)
        case _:
            return format_html('<bdi dir="ltr">{}</bdi>', fact.plain())


def insert_facts(html: str, register: Mapping[str, Fact]) -> str:
    """``html`` (already safe) with every ``{key}`` replaced. A key without a fact is marked, never dropped silently."""
    return REFERENCE.sub(
        lambda match: fact_html(register[match[1]]) if match[1] in register else f"<em>{escape(_('(we are checking this)'))}</em>",
        html,
    )
