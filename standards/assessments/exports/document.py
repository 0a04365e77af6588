"""The Word document: real headings, lists and tables with header rows, in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from portal.design.cells import legal
from portal.design.word import add_pairs, add_table, begun, saved
from standards.assessments.exports.content import Block, ChapterPart, Document, Item, Part


def word_document(document: Document) -> bytes:
    """The document as bytes. Characters that XML forbids are left out (C12)."""
    word = begun(document.title, document.language)
    word.add_heading(legal(document.title), 0)
    add_pairs(word, document.facts)
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
    return saved(word)


def _gaps(word: Any, document: Document) -> None:
    word.add_heading(_("Critical gaps"), 1)
    for code in document.gaps or (_("None."),):
        word.add_paragraph(code, style="List Bullet")


def _scores(word: Any, document: Document) -> None:
    word.add_heading(_("Profile"), 1)
    rows = [(chapter.code, chapter.title, _percent(chapter.percent), f"{chapter.completeness}%") for chapter in document.chapters]
    rows.append(("", _("The whole"), _percent(document.percent), f"{document.completeness}%"))
    add_table(word, (_("Code"), _("Chapter"), _("Score"), _("Answered")), rows)
    word.add_paragraph(legal(document.how))


def _chapter(word: Any, chapter: ChapterPart) -> None:
    word.add_heading(legal(f"{chapter.code} {chapter.title}"), 1)
    word.add_paragraph(legal(f"{_percent(chapter.percent)}. {chapter.how} {_('Answered')}: {chapter.completeness}%."))
    add_pairs(word, chapter.pairs)
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
    add_pairs(word, (*first, *item.pairs))
    for line in legal(item.comment).splitlines():
        word.add_paragraph(line, style="Quote")
    for title, blocks in ((_("Evidence"), item.evidence), (_("Actions"), item.actions), (_("Remarks"), item.remarks)):
        if blocks:
            word.add_heading(title, 4)
            _blocks(word, blocks)


def _blocks(word: Any, blocks: Iterable[Block]) -> None:
    for block in blocks:
        word.add_paragraph(style="List Bullet").add_run(legal(block.heading)).bold = True
        add_pairs(word, block.pairs)


def _percent(percent: int | None) -> str:
    return _("Not scored") if percent is None else f"{percent}%"
