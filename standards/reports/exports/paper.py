"""The PDF: tagged, titled, in one language, made of nothing but what stands here (NET-01, NET-02)."""

import base64
from collections.abc import Mapping
from pathlib import Path

from django.template.loader import render_to_string

from portal.design import paper
from portal.design.cells import legal
from standards.reports.exports.content import Document, Picture
from standards.reports.exports.pictures import MEDIA_TYPE

STYLES = Path(__file__).with_name("paper.css")


def html(document: Document) -> str:
    """The page as a file that needs nothing beside it: pictures stand in it."""
    return _page(document, {one.id: f"data:{MEDIA_TYPE};base64,{base64.b64encode(content).decode()}" for one, content in _there(document)})


def pdf(document: Document) -> bytes:
    """The document as PDF/UA-1."""
    assets = {f"{one.id}.jpg": (content, MEDIA_TYPE) for one, content in _there(document)}
    page = _page(document, {one.id: f"{paper.ASSET}{one.id}.jpg" for one, _content in _there(document)})
    return paper.pressed(page, styles=paper.STYLES + STYLES.read_text(encoding="utf-8"), assets=assets)


def _there(document: Document) -> list[tuple[Picture, bytes]]:
    return [(one, one.content) for one in document.pictures if one.content]


def _page(document: Document, addresses: Mapping[str, str]) -> str:
    """The same content for both; ``addresses``: where each picture is."""
    pictures = [(one, addresses.get(one.id, "")) for one in document.pictures]
    return legal(render_to_string("standards/reports/exports/paper.html", {"document": document, "pictures": pictures}))
