"""Names and summaries of services give no place away (PRIV, UPL: what is not stored cannot leak)."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from providers.services.disclosure import has_hidden, normalised, problems

GIVES_AWAY = {
    "postcode": [
        "BS1 4DJ", "bs14dj", "Harbour (BS1-4DJ)", "near BS 1 4DJ", "B S 1 4 D J",
        "b.s.1.4.d.j", "BS1\u200b4DJ", "ＢＳ１ ４ＤＪ",
        "SW1A 1AA",
        "CF10 1EP", "EH1 1YZ", "G12 8QQ", "BT1 5GS", "ZE1 0AA", "IM1 1AA", "GIR 0AA", "M1 1AE", "W1A 0AX", "the LL55 house", "SA1",
        "BS١ ٤DJ", "EC1A·1BB", "N1  9GU",
    ],
    "street": [
        "12 High Street", "12a high st", "12, High Street", "12-14 Victoria Road", "3 The Old Mill Lane", "Harbour Road project",
        "Church Lane",
        "7 Rowan House", "7 rowan house", "Flat 2/1, 34 Byres Road", "2/1, 34 Byres", "flat 4", "Apartment 12", "Unit 7", "PO Box 12",
        "12 Heol Fawr", "Heol y Bont", "Stryd Fawr", "4 Stryd y Castell", "Lôn Goed 7", "Maes-y-Coed 4", "15 Rhodfa'r Môr", "Fflat 3",
        "21 Falls Park", "8 St. Mary's Close", "Sráid an Droichid", "9 Candlemaker Wynd", "44 Shore Terr", "1 Park Way",
    ],
    "place": ["51.4545, -2.5879", "///filled.count.soap", "filled.count.soap", "ST 58543 72905"],
    "phone": ["0117 496 0000", "+44 117 496 0000", "(0117) 4960000", "0.1.1.7.4.9.6.0", "٠١١٧٤٩٦٠٠٠٠",
              "zero one one seven four nine six", "07700900123"],
    "email": ["help@harbour.example", "help (at) harbour", "@harbourtrust", "help at harbour dot org"],
    "url": ["https://harbour.example", "www.harbour", "harbour.org.uk", "harbour dot org"],
}  # fmt: skip
GIVES_NOTHING_AWAY = [
    "", "Harbour", "Rowan House", "Cairn Outreach", "Harbour safehouse for women", "Support for men and women after trafficking",
    "A shared house with 6 rooms", "6 rooms in a shared house", "8 people in a house", "24 hour support", "Staffed 24/7", "Since 2019",
    "Open 2023-2024", "Ten places for families with children", "Outreach across the North West", "A safe place, a way forward",
    "Ffordd ymlaen: cymorth i fenywod", "Tŷ Diogel", "Support in 14 languages", "First 45 days and after", "Accommodation for 12 women",
    "We come to you. Ask us.", "4 weeks at a time", "Help with health, housing and law", "S and M families", "Phase 2", "Service 1234",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in GIVES_AWAY.items() for text in texts])
def test_what_leads_to_a_door_is_found(kind: str, text: str) -> None:
    assert kind in problems(text)
    assert kind in problems(f"Women's project, {text}, since spring")


@pytest.mark.parametrize("text", GIVES_NOTHING_AWAY)
def test_what_leads_nowhere_is_left_alone(text: str) -> None:
    assert problems(text) == []


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u200b", "\x00", "\n", "\ud800", "\u00ad"])
def test_inj_11_signs_that_nobody_sees_are_found_in_names(sign: str) -> None:
    assert has_hidden(f"Har{sign}bour")


def test_inj_11_joiners_that_scripts_need_are_no_hidden_signs() -> None:
    assert not has_hidden("می\u200cخواهم")


def test_inj_11_composed_and_split_letters_are_one_name() -> None:
    assert normalised(" Ty\u0302   Mo\u0302r ") == "Tŷ Môr"


@given(st.text(max_size=300))
@example("1" * 300)
@example("a " * 150)
def test_inj_13_no_text_takes_long(text: str) -> None:
    begun = time.perf_counter()
    problems(text)
    assert time.perf_counter() - begun < 0.5
