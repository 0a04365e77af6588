"""Pages fit every screen, in both directions, at every text size and in the colours a reader chose."""

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize

from portal.languages import BY_CODE
from tests.browser.pages import add_style, addresses, sideways, text_outside, visible

PHONE: ViewportSize = {"width": 360, "height": 640}
SCREENS = {"320": (320, 568), "360": (360, 640), "768": (768, 1024), "1280": (1280, 800), "400 % zoom": (320, 256)}
PAGES = addresses("en", "ar", "ti")
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-block-end: 2em !important }"""


def faults(page: Page, where: str) -> list[str]:
    """What does not fit."""
    wider = sideways(page)
    return [f"{where}: {wider} px wider than the screen"] * (wider > 0) + [f"{where}: {text!r}" for text in text_outside(page)]


def test_no_page_scrolls_sideways_and_no_text_leaves_its_box(page: Page) -> None:
    wrong = []
    for name, address in PAGES.items():
        page.goto(address)
        for screen, (width, height) in SCREENS.items():
            page.set_viewport_size({"width": width, "height": height})
            wrong += faults(page, f"{name} at {screen}")
    assert not wrong


def test_a_word_that_does_not_fit_would_be_found(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/en/")
    assert not faults(page, "home")
    page.evaluate("document.querySelector('.door b').style.cssText = 'white-space: nowrap; letter-spacing: 1em'")
    assert faults(page, "home")


def test_text_twice_as_large_loses_nothing(page: Page) -> None:
    page.set_viewport_size(PHONE)
    wrong = []
    for name, address in PAGES.items():
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        wrong += faults(page, name)
    assert not wrong


def test_text_spaced_out_by_the_reader_loses_nothing(page: Page) -> None:
    """WCAG 1.4.12."""
    page.set_viewport_size({"width": 320, "height": 568})
    wrong = []
    for name, address in PAGES.items():
        page.goto(address)
        add_style(page, SPACED)
        assert page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).letterSpacing)") > 2
        wrong += faults(page, name)
    assert not wrong


@pytest.mark.parametrize(("language", "mark_is_at"), [("en", "left"), ("ar", "right"), ("ti", "left")])
def test_the_page_is_mirrored_with_its_language(page: Page, language: str, mark_is_at: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/{language}/")
    middle = PHONE["width"] / 2
    mark, way_out, icon = (visible(page, selector)[0] for selector in (".mark", "#qx", ".door .i"))
    at_start = mark["x"] + mark["width"] / 2 < middle
    assert at_start == (mark_is_at == "left")
    assert (way_out["x"] + way_out["width"] / 2 > middle) == at_start, "the way out is at the end"
    assert (icon["x"] < middle) == at_start, "pictograms stand before their words"
    heading = page.locator("h1").evaluate("e => getComputedStyle(e).textAlign")
    assert heading == "start"


DOORS = """() => {
  const out = document.querySelector('#qx').getBoundingClientRect();
  return Array.from(document.querySelectorAll('.door')).map((door) => {
    const hidden = [];
    for (const part of door.querySelectorAll('b, span')) {
      const range = document.createRange();
      range.selectNodeContents(part);
      for (const line of range.getClientRects()) {
        const below = line.bottom > innerHeight;
        const covered = line.bottom > out.top && line.right > out.left && line.left < out.right;
        if (below || covered) hidden.push(part.textContent);
      }
    }
    return hidden;
  });
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_three_doors_are_above_the_fold_of_a_small_phone(page: Page, language: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/{language}/")
    assert page.evaluate(DOORS) == [[], [], []]


LEADING = """() => Array.from(document.querySelectorAll('p, li, dd, dt, summary, label, b, span')).filter((e) => e.checkVisibility())
  .filter((e) => Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim()))
  .filter((e) => !e.closest('h1, h2, h3, #qx, .mark, .big'))
  .map((e) => [e, getComputedStyle(e)])
  .map(([e, style]) => [e.closest('[lang]').lang, parseFloat(style.lineHeight) / parseFloat(style.fontSize), e.outerHTML])"""


def test_tall_scripts_have_room_between_their_lines(page: Page) -> None:
    tall = low = 0
    wrong = []
    for address in addresses("en", *(code for code, language in BY_CODE.items() if language.tall)).values():
        page.goto(address)
        for code, leading, html in page.evaluate(LEADING):
            least = 1.75 if BY_CODE[code].tall else 1.5
            tall, low = tall + BY_CODE[code].tall, low + (not BY_CODE[code].tall)
            if leading < least - 0.01:
                wrong.append(f"{address} {code} {leading:.2f} {html[:100]}")
    assert tall > 100 and low > 100
    assert not wrong


def pixels(page: Page, box: dict[str, Any]) -> set[tuple[int, ...]]:
    """The colours along the upper edge of ``box``, from the page to the inside of the box."""
    clip: Any = {"x": box["x"] + box["width"] / 2, "y": max(0, box["y"] - 4), "width": 1, "height": 10}
    image = Image.open(io.BytesIO(page.screenshot(clip=clip, full_page=True))).convert("RGB")
    return {image.getpixel((0, y)) for y in range(image.height)}  # type: ignore[misc]


@pytest.mark.parametrize("address", ["/en/", "/ar/help/get-help-now/", "/en/a-z/", "/"])
def test_boxes_keep_their_edges_in_forced_colours(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.emulate_media(forced_colors="active")
    page.goto(address)
    edged = visible(page, ".card, .box:not(.unsure > .box), .contact, .unsure, .chips li, .tongues a, #qx, button, input")
    assert edged
    assert not [box["name"] for box in edged if len(pixels(page, box)) < 2]


def test_dark_colours_follow_the_reader(page: Page) -> None:
    page.set_viewport_size(PHONE)
    brightness = {}
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        page.goto("/ar/help/get-help-now/")
        image = Image.open(io.BytesIO(page.screenshot())).convert("L")
        histogram = image.histogram()
        brightness[colours] = sum(level * count for level, count in enumerate(histogram)) / sum(histogram)
    assert brightness["light"] > 200
    assert brightness["dark"] < 70


def test_english_on_a_page_in_another_language_keeps_its_own_direction(page: Page) -> None:
    page.goto("/ar/help/get-help-now/")
    page.locator("summary").first.click()
    sources = page.locator("main details [lang=en] li").first
    assert sources.evaluate("e => getComputedStyle(e).direction") == "ltr"
    assert page.locator("main .box.now").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
