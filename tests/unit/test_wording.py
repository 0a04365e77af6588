"""No number, address or unknown fact is typed into a text, in whatever script or disguise (INJ-16)."""

import time
import unicodedata
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survivors.facts.release import seeded_values
from survivors.facts.wording import ascii_digits, is_figure, numbers, problems, references

VALUES = {"helpline": "08000 121 700", "recovery-minimum": "30", "move-on": "45", "ni-support": "45", "weekly": ""}
SCRIPTS = {
    "ASCII": "0123456789",
    "Arabic-Indic": "٠١٢٣٤٥٦٧٨٩",
    "extended Arabic-Indic": "۰۱۲۳۴۵۶۷۸۹",
    "Devanagari": "०१२३४५६७८९",
    "Bengali": "০১২৩৪৫৬৭৮৯",
    "full-width": "０１２３４５６７８９",
    "mathematical bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
}
SEPARATORS = {
    "none": "",
    "space": " ",
    "dot": ".",
    "dash": "-",
    "en dash": "–",
    "slash": "/",
    "underscore": "_",
    "middle dot": "·",
    "no-break space": "\u00a0",
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "word joiner": "\u2060",
    "soft hyphen": "\u00ad",
    "right-to-left mark": "\u200f",
    "isolate": "\u2066",
    "keycap": "\ufe0f\u20e3",
    "tab": "\t",
}
LETTERS = st.text(st.characters(categories=["L", "Zs", "Po"], exclude_characters="<>&@/{}.:"), max_size=30)
FIGURES = st.characters(categories=["N"])


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_inj_16_a_number_in_any_script_and_disguise_is_named(script: str, separator: str) -> None:
    typed = separator.join(script[int(digit)] for digit in "08000121700")
    found = problems(f"Call {typed} now.", VALUES)
    assert len(found) == 1, "one number is one fault, however it is cut up"
    assert "Write {helpline} instead." in found[0]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("፩", "1"), ("፲", "10"), ("፴", "30"), ("፻", "100"), ("Ⅻ", "12"), ("½", "12"), ("⑳", "20"), ("㉛", "31"), ("〇", "0"), ("𐡘", "1")],
)
def test_inj_16_numerals_that_are_no_decimal_digits_count(typed: str, digits: str) -> None:
    assert ascii_digits(typed) == digits
    assert problems(f"ቃል {typed} ቃል", VALUES)


def test_a_numeral_of_another_script_finds_its_fact() -> None:
    assert "{recovery-minimum}" in problems("፴ days", VALUES)[0]


@given(before=LETTERS, figure=FIGURES, after=LETTERS)
def test_inj_16_no_figure_passes_anywhere(before: str, figure: str, after: str) -> None:
    assert problems(f"{before}{figure}{after}", VALUES)


@given(text=LETTERS)
def test_words_alone_always_pass(text: str) -> None:
    assert problems(f"<p>{escape(text)}</p>", VALUES) == []


@given(figures=st.lists(FIGURES, min_size=1, max_size=12), gap=st.text(st.characters(categories=["Cf", "Mn", "P", "S", "Z"]), max_size=3))
def test_a_run_is_one_number(figures: list[str], gap: str) -> None:
    assert len(list(numbers("a" + gap.join(figures) + "b"))) == 1


@given(text=st.text(max_size=200))
def test_any_text_gets_an_answer_and_digits_stay_ascii(text: str) -> None:
    problems(text, VALUES)
    assert ascii_digits(text).replace(".", "").replace("e+", "").isdigit() or not any(map(is_figure, text))


@pytest.mark.parametrize("digit", [figure for figure in map(chr, range(0x11000)) if unicodedata.category(figure).startswith("N")][::7])
def test_every_figure_of_unicode_has_digits(digit: str) -> None:
    assert ascii_digits(digit)


@pytest.mark.parametrize("text", ["When you are 18", "حتى سن ١٨", "<p>۱۸</p>", "18-year-old", "Under&nbsp;18"])
def test_the_age_of_majority_may_be_typed(text: str) -> None:
    assert problems(text, VALUES) == []


@pytest.mark.parametrize("text", ["18 18", "1\u200b8", "⑱", "18,000", "118", "¹⁸"])
def test_the_age_of_majority_opens_no_door(text: str) -> None:
    assert problems(text, VALUES)


@pytest.mark.parametrize(
    "text",
    [
        '<p title="08000 121 700">Call us</p>',
        "<p data-number='0 8000'>Call us</p>",
        '<a linktype="page" id="4" aria-label="0800">x</a>',
        '<img alt="Call 0800">',
        '<p style="--n:0800">x</p>',
        '<embed embedtype="image" alt="0800"/>',
        "<script>alert(1)</script>",
        '<p onclick="x">y</p>',
        '<p title=">0800">x</p>',
        "Call &#48;&#56;&#48;&#48;",
        "Call &#x660;&#x668;",
        "0<b>8</b>0<b></b>0",
        "{0800 121 700}",
    ],
)
def test_inj_16_numbers_in_attributes_entities_and_markup(text: str) -> None:
    assert problems(text, VALUES)


@pytest.mark.parametrize(
    "text",
    [
        "<p data-block-key='a1b2c'>Say <b>no</b>.</p>",
        '<ul><li data-block-key="00000">One thing</li></ul>',
        '<p><a linktype="page" id="42">Read more</a><br/></p>',
        "A word, and another; a third.",
        "U.K. Dr. Who… and so on.",
    ],
)
def test_what_the_editor_makes_passes(text: str) -> None:
    assert problems(text, VALUES) == []


@pytest.mark.parametrize(
    "text",
    ["Write to help@example.org", "help＠example.org", "he\u200blp@exam\u00adple.org", "mailto a@b.c", "<p>info@<b>x</b>.org a@b.co</p>"],
)
def test_e_mail_addresses_are_refused(text: str) -> None:
    assert any("e-mail" in line for line in problems(text, VALUES))


@pytest.mark.parametrize(
    "text",
    ["See https://evil.example", "//evil", "www.evil", "evil.com", "gov.uk", "help.ORG", "ｅｖｉｌ.com", "ev\u200bil.co\u200bm", "bit.ly"],
)
def test_addresses_are_refused(text: str) -> None:
    assert any("addresses" in line for line in problems(text, VALUES))


@pytest.mark.parametrize(
    "link",
    [
        '<a href="tel:0">x</a>',
        "<a href='//evil'>x</a>",
        '<A HREF = "javascript:x">x</A>',
        '<a\nhref="data:,x">x</a>',
        '<a id="4" href="#x">y</a>',
    ],
)
def test_inj_02_links_lead_to_pages_only(link: str) -> None:
    assert any("Links lead only to pages" in line for line in problems(link, VALUES))


def test_an_unknown_fact_is_named_with_what_it_may_have_meant() -> None:
    assert problems("Call {help-line} or {helpline}", {"helpline": "1", "line-two": "2"}) == [
        "There is no fact called “help-line”. Did you mean {line-two}?"
    ]
    assert problems("{zzz}", VALUES) == ["There is no fact called “zzz”."]
    assert problems("{move}", VALUES) == ["There is no fact called “move”. Did you mean {move-on}?"]


def test_a_number_two_facts_share_names_both() -> None:
    assert "Write {move-on} or {ni-support} instead." in problems("45 days", VALUES)[0]


def test_a_number_no_fact_has_says_how_to_register_it() -> None:
    assert "Register it as a fact first" in problems("999 999", VALUES)[0]


@given(key=st.sampled_from(sorted(seeded_values())), pad=st.sampled_from(["", " ", "  "]))
def test_every_shipped_fact_can_be_referred_to(key: str, pad: str) -> None:
    text = f"<p>Ask {{{pad}{key}{pad}}}.</p>"
    assert references(text) == [key]
    assert problems(text, seeded_values()) == []


@pytest.mark.parametrize("part", ["@", "9 ", "<", "{", "a.", "<a ", "href=", "{ ", "<a href ", "=", "/", "www", "\u200b9"])
def test_inj_13_pathological_texts_take_no_time(part: str) -> None:
    text = part * (40_000 // len(part))
    start = time.process_time()
    problems(text, VALUES)
    assert time.process_time() - start < 1, "a pattern takes quadratic time"
