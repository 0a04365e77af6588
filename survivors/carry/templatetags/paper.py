"""Words of the guide on paper: links lead to the page's place in the same document, addresses are written out."""

import re
from typing import Any

from django import template
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from wagtail.rich_text import RichText, expand_db_html

from portal.design.html import trusted
from survivors.facts.markup import fact_html
from survivors.facts.models import Fact, Kind
from survivors.facts.wording import REFERENCE

register = template.Library()
LINK = re.compile(r'<a href="/[a-z]+/([^"]*)">(.*?)</a>', re.DOTALL)
KEY = re.compile(r' data-block-key="[^"]*"')


@register.simple_tag(takes_context=True)
def paper_words(context: dict[str, Any], value: RichText | str) -> SafeString:
    """``value`` for paper. ``anchors`` of the context: path of a page → its place in the document."""
    if not isinstance(value, RichText):
        return _with_facts(escape(value), context["facts"])
    with translation.override(context["language"].code):
        html = KEY.sub("", expand_db_html(value.source))

    def place(link: re.Match[str]) -> str:
        slug = context["anchors"].get(link[1])
        return f'<a href="#{slug}">{link[2]}</a>' if slug else link[2]

    return _with_facts(LINK.sub(place, html), context["facts"])


def _with_facts(html: str, facts: dict[str, Fact]) -> SafeString:
    unknown = Fact()
    return trusted(REFERENCE.sub(lambda match: _on_paper(facts.get(match[1], unknown)), html))


def _on_paper(fact: Fact) -> SafeString:
    """As on the page, but an address is written out: paper cannot be tapped, and a file opens nobody else's site."""
    if fact.is_known and fact.kind == Kind.LINK:
        return format_html('{} (<bdi dir="ltr">{}</bdi>)', fact.name, fact.value.removeprefix("https://"))
    return fact_html(fact)
