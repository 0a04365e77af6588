"""The Word document: real headings, lists and tables with header rows, in the reader's language."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from docx import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from portal.design.cells import legal
from standards.assessments.exports.content import Block, ChapterPart, Document, Item, Pairs, Part

TAGS = {"en": "en-GB", "cy": "cy-GB"}


def word_document(document: Document) -> bytes:
    """The document as bytes. Characters that XML forbids are left out (C12)."""
    word = Word()
    tag = TAGS.get(document.language, document.language)
    word.core_properties.title, word.core_properties.language = legal(document.title)[:255], tag
    word.core_properties.author = word.core_properties.comments = ""
    _speak(word, tag)
    word.add_heading(legal(document.title), 0)
    _pairs(word, document.facts)
    _gaps(word, document)
    _scores(word, document)
    for chapter in document.chapters:
        _chapter(word, chapter)
    word.add_heading(_("How it is worked out"), 1)
    for rule in document.method:
        word.add_paragraph(legal(rule), style="List Bullet")
    if document.remarks:
        word.add_heading(_("Remarks on the whole"), 1)
        _blocks(word, document.remarks)
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


def _gaps(word: Any, document: Document) -> None:
    word.add_heading(_("Critical gaps"), 1)
    for code in document.gaps or (_("None."),):
        word.add_paragraph(code, style="List Bullet")


def _scores(word: Any, document: Document) -> None:
    word.add_heading(_("Profile"), 1)
    rows = [(chapter.code, chapter.title, _percent(chapter.percent), f"{chapter.completeness}%") for chapter in document.chapters]
    rows.append(("", _("The whole"), _percent(document.percent), f"{document.completeness}%"))
    _table(word, (_("Code"), _("Chapter"), _("Score"), _("Answered")), rows)
    word.add_paragraph(legal(document.how))


def _chapter(word: Any, chapter: ChapterPart) -> None:
    word.add_heading(legal(f"{chapter.code} {chapter.title}"), 1)
    word.add_paragraph(legal(f"{_percent(chapter.percent)}. {chapter.how} {_('Answered')}: {chapter.completeness}%."))
    _pairs(word, chapter.pairs)
    _blocks(word, chapter.remarks)
    for part in chapter.standards:
        _standard(word, part)


def _standard(word: Any, part: Part) -> None:
    word.add_heading(legal(f"{part.code} {part.title}"), 2)
    word.add_paragraph(legal(part.statement))
    word.add_paragraph(legal(f"{_percent(part.percent)}. {part.how} {_('Answered')}: {part.completeness}%."))
    for item in part.items:
        _item(word, item)


def _item(word: Any, item: Item) -> None:
    critical = f" ({_('critical')})" if item.is_critical else ""
    word.add_heading(legal(f"{item.code}{critical}: {item.text}"), 3)
    first = ((_("Answer"), item.value_words), (_("Evidence confidence"), item.confidence_words), (_("Weight"), str(item.weight)))
    _pairs(word, (*first, *item.pairs))
    for line in legal(item.comment).splitlines():
        word.add_paragraph(line, style="Quote")
    for title, blocks in ((_("Evidence"), item.evidence), (_("Actions"), item.actions), (_("Remarks"), item.remarks)):
        if blocks:
            word.add_heading(title, 4)
            _blocks(word, blocks)


def _blocks(word: Any, blocks: Iterable[Block]) -> None:
    for block in blocks:
        word.add_paragraph(style="List Bullet").add_run(legal(block.heading)).bold = True
        _pairs(word, block.pairs)


def _pairs(word: Any, pairs: Pairs) -> None:
    for label, value in pairs:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = 0
        paragraph.add_run(legal(f"{label}: ")).bold = True
        paragraph.add_run(legal(value))


def _table(word: Any, heading: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    table = word.add_table(rows=len(rows) + 1, cols=len(heading), style="Table Grid")
    again = OxmlElement("w:tblHeader")  # the first row is the header, and is repeated on every page
    again.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(again)
    for row, texts in zip(table.rows, (heading, *rows), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = legal(text)


def _percent(percent: int | None) -> str:
    return _("Not scored") if percent is None else f"{percent}%"
