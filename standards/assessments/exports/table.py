"""The table: CSV with a row for each answer; what holds for its chapter and the whole is said again in each row."""

import csv
import io
from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.design.cells import plain
from standards.assessments.exports.content import Block, ChapterPart, Document, Item, Part


def table(document: Document) -> bytes:
    """UTF-8 with a byte order mark, every cell quoted and none a formula (INJ-06)."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow([plain(cell) for cell in _heading()])
    about = _about(document)
    for chapter, part, item in document.items():
        writer.writerow([plain(cell) for cell in (*_row(chapter, part, item), *about)])
    return ("\ufeff" + file.getvalue()).encode()


def _heading() -> list[str]:
    return [
        _("Code"), _("What it asks"), _("Critical"), _("Weight"), _("Answer"), _("Comment"), _("Evidence confidence"),
        _("More of the answer"), _("Evidence"), _("Actions"), _("Remarks"), _("Standard"), _("Title of the standard"), _("Statement"),
        _("Percent of the standard"), _("Answered of the standard, in percent"), _("How the standard was worked out"), _("Chapter"),
        _("Title of the chapter"), _("Percent of the chapter"), _("Answered of the chapter, in percent"),
        _("How the chapter was worked out"), _("More of the chapter"), _("Remarks on the chapter"), _("Title"), _("About the assessment"),
        _("Whole, in percent"), _("Answered, in percent"), _("How the whole was worked out"), _("Critical gaps"),
        _("How it is worked out"), _("Remarks on the whole"),
    ]  # fmt: skip


def _row(chapter: ChapterPart, part: Part, item: Item) -> list[object]:
    return [
        item.code, item.text, _("critical") if item.is_critical else "", item.weight, item.value_words, item.comment,
        item.confidence_words, _lines(item.pairs), _blocks(item.evidence), _blocks(item.actions), _blocks(item.remarks), part.code,
        part.title, part.statement, part.percent, part.completeness, part.how, chapter.code, chapter.title, chapter.percent,
        chapter.completeness, chapter.how, _lines(chapter.pairs), _blocks(chapter.remarks),
    ]  # fmt: skip


def _about(document: Document) -> list[object]:
    return [
        document.title, _lines(document.facts), document.percent, document.completeness, document.how, ", ".join(document.gaps),
        " ".join(document.method), _blocks(document.remarks),
    ]  # fmt: skip


def _lines(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in pairs)


def _blocks(blocks: Iterable[Block]) -> str:
    return "\n\n".join("\n".join((block.heading, _lines(block.pairs))) for block in blocks)
