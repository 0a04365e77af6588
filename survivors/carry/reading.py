"""What a reader gets at an address, and the same page in English."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.safestring import SafeString
from wagtail.models import Site

from portal.languages import Language
from survivors.carry.pairs import pairs
from survivors.guide.models import Article

NOTHING = SafeString()


def page_at(request: HttpRequest, path: str) -> Article:
    """What a reader of the active language reads at ``path``: the page in it, or in English. Raises ``Http404``."""
    home = Site.objects.get(is_default_site=True).root_page.localized.specific
    page = home.route(request, [part for part in path.split("/") if part]).page.specific
    if not isinstance(page, Article) or page.get_view_restrictions().exists():
        raise Http404(path)
    return page


@dataclass(frozen=True)
class Cell:
    """One side of a row: what it shows, and the language it is in. ``content`` may be empty."""

    language: Language
    content: Any
    is_twin: bool


def _row(sides: list[dict[str, Any]], contents: Iterable[Any]) -> list[Cell]:
    return [Cell(side["written_in"], content, bool(at)) for at, (side, content) in enumerate(zip(sides, contents, strict=True))]


def rows(sides: list[dict[str, Any]]) -> list[list[Cell]]:
    """The blocks of one page, or of a page and its English twin, drawn as on their pages, side by side. ``sides``: their contexts."""
    bodies = [list(side["page"].body) for side in sides]
    pairing = pairs(*bodies) if len(bodies) > 1 else [(block,) for block in bodies[0]]
    return [_row(sides, map(_drawn, row, sides)) for row in pairing]


def term_rows(sides: list[dict[str, Any]]) -> list[list[Cell]]:
    """The glossary's entries side by side, in the order of the first; none for other pages."""
    found = [{term["key"]: term for term in side.get("terms", [])} for side in sides]
    keys = dict.fromkeys(chain.from_iterable(found))
    return [_row(sides, [side.get(key) for side in found]) for key in keys]


def _drawn(block: Any, context: dict[str, Any]) -> SafeString:
    if block is None:
        return NOTHING
    with translation.override(context["written_in"].code):
        html: SafeString = block.render_as_block(context)
        return html
