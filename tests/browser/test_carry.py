"""The card, the page beside English and the paper page in a browser: without script, on a phone, in print, in both directions."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.pages import sideways, text_outside, visible
from tests.browser.test_accessibility import COLOURS, LARGE, TARGETS, small_targets, violations

PHONE = {"width": 360, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
ADDRESSES = [
    *(f"/{code}/{path}" for code in ("en", "ar", "ti") for path in ("card/", "paper/", "both/help/get-help-now/")),
    "/ar/both/about/easy-words/",
    "/en/about/what-a-phone-keeps/",
]


@pytest.fixture
def plain(browser: Browser, base_url: str) -> Iterator[Page]:
    """A phone that runs no script."""
    context = browser.new_context(base_url=base_url, java_script_enabled=False, viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()


@pytest.fixture
def audited(context: BrowserContext) -> Page:
    context.add_init_script(script=AXE_SCRIPT)
    return context.new_page()


def open_card(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".show > summary").click()
    expect(page.locator(".show .large")).to_be_visible()


# --- For everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_in_either_colours(audited: Page, address: str) -> None:
    audited.set_viewport_size(PHONE)  # type: ignore[arg-type]
    audited.goto(address)
    for is_open in (False, True):
        if is_open:
            audited.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true })")
        for colours in COLOURS:
            audited.emulate_media(color_scheme=colours)
            assert not violations(audited, enhanced=True), (is_open, colours)


@pytest.mark.parametrize("address", ADDRESSES)
def test_targets_are_large_and_nothing_is_cut_off(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(address)
    assert small_targets(page) == []
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        assert sideways(page) == 0
        assert text_outside(page) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_else_is_asked_for_anything(page: Page, base_url: str, address: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    complaints: list[str] = []
    page.on("request", note)
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address)
    assert asked
    assert [url for url in asked if not url.startswith(base_url)] == []
    assert [line for line in complaints if "Unrecognized feature" not in line] == []


# --- The card ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "ar", "ti", "ckb"])
def test_the_card_opens_without_script_and_all_of_its_english_fits_a_phone(plain: Page, code: str) -> None:
    plain.goto(f"/{code}/card/")
    assert plain.locator(".show .large").is_hidden()
    open_card(plain, f"/{code}/card/")
    assert plain.get_by_text("Waymark").is_hidden()
    exit_button = plain.locator("#qx").bounding_box()
    assert exit_button
    lines = plain.locator(".show .large p").all()
    assert len(lines) == (2 if code == "en" else 3)
    for line in lines:
        box = line.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= exit_button["y"], line.text_content()
    assert plain.evaluate("parseFloat(getComputedStyle(document.querySelector('.show .large p')).fontSize)") >= 26


def test_the_card_is_covered_again_by_the_same_press(plain: Page) -> None:
    open_card(plain, "/ar/card/")
    box = plain.locator(".show > summary").bounding_box()
    assert box and box["height"] >= LARGE
    plain.locator(".show > summary").click()
    assert plain.locator(".show .large").is_hidden()


def test_the_card_opens_by_keyboard_and_what_it_covers_takes_no_focus(page: Page) -> None:
    page.goto("/en/card/")
    page.locator(".show > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".show .large")).to_be_visible()
    inside = "document.activeElement.closest('.show, #qx') !== null || document.activeElement === document.body"
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(inside), page.evaluate("document.activeElement.outerHTML.slice(0, 80)")


@pytest.mark.parametrize("code", ["ar", "ti", "vi"])
def test_printed_it_is_a_small_card_with_a_cover_side(page: Page, code: str) -> None:
    page.goto(f"/{code}/card/")
    page.set_viewport_size({"width": 700, "height": 1000})  # the paper between its margins, about 186 mm
    page.emulate_media(media="print")
    assert {one["name"][:20] for one in visible(page, "#qx, .top, .show, .foot")} == set()
    fold = page.locator(".fold")
    sides = [side.bounding_box() for side in fold.locator("> div").all()]
    assert sides[0] and sides[1] and len(sides) == 2
    assert abs(sides[0]["width"] - sides[1]["width"]) < 1
    assert sides[0]["height"] == sides[1]["height"]
    assert sides[0]["x"] >= 0 and sides[1]["x"] + sides[1]["width"] <= 702
    assert "slavery" not in (fold.locator(".cover").text_content() or "")
    assert fold.evaluate("e => [...e.children].every((side) => side.scrollHeight <= side.clientHeight + 1)"), "the words fit"


# --- Beside English ---------------------------------------------------------------------------------------------------


def columns(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(
        """() => Array.from(document.querySelectorAll('.row.two')).map((row) => {
          const [own, twin] = Array.from(row.children).map((e) => e.getBoundingClientRect());
          const [a, b] = Array.from(row.children).map((e) => getComputedStyle(e).direction + ' ' + e.lang);
          return {beside: Math.abs(own.top - twin.top) < 40, below: twin.top >= own.bottom - 1, start: own.left > twin.left, a, b};
        })"""
    )
    assert len(found) > 5
    return found


def test_two_columns_where_there_is_room_and_one_on_a_phone(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto("/ar/both/help/get-help-now/")
    wide = columns(page)
    assert all(row["beside"] and row["start"] for row in wide), "Arabic begins on the right"
    assert {(row["a"], row["b"]) for row in wide} == {("rtl ar", "ltr en")}
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert all(row["below"] for row in columns(page))


def test_in_a_left_to_right_language_the_columns_change_places(page: Page) -> None:
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.goto("/ar/both/help/get-help-now/")
    page.evaluate("document.documentElement.dir = 'ltr'")  # the one thing that is different there
    assert not any(row["start"] for row in columns(page))


def test_printed_both_sides_stand_beside_each_other(page: Page) -> None:
    page.goto("/ar/both/help/get-help-now/")
    page.set_viewport_size({"width": 700, "height": 1000})
    page.emulate_media(media="print")
    assert all(row["beside"] for row in columns(page))
    assert page.locator(".beside").is_hidden()


def test_a_reader_finds_the_way_there_and_back_without_script(plain: Page) -> None:
    plain.goto("/ar/help/get-help-now/")
    plain.locator("a[href='/ar/both/help/get-help-now/']").click()
    expect(plain.locator("h1")).to_be_visible()
    assert plain.locator(".twin").first.is_visible()
    plain.locator(".beside a").click()
    assert plain.url.endswith("/ar/help/get-help-now/")


def test_targets_of_the_open_card_are_large(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_card(page, "/ti/card/")
    targets = visible(page, TARGETS)
    assert [found["tel"] for found in targets].count(True) >= 1
    assert [found["name"] for found in targets if found["height"] < LARGE - 0.5 and "skip" not in found["name"]] == []
