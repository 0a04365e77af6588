"""Quick exit: where the button stands, on every kind of screen (QX-16, QX-17)."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portal.languages import FIRST_RELEASE
from tests.browser.test_quick_exit_speed import PAGE
from tests.engines.chromium import phone

SCREENS = {"small": (320, 480), "phone": (360, 640), "landscape": (640, 360), "zoomed_400": (320, 256)}
COLOURS = """() => { const s = getComputedStyle(document.querySelector('#qx')), p = getComputedStyle(document.documentElement);
    return [s.color, s.backgroundColor, p.backgroundColor].map(c => c.match(/[0-9.]+/g).slice(0, 3).map(Number)); }"""
HIDDEN = """() => {
    const e = document.activeElement, a = e.getBoundingClientRect(), b = document.querySelector('#qx').getBoundingClientRect();
    if (e.id === 'qx' || e === document.body) return false;
    return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom; }"""


@pytest.mark.parametrize("code", ["en", "ar"])
@pytest.mark.parametrize("screen", SCREENS)
def test_qx_16_in_the_corner_under_the_thumb(browser: Browser, base_url: str, screen: str, code: str) -> None:
    width, height = SCREENS[screen]
    with phone(browser, base_url, viewport={"width": width, "height": height}) as page:
        page.goto(f"/{code}/")
        box = page.locator("#qx").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] == pytest.approx(height, abs=1)
        assert (box["x"] if code == "ar" else width - box["x"] - box["width"]) == pytest.approx(0, abs=1)
        assert box["width"] >= 96
        if screen == "zoomed_400":
            assert box["height"] <= height * 0.15 + 0.5
        else:
            assert box["height"] >= 56
        middle = "([x, y]) => document.elementFromPoint(x, y).closest('#qx') !== null"
        page.evaluate("scrollTo(0, 600)")
        assert page.evaluate(middle, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])


def test_qx_16_the_words_fit_in_every_language(browser: Browser, base_url: str) -> None:
    with phone(browser, base_url, viewport={"width": 320, "height": 480}) as page:
        for language in FIRST_RELEASE:
            page.goto(f"/{language.code}/a-z/")
            box = page.locator("#qx").bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= 321, language.code
            assert page.locator("#qx").evaluate("e => e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight"), language.code


def contrast(one: list[float], other: list[float]) -> float:
    """As WCAG defines it."""

    def light(colour: list[float]) -> float:
        parts = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    lights = sorted((light(one), light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("media", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}], ids=str)
def test_qx_16_contrast(page: Page, media: dict[str, Any]) -> None:
    page.emulate_media(**media)
    page.goto("/en/")
    text, ground, paper = page.evaluate(COLOURS)
    assert contrast(text, ground) >= 4.5
    border = page.locator("#qx").evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)")
    assert contrast(ground, paper) >= 3 or (border >= 2 and contrast(text, paper) >= 3)


def test_qx_01_print_leaves_it_out(page: Page) -> None:
    page.goto(PAGE)
    page.emulate_media(media="print")
    assert page.locator("#qx").evaluate("e => getComputedStyle(e).display") == "none"


@pytest.mark.parametrize("path", ["/en/", "/ar/a-z/", PAGE])
@pytest.mark.parametrize("screen", ["small", "zoomed_400"])
def test_qx_17_what_has_the_focus_is_never_hidden_behind_it(browser: Browser, base_url: str, screen: str, path: str) -> None:
    width, height = SCREENS[screen]
    with phone(browser, base_url, viewport={"width": width, "height": height}) as page:
        page.goto(path)
        seen = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 30)"))
            assert not page.evaluate(HIDDEN), page.evaluate("document.activeElement.outerHTML")
        assert len(seen) > 10
