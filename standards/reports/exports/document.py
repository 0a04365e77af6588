"""The Word document: real headings, and tables with header rows, in the report's language."""

import io
from typing import Any

from django.utils.translation import gettext as _
from docx import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from portal.design.cells import legal
from standards.reports.exports.content import Document, Pairs, Table

TAGS = {"en": "en-GB", "cy": "cy-GB"}


def word_document(document: Document) -> bytes:
    """The document as bytes. It says nothing about who made it; characters that XML forbids are left out (C12)."""
    word = Word()
    tag = TAGS.get(document.language, document.language)
    word.core_properties.title, word.core_properties.language = legal(document.title)[:255], tag
    word.core_properties.author = word.core_properties.comments = word.core_properties.last_modified_by = ""
    _speak(word, tag)
    word.add_heading(legal(document.title), 0)
    word.add_paragraph(legal(document.note), style="Quote")
    _pairs(word, document.facts)
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
        _table(word, table)
    word.add_heading(_("Is this document current?"), 1)
    _pairs(word, document.proof)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _speak(word: Any, tag: str) -> None:
    """Say the language once, in the defaults that every paragraph inherits: reading programs choose their voice by it."""
    defaults = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), tag)


def _pairs(word: Any, pairs: Pairs) -> None:
    for label, value in pairs:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        paragraph.add_run(legal(f"{label}: ")).bold = True
        paragraph.add_run(legal(value))


def _table(word: Any, table: Table) -> None:
    made = word.add_table(rows=len(table.rows) + 1, cols=len(table.head), style="Table Grid")
    again = OxmlElement("w:tblHeader")  # the first row is the header, and is repeated on every page
    again.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(again)
    for row, texts in zip(made.rows, (table.head, *table.rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = legal(text)
