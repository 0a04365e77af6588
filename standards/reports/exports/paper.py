"""The PDF: tagged, titled, in one language, made of nothing but what stands here (NET-01, NET-02)."""

from pathlib import Path

from django.template.loader import render_to_string

from portal.design import paper
from portal.design.cells import legal
from standards.reports.exports.content import Document

STYLES = Path(__file__).with_name("paper.css")


def html(document: Document) -> str:
    """The page that is pressed, and the HTML output: the same content."""
    return legal(render_to_string("standards/reports/exports/paper.html", {"document": document}))


def pdf(document: Document) -> bytes:
    """The document as PDF/UA-1."""
    return paper.pressed(html(document), styles=paper.STYLES + STYLES.read_text(encoding="utf-8"))
