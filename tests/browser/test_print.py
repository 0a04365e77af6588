"""A printed page is the text alone: black on white, large telephone numbers, sources, and no sign of where it came from."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.pages import ONE_OF_EACH

PAPER: ViewportSize = {"width": 794, "height": 1123}  # A4 at 96 pixels to the inch
PAGES = [f"/{language}/{path}" for language in ("en", "ar") for path in ONE_OF_EACH.values()]
POINT = 96 / 72  # pixels
FURNITURE = ("header.top", "#qx", ".skip", ".foot", ".pair", "#fewer", "#back", "#find", "button", "input", ".mark")

COLOURS = """() => {
  const texts = Array.from(document.querySelectorAll('main *')).filter((e) => e.checkVisibility()
    && Array.from(e.childNodes).some((n) => n.nodeType === 3 && n.data.trim()));
  const grounds = [document.documentElement, document.body, ...document.querySelectorAll('main *')];
  return {
    ink: [...new Set(texts.map((e) => getComputedStyle(e).color))],
    paper: [...new Set(grounds.map((e) => getComputedStyle(e).backgroundColor))],
  };
}"""


def printed(page: Page, address: str, *, colours: Any = "light") -> None:
    """Open ``address`` as a printer sees it."""
    page.set_viewport_size(PAPER)
    page.emulate_media(media="print", color_scheme=colours)
    page.goto(address)


def luminance(colour: str) -> float:
    """0 (black) to 1 (white) of a computed ``rgb(…)``; a colour one sees through counts as white paper."""
    numbers = [float(number) for number in re.findall(r"[\d.]+", colour)]
    return 1.0 if len(numbers) == 4 and numbers[3] == 0 else sum(numbers[:3]) / 765


@pytest.mark.parametrize("address", PAGES)
def test_only_the_text_is_printed(page: Page, address: str) -> None:
    printed(page, address)
    shown = [selector for selector in FURNITURE for found in page.locator(selector).all() if found.is_visible()]
    assert not shown
    assert page.locator("h1").is_visible()
    words = page.locator("body").inner_text()
    assert "Waymark" not in words
    assert len(words) > 60


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_paper_is_white_and_words_are_black(page: Page, colours: str) -> None:
    for address in PAGES:
        printed(page, address, colours=colours)
        found = page.evaluate(COLOURS)
        assert found["ink"], address
        assert not [colour for colour in found["ink"] if luminance(colour) > 0.35], (address, found["ink"])
        assert not [colour for colour in found["paper"] if luminance(colour) < 0.9], (address, found["paper"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_telephone_numbers_are_large(page: Page, language: str) -> None:
    printed(page, f"/{language}/help/get-help-now/")
    sizes = page.locator(".contact a[href^='tel:']").evaluate_all("all => all.map((e) => parseFloat(getComputedStyle(e).fontSize))")
    assert len(sizes) >= 2
    assert min(sizes) >= 18 * POINT
    body = page.locator("main p").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert body >= 10 * POINT


@pytest.mark.parametrize("language", ["en", "ar"])
def test_sources_are_printed_though_they_are_closed_on_the_screen(page: Page, language: str) -> None:
    address = f"/{language}/help/get-help-now/"
    page.goto(address)
    source = page.locator("details li").first
    assert source.is_hidden()
    printed(page, address)
    assert source.is_visible()
    assert source.bounding_box()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_boxes_are_not_torn_apart_and_headings_stay_with_their_text(page: Page, language: str) -> None:
    printed(page, f"/{language}/help/get-help-now/")
    for selector in (".box", ".contact", ".unsure"):
        for box in page.locator(f"main {selector}").all():
            assert box.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    for heading in page.locator("main h2").all():
        assert heading.evaluate("e => getComputedStyle(e).breakAfter") == "avoid"


@pytest.mark.parametrize("address", PAGES)
def test_a_sheet_fits_and_carries_no_name(page: Page, address: str) -> None:
    page.goto(address)
    title = page.title()
    sheet = page.pdf(format="A4")
    assert sheet.startswith(b"%PDF-")
    assert b"Waymark" not in sheet or title.startswith("Waymark")
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 8
    printed(page, address)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
