"""Names of files, personal data in what people write, and how old evidence may be: all pure."""

import unicodedata
from datetime import date

import pytest
from django.utils.http import content_disposition_header
from hypothesis import example, given
from hypothesis import strategies as st

from standards.evidence.file_names import LONGEST, RESERVED, cleaned, ending
from standards.evidence.freshness import Freshness, freshness, months_before
from standards.evidence.personal_data import in_file_name, look

NASTY = (
    "../../etc/passwd", "..%2f..%2fx.pdf", "/etc/passwd", "C:" + "\\windows\\x.pdf", "a\0b.pdf", "CON", "con.pdf", "CON .pdf", "LPT1.txt",
    "....", ".", "", " ", "trailing. ", "line\nbreak\r\nX-Header: 1.pdf", "cod\u202efdp.exe", "x" * 1000 + ".pdf", "🙂.pdf",
    'a";filename=b.html', "é.pdf", "a\u2066b\u2069.pdf", "<script>.pdf", "a%0d%0ab.pdf", "\ud800.pdf", "名前.pdf", "نام.pdf", ".htaccess",
    "a.pdf.exe",
)  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_upl_06_nasty_names_come_out_clean(name: str) -> None:
    check(name)


@given(st.text(max_size=300))
@example("\u0958" * 300)
def test_upl_06_every_name_comes_out_clean(name: str) -> None:
    check(name)


def check(name: str) -> None:
    shown = cleaned(name, "pdf")
    assert shown == cleaned(shown, "pdf"), "cleaning twice changes nothing"
    assert shown.endswith(".pdf")
    assert 5 <= len(shown) <= LONGEST
    assert not set(shown) & set('\\/:*?"<>|\r\n\0;%')
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in shown)
    assert unicodedata.normalize("NFC", shown) == shown
    assert not RESERVED.fullmatch(shown)
    assert not shown.startswith((".", " "))
    header = content_disposition_header(True, shown)
    assert header
    assert header.count(";") == 1  # one file name
    assert header.isascii()
    assert "\n" not in header


def test_inj_11_a_name_cannot_turn_round() -> None:
    assert cleaned("cod\u202efdp.exe", "pdf") == "codfdp.pdf"
    assert ending("cod\u202efdp.EXE ") == "exe"
    assert ending("none") == ""


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Seen by QQ 12 34 56 C", set()),  # no such prefix is given out
        ("Her number is AB 12 34 56 C", {"ni_number"}),
        ("ab123456c", {"ni_number"}),
        ("write to a.person@service.example", {"email"}),
        ("call 07700 900123", {"phone"}),
        ("+44 (0)20 7946 0123", {"phone"}),
        ("020 7946 0123", {"phone"}),
        ("SW1A 1AA", {"postcode"}),
        ("kept in m1 1ae", {"postcode"}),
        ("Name: Amina", {"name"}),
        ("Client name: A.", {"name"}),
        ("DOB 01/02/1990", {"birth"}),
        ("date of birth: 3rd March 1988", {"birth"}),
        ("NRM ref 12345", {"reference"}),
        ("Home Office reference A1234567/001", {"reference"}),
        ("case A1234567", {"reference"}),
        ("NHS number 943 476 5919", {"reference"}),
        ("All 14 fire doors were checked on 12 May 2026 and 2 were mended.", set()),
        ("Supervision notes from 01/04/2026 until 30/09/2026, 12 of 12 months", set()),
        ("RSK-01-a to RSK-04-b; see folder 3, section 2.1", set()),
        ("Named worker policy, version 4; names are never used", set()),
        ("12 survivors answered; 9 said yes", set()),
    ],
)
def test_b7_what_may_tell_who_somebody_is(text: str, kinds: set[str]) -> None:
    assert {hit.kind for hit in look(text)} == kinds


def test_b7_what_is_never_needed_stops_the_form() -> None:
    assert [hit.stops for hit in look("AB123456C")] == [True]
    assert [hit.stops for hit in look("Amina Bello, born on 1 May 1990")] == [True]
    assert [hit.stops for hit in look("Name: amina. DOB: 01/05/90")] == [True, False]
    assert [hit.stops for hit in look("form asks for DOB 01/05/1990")] == [False]


def test_b7_a_file_name_is_looked_at_too() -> None:
    assert {hit.kind for hit in in_file_name("NRM_ref_12345.pdf")} == {"reference"}
    assert in_file_name("fire-check-2026-05-12.pdf") == []


@given(st.text(max_size=2_000))
def test_looking_never_fails_and_says_little(text: str) -> None:
    hits = look(text)
    assert len(hits) <= 3 * 7
    assert all(len(hit.sample) <= 40 for hit in hits)


def test_b7_evidence_grows_old() -> None:
    day = date(2026, 11, 24)
    far = date(2027, 6, 1)
    assert freshness(date(2026, 10, 1), far, day) == Freshness.FRESH
    assert freshness(date(2025, 11, 24), far, day) == Freshness.FRESH
    assert freshness(date(2025, 11, 23), far, day) == Freshness.STALE
    assert freshness(date(2026, 10, 1), day, day) == Freshness.STALE
    assert freshness(date(2026, 10, 1), date(2026, 12, 24), day) == Freshness.DUE
    assert freshness(date(2026, 10, 1), date(2026, 12, 25), day) == Freshness.FRESH
    assert freshness(date(2026, 5, 1), far, day, months=6) == Freshness.STALE
    assert freshness(date(2024, 5, 1), far, day, months=36) == Freshness.FRESH


def test_months_are_counted_to_the_end_of_a_short_one() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
