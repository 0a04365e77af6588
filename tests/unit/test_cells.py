"""Texts in spreadsheets: never a formula, never a character that breaks the file."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.design.cells import legal, plain

RISKY = "=+-@\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "  =1", "\x00=1", "＝1+1"]
)
def test_inj_06_what_would_be_calculated_is_text(text: str) -> None:
    assert plain(text).lstrip().startswith("'")


@pytest.mark.parametrize("text", ["12", "-5", "+44 20 7946 0000", "3.5", "1,200", "+441632960961", "plain words - with a dash", "a = b"])
def test_inj_06_numbers_telephones_and_words_keep_their_value(text: str) -> None:
    assert plain(text) == text


@given(st.one_of(st.text(), st.text(alphabet='ab=+-@;"\n\r\t ,1|')))
def test_inj_06_no_cell_begins_a_formula_wherever_a_program_splits(text: str) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow(["first", plain(text)])
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=delimiter):
            for cell in row:
                begin = cell.lstrip()[:1]
                assert not begin or begin not in RISKY or plain(cell) == cell, cell


@given(st.text())
def test_c12_what_is_left_is_legal_xml(text: str) -> None:
    from xml.etree import ElementTree as XML  # noqa: N814 - what is read here was written here

    XML.fromstring(f"<a>{legal(text).replace('&', '&amp;').replace('<', '&lt;')}</a>")  # noqa: S314


def test_nothing_is_nothing() -> None:
    assert plain(None) == ""
    assert plain(0) == "0"
