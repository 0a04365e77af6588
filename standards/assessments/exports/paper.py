"""The PDF: tagged, titled, in one language, made of nothing but what stands here."""

from django.template.loader import render_to_string

from portal.design import paper
from portal.design.cells import legal
from standards.assessments.exports.content import Document


def pdf(document: Document) -> bytes:
    """The document as PDF/UA-1."""
    html = render_to_string("standards/assessments/exports/paper.html", {"document": document})
    return paper.pressed(legal(html), styles=paper.STYLES)
