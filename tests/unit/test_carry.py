"""Pairs of blocks, smaller PDFs, words on paper: what a reader takes along, without the site around it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydyf
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from survivors.carry import slim
from survivors.carry.pairs import pairs


@dataclass(frozen=True)
class Block:
    id: str


def blocks(ids: str) -> list[Block]:
    return [Block(one) for one in ids]


def paired(own: str, english: str) -> list[str]:
    return [f"{a.id if a else '-'}{b.id if b else '-'}" for a, b in pairs(blocks(own), blocks(english))]


@pytest.mark.parametrize(
    ("own", "english", "expected"),
    [
        ("abc", "abc", ["aa", "bb", "cc"]),
        ("ac", "abc", ["aa", "-b", "cc"]),
        ("abc", "ac", ["aa", "b-", "cc"]),
        ("", "ab", ["-a", "-b"]),
        ("ab", "", ["a-", "b-"]),
        ("ba", "ab", ["bb", "aa"]),
        ("c", "abc", ["-a", "-b", "cc"]),
    ],
)
def test_blocks_are_paired_by_id(own: str, english: str, expected: list[str]) -> None:
    assert paired(own, english) == expected


@given(own=st.sets(st.characters(codec="ascii")), english=st.sets(st.characters(codec="ascii")))
def test_no_block_is_lost_or_shown_twice(own: set[str], english: set[str]) -> None:
    found = pairs(blocks("".join(own)), blocks("".join(english)))
    assert sorted(a.id for a, _b in found if a) == sorted(own)
    assert sorted(b.id for _a, b in found if b) == sorted(english)
    assert all(a.id == b.id for a, b in found if a and b)


# --- Smaller PDFs ------------------------------------------------------------------------------------------------------


def test_positions_are_rounded_and_glyphs_joined() -> None:
    assert slim.shorter(b"1 0 0 -1 567.129252 85.166457 Tm") == b"1 0 0 -1 567.1 85.2 Tm"
    assert slim.shorter(b"[<0041>0<0042>0] TJ") == b"(\x00A\x00B) Tj"
    assert slim.shorter(b"[<0041>-118.763<0042>0] TJ") == b"[(\x00A)-118.8(\x00B)] TJ"


@pytest.mark.parametrize("glyph", ["0028", "0029", "005c", "000d", "5c28", "280a"])
def test_a_glyph_that_looks_like_an_end_does_not_end_the_text(glyph: str) -> None:
    made = slim.shorter(f"[<{glyph}>0<0041>0] TJ".encode())
    assert made.endswith(b") Tj")
    inside = made[1:-4]
    read = re.sub(rb"\\(.)", lambda found: b"\r" if found[1] == b"r" else found[1], inside, flags=re.DOTALL)
    assert read == bytes.fromhex(glyph) + b"\x00A"


def element(pdf: Any, kind: str, parent: Any, page: Any) -> Any:
    made = pydyf.Dictionary({"Type": "/StructElem", "S": kind, "K": pydyf.Array([]), "P": parent.reference, "Pg": page.reference})
    pdf.add_object(made)
    parent["K"].append(made.reference)
    return made


def test_lines_belong_to_their_paragraph_and_numbers_have_no_gaps() -> None:
    pdf = pydyf.PDF()
    stream = pydyf.Stream([b"/Span", b"<</MCID 0>>", b"BDC", b"(a) Tj", b"EMC", b"/Span", b"<</MCID 1>>", b"BDC", b"(b) Tj", b"EMC"])
    pdf.add_object(stream)
    mapping = pydyf.Stream([b"<0041> <0042>"])
    pdf.add_object(mapping)
    page = pydyf.Dictionary({"Type": "/Page", "StructParents": 0, "Contents": stream.reference})
    pdf.add_page(page)
    root = pydyf.Dictionary({"Type": "/StructTreeRoot", "K": pydyf.Array([])})
    pdf.add_object(root)
    document = element(pdf, "/Document", root, page)
    paragraph = element(pdf, "/P", element(pdf, "/Div", document, page), page)
    lines = [element(pdf, "/Span", paragraph, page) for _ in range(2)]
    for number, line in enumerate(lines):
        line["K"].append(number)
    nums = pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Array([line.reference for line in lines])])})
    pdf.add_object(nums)
    root["ParentTree"] = nums.reference
    slim.slim(None, pdf)
    objects: list[Any] = pdf.objects
    left = [item for item in objects if hasattr(item, "keys") and item.get("Type") == "/StructElem"]
    assert [item["S"] for item in left] == ["/Document", "/P"]
    assert left[0]["K"] == [left[1].reference]
    assert left[1]["K"] == [0], "the second line is part of the first piece now"
    assert left[1]["P"] == left[0].reference
    assert nums["Nums"][1] == [left[1].reference] * 2
    assert [item.number for item in objects] == list(range(len(objects)))
    assert mapping.stream == [b"<0041> <0042>"], "only pages are shortened"
    assert stream.stream == [b"/Span\n<</MCID 0>>\nBDC\n(a) Tj\n(b) Tj\nEMC"]


def test_the_paper_knows_no_address_of_ours_and_names_no_site() -> None:
    folder: Path = settings.BASE_DIR / "templates/survivors/carry"
    for path in folder.glob("document*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"Waymark|https?:|\{% (url|static) |<(script|img|link)\b", text), path.name
