"""Word documents: the parts that every one of them is made of."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from portal.design.cells import legal

TAGS = {"en": "en-GB", "cy": "cy-GB"}


def begun(title: str, language: str) -> Any:
    """An empty document with its title and language, which says nothing about who made it."""
    word = Word()
    tag = TAGS.get(language, language)
    word.core_properties.title, word.core_properties.language = legal(title)[:255], tag
    word.core_properties.author = word.core_properties.comments = ""
    _speak(word, tag)
    return word


def saved(word: Any) -> bytes:
    """The document as bytes."""
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def add_pairs(word: Any, pairs: Iterable[tuple[str, str]]) -> None:
    """A line for each label and its value."""
    for label, value in pairs:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        paragraph.add_run(legal(f"{label}: ")).bold = True
        paragraph.add_run(legal(value))


def add_table(word: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table. Its first row is the header, and is repeated on every page."""
    table = word.add_table(rows=len(rows) + 1, cols=len(head), style="Table Grid")
    again = OxmlElement("w:tblHeader")
    again.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(again)
    for row, texts in zip(table.rows, (head, *rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = legal(text)


def _speak(word: Any, tag: str) -> None:
    """Say the language once, in the defaults that every paragraph inherits: reading programs choose their voice by it."""
    defaults = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), tag)
