"""The Word document: real headings, and tables with header rows, in the report's language."""

import io
from typing import Any

from django.utils.translation import gettext as _
from docx.shared import Mm

from portal.design.cells import legal
from portal.design.word import add_pairs, add_table, begun, saved
from standards.reports.exports.content import Document, Picture


def word_document(document: Document) -> bytes:
    """The document as bytes. It says nothing about who made it; characters that XML forbids are left out (C12)."""
    word = begun(document.title, document.language)
    word.core_properties.last_modified_by = ""
    word.add_heading(legal(document.title), 0)
    word.add_paragraph(legal(document.note), style="Quote")
    add_pairs(word, document.facts)
    for part in document.parts:
        word.add_heading(legal(part.title), 1)
        for line in part.lines:
            paragraph = word.add_paragraph()
            paragraph.add_run(f"{line.number}. ").bold = True
            paragraph.add_run(legal(line.text))
            if line.findings:
                paragraph.add_run(f" [{legal(line.findings)}]").italic = True
    for table in document.tables:
        word.add_heading(legal(table.title), 1)
        add_table(word, table.head, table.rows)
    if document.pictures:
        word.add_heading(_("Photos"), 1)
    for picture in document.pictures:
        _add_picture(word, picture)
    word.add_heading(_("Is this document current?"), 1)
    add_pairs(word, document.proof)
    return saved(word)


def _add_picture(word: Any, picture: Picture) -> None:
    """The photo with its words, in the picture too for whoever cannot see it."""
    if picture.content:
        shape = word.add_picture(io.BytesIO(picture.content))
        scale = min(1.0, Mm(150) / shape.width, Mm(100) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape._inline.docPr.set("descr", legal(picture.caption))
    else:
        word.add_paragraph(_("This photo is not there any more."))
    words = _("Photo %(number)d, on %(finding)s: %(caption)s")
    word.add_paragraph(legal(words % {"number": picture.number, "finding": picture.finding, "caption": picture.caption}), style="Caption")
