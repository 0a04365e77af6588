"""The workbook: a sheet of answers that can be edited and brought back, and sheets with everything else."""

import io
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from portal.design.cells import legal
from standards.assessments.exports.content import Block, Document, Pairs
from standards.assessments.models.answers import Confidence, Value

FORMAT = 2  # of the sheet of answers; 1 had neither confidence nor version
ABOUT = "Waymark"  # the sheet that says what this workbook is, for the way back
ANSWERS = "Answers"
COLUMNS = ("code", "chapter", "standard", "text", "critical", "answer", "comment", "confidence", "version")  # row 1, for the way back
EDITABLE = ("answer", "comment", "confidence")
WIDTHS = (14, 24, 30, 60, 10, 16, 60, 26, 9)
MOST = 32_767  # characters that a cell holds
TOO_LONG = "[…]"  # stands in a cell whose text is longer; its pieces are on a sheet of their own

Row = Sequence[object]


def workbook(document: Document, assessment: UUID) -> bytes:
    """The workbook as bytes. No cell is a formula, whatever somebody typed (INJ-06)."""
    book = Workbook()
    book.properties.title, book.properties.language, book.properties.creator = legal(document.title), document.language, "Waymark"
    sheet = book.active
    sheet.title = ANSWERS
    _answers(sheet, document)
    long = [(item.code, item.comment) for _chapter, _part, item in document.items() if len(item.comment) > MOST]
    parts = {_("Assessment"): _facts(document), _("Scores"): _scores(document), _("Details of answers"): _details(document)}
    parts |= {_("Long texts"): [(_("Code"), _("Part"), _("Text")), *_pieces(long)]} if long else {}
    for title, rows in parts.items():
        _fill(book.create_sheet(title[:31]), rows)
    about = book.create_sheet(ABOUT)
    for row in (("format", FORMAT), ("assessment", str(assessment)), ("language", document.language)):
        about.append(row)
    about.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _answers(sheet: Any, document: Document) -> None:
    words = (
        _("Code"), _("Chapter"), _("Standard"), _("What it asks"), _("Critical"), _("Answer"), _("Comment"), _("Evidence confidence"),
        _("Version"),
    )  # fmt: skip
    rows = [
        (
            item.code, chapter.title, part.title, item.text, _("critical") if item.is_critical else "",
            item.value_words if item.value else "", item.comment if len(item.comment) <= MOST else TOO_LONG, item.confidence_words,
            item.version,
        )
        for chapter, part, item in document.items()
    ]  # fmt: skip
    _fill(sheet, [COLUMNS, words, *rows], header=2)
    sheet.row_dimensions[1].hidden = True
    sheet.freeze_panes = "F3"
    for at, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    for name in EDITABLE:
        for cell in sheet[get_column_letter(COLUMNS.index(name) + 1)][2:]:
            cell.protection = Protection(locked=False)
    last = len(rows) + 2
    _choices(sheet, "answer", [str(label) for label in Value.labels], last)
    _choices(sheet, "confidence", [str(label) for label in Confidence.labels], last)
    sheet.protection.sheet = True  # only what may be changed can be; there is no password, it is a help and not a wall


def _choices(sheet: Any, name: str, labels: list[str], last: int) -> None:
    """A list to choose from. Labels with a comma cannot stand in such a list; they can still be typed."""
    letter = get_column_letter(COLUMNS.index(name) + 1)
    listed = [label.replace(",", "") for label in labels]
    allowed = DataValidation(type="list", formula1=f'"{",".join(listed)}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(allowed)
    allowed.add(f"{letter}3:{letter}{last}")


def _fill(sheet: Any, rows: Iterable[Row], header: int = 1) -> None:
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row, start=1):
            if value not in (None, ""):
                _put(sheet.cell(number, at), value, is_heading=number <= header)
    for at in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(at)].width = 40
    sheet.freeze_panes = f"A{header + 1}"


def _put(cell: Any, value: object, *, is_heading: bool) -> None:
    if isinstance(value, int):
        cell.value = value
    else:
        cell.value = legal(str(value))[:MOST]
        cell.data_type = "s"  # openpyxl would take "=1+1" for a formula
        cell.quotePrefix = True  # and so would whoever edits the cell later
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if is_heading:
        cell.font = Font(bold=True)


def _facts(document: Document) -> list[Row]:
    gaps = [(_("Critical gap"), code) for code in document.gaps]
    rules = [(_("How it is worked out"), rule) for rule in document.method]
    remarks = [(f"{_('Remark')}: {label}", value) for block in document.remarks for label, value in _of(block)]
    figures = [(_("Whole, in percent"), document.percent), (_("Answered, in percent"), document.completeness)]
    title = [(_("Title"), document.title)]
    return [(_("What"), _("Value")), *title, *document.facts, *figures, (_("Worked out"), document.how), *gaps, *rules, *remarks]


def _scores(document: Document) -> list[Row]:
    rows: list[Row] = [(_("Code"), _("Title"), _("Percent"), _("Answered, in percent"), _("How it was worked out"), _("Statement"))]
    for chapter in document.chapters:
        rows.append((chapter.code, chapter.title, chapter.percent, chapter.completeness, chapter.how, ""))
        rows += [("", label, "", "", value, "") for label, value in chapter.pairs]
        rows += [("", f"{_('Remark')}: {label}", "", "", value, "") for block in chapter.remarks for label, value in _of(block)]
        rows += [(part.code, part.title, part.percent, part.completeness, part.how, part.statement) for part in chapter.standards]
    return rows


def _details(document: Document) -> list[Row]:
    """One row for every value that stands under an answer."""
    rows: list[Row] = [(_("Code"), _("Part"), _("Which"), _("What"), _("Value"))]
    for _chapter, _part, item in document.items():
        rows.append((item.code, _("Weight"), "", "", item.weight))
        rows += [(item.code, _("Answer"), "", label, value) for label, value in item.pairs]
        for kind, blocks in ((_("Evidence"), item.evidence), (_("Action"), item.actions), (_("Remark"), item.remarks)):
            rows += [(item.code, kind, number, label, value) for number, block in enumerate(blocks, 1) for label, value in _of(block)]
    return rows


def _of(block: Block) -> Pairs:
    return (("", block.heading), *block.pairs)


def _pieces(texts: Iterable[tuple[str, str]]) -> list[Row]:
    return [(code, at // MOST + 1, text[at : at + MOST]) for code, text in texts for at in range(0, len(text), MOST)]
