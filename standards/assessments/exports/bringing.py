"""Reads answers back from our own workbook: what would change, what cannot be understood, and where. It changes nothing."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from portal.design.cells import legal
from standards.assessments.exports.workbook import ABOUT, ANSWERS, COLUMNS, FORMAT, TOO_LONG
from standards.assessments.models import Answer, Assessment
from standards.assessments.models.answers import Confidence, Value
from standards.assessments.saving import Text, text_of
from standards.evidence import arrival
from standards.evidence.refusal import Refused

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 2_000, 30
LANGUAGES = ("en", "cy")
OLDEST = 1  # the first workbooks: neither confidence nor version
OLD_COLUMNS = ("code", "answer", "comment")


@dataclass(frozen=True)
class Problem:
    """Something that cannot be taken: where, what is wrong, and how to mend it (C41)."""

    place: str
    words: str


@dataclass(frozen=True)
class Change:
    """What would become of one answer. ``base`` is the version that the workbook was made from."""

    answer: Answer
    before: Text
    after: Text
    base: int

    @property
    def is_conflict(self) -> bool:
        """Somebody else has written since the workbook was made."""
        return self.base != self.answer.version

    @property
    def value_words(self) -> tuple[str, str]:
        """The answer before and after, as people read it."""
        before, after = (str(Value(text.value).label) if text.value else "" for text in (self.before, self.after))
        return before, after

    @property
    def confidence_words(self) -> tuple[str, str]:
        """The confidence before and after."""
        before, after = (str(Confidence(text.confidence).label) if text.confidence else "" for text in (self.before, self.after))
        return before, after


@dataclass
class Reading:
    """What a workbook holds. With a problem in it nothing is applied."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0

    def refuse(self, place: str, words: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, words))


def read(assessment: Assessment, file: BinaryIO, name: str) -> Reading:
    """Everything that bringing this file back would do. Never raises for what is in the file."""
    reading = Reading()
    book = _opened(file, name, reading)
    if book is None:
        return reading
    made = _format(book, assessment, reading)
    if made is not None:
        _rows(book[ANSWERS], made, assessment, reading)
    return reading


def _opened(file: BinaryIO, name: str, reading: Reading) -> Any:
    """The workbook, after the same door that evidence passes; read row by row, never as a whole."""
    try:
        if file.seek(0, 2) > MOST_BYTES:
            reading.refuse(
                name, _("This file is larger than 5 MB. A workbook of ours is far smaller: download it anew and copy your answers.")
            )
            return None
        if arrival.receive(file, name).kind != "xlsx":
            reading.refuse(name, _("This is no Excel workbook. Bring the workbook that you downloaded here, saved as .xlsx."))
            return None
        file.seek(0)
        return load_workbook(file, read_only=True, keep_links=False)
    except Refused as refused:
        reading.refuse(name, str(refused))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        reading.refuse(name, _("This workbook cannot be read. Open it, save it again as .xlsx, and bring that."))
    return None


def _format(book: Any, assessment: Assessment, reading: Reading) -> int | None:
    """The format of the sheet of answers, or ``None`` when this workbook is not for us."""
    if ABOUT not in book.sheetnames or ANSWERS not in book.sheetnames:
        words = _(
            "This is not a workbook from here: the sheets “%(answers)s” and “%(about)s” are missing. Download it and begin from that."
        )
        reading.refuse(_("Workbook"), words % {"answers": ANSWERS, "about": ABOUT})
        return None
    about = {str(row[0]): row[1] for row in book[ABOUT].iter_rows(max_row=10, max_col=2, values_only=True) if row and len(row) > 1}
    made = about.get("format")
    if str(about.get("assessment")) != str(assessment.pk):
        reading.refuse(_("Workbook"), _("This workbook belongs to another self-assessment. Download the workbook of this one."))
    elif not isinstance(made, int) or made > FORMAT:
        reading.refuse(_("Workbook"), _("This workbook comes from a newer version of Waymark. Download it anew."))
    elif made >= OLDEST:
        if made < FORMAT:
            reading.notes.append(_("This is an older workbook: confidence stays as it is, and it does not say which answers it saw."))
        return made
    return None


def _rows(sheet: Any, made: int, assessment: Assessment, reading: Reading) -> None:
    rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)
    head = [str(cell.value or "") for cell in next(rows, ())]
    wanted = COLUMNS if made == FORMAT else OLD_COLUMNS
    missing = [name for name in wanted if name not in head]
    if missing:
        reading.refuse(
            f"{ANSWERS}, 1", _("The hidden first row has lost its names: %(names)s. Download it anew.") % {"names": ", ".join(missing)}
        )
        return
    answers = {answer.indicator.code: answer for answer in assessment.answers.select_related("indicator")}
    seen: set[str] = set()
    next(rows, None)  # the headings in words
    for number, cells in enumerate(rows, start=3):
        row = {name: (cells[at] if at < len(cells) else None) for at, name in enumerate(head)}
        if any(cell is not None and cell.value not in (None, "") for cell in row.values()):
            _row(number, row, answers, seen, reading)


def _row(number: int, row: Mapping[str, Any], answers: Mapping[str, Answer], seen: set[str], reading: Reading) -> None:
    code = str(_value(row.get("code")) or "").strip()
    answer = answers.get(code)
    if answer is None:
        words = _("“%(code)s” is not asked in this self-assessment. Take this row out, or put its own code back.")
        return reading.refuse(_place(number, "code"), words % {"code": code[:40]})
    if code in seen:
        return reading.refuse(
            _place(number, "code"), _("“%(code)s” stands here a second time. Leave one of the two rows.") % {"code": code}
        )
    seen.add(code)
    before = text_of(answer)
    after, problems = _text(number, row, before)
    reading.problems += problems
    if problems:
        return None
    if after == before:
        reading.unchanged += 1
        return None
    version = _value(row.get("version"))
    base = answer.version if "version" not in row else int(version) if str(version).isdecimal() else -1
    if base < 0 or base > answer.version:
        return reading.refuse(_place(number, "version"), _("The version is not a number that was given out here. Download it anew."))
    reading.changes.append(Change(answer, before, after, base))
    return None


def _text(number: int, row: Mapping[str, Any], before: Text) -> tuple[Text, list[Problem]]:
    problems = [
        Problem(_place(number, name), _("A formula stands here. Put the text itself instead."))
        for name in ("answer", "comment", "confidence")
        if getattr(row.get(name), "data_type", "") == "f"
    ]
    after = before
    for name, attribute, words in (("answer", "value", ANSWER_WORDS), ("confidence", "confidence", CONFIDENCE_WORDS)):
        if name in row:
            found = _known(_value(row[name]), words)
            if found is None:
                problems.append(Problem(_place(number, name), _not_known(_value(row[name]), words)))
            else:
                after = replace(after, **{attribute: found or (before.confidence if attribute == "confidence" else "")})
    comment = str(_value(row.get("comment")) or "")
    if comment != TOO_LONG and _same(comment) != _same(legal(before.comment)):
        after = replace(after, comment=comment)
    return after, problems


def _known(value: Any, words: Sequence[tuple[str, Any]]) -> str | None:
    """The code of what was chosen: its words in one of our languages, its code, or for answers the number of points."""
    text = str("" if value is None else value).strip().casefold().replace(",", "").replace("’", "'")
    if not text:
        return ""
    for at, (code, label) in enumerate(words):
        known = {code, str(at) if words is ANSWER_WORDS and at < 4 else code, *_labels(label)}
        if text in known:
            return code
    return None


def _labels(label: Any) -> Iterator[str]:
    for language in LANGUAGES:
        with translation.override(language):
            yield str(label).casefold().replace(",", "").replace("’", "'")


def _not_known(value: Any, words: Sequence[tuple[str, Any]]) -> str:
    said = _("“%(value)s” is none of the choices. Choose one of: %(choices)s.")
    return said % {"value": str(value)[:40], "choices": "; ".join(str(label) for _code, label in words)}


def _same(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _value(cell: Any) -> Any:
    return getattr(cell, "value", None)


def _place(number: int, name: str) -> str:
    return _("Sheet %(sheet)s, cell %(cell)s") % {"sheet": ANSWERS, "cell": f"{get_column_letter(COLUMNS.index(name) + 1)}{number}"}


ANSWER_WORDS: Sequence[tuple[str, Any]] = [(value.value, value.label) for value in Value]
CONFIDENCE_WORDS: Sequence[tuple[str, Any]] = [(value.value, value.label) for value in Confidence]
