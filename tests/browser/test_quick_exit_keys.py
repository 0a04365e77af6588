"""Quick exit from the keyboard (QX-14): Shift three times, Enter, Space; and everything that must not count."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Neutral

CLOCK = "() => { const now = Date.now; let skipped = 0; Date.now = () => now() + skipped; window.later = ms => { skipped += ms; }; }"


@pytest.fixture
def guide(page: Page) -> Page:
    """A page of the guide with nothing pressed yet."""
    page.goto("/en/a-z/")
    return page


def stays(page: Page) -> None:
    """Nothing has begun: neither hidden nor on the way."""
    expect(page.locator("html")).not_to_have_class("qx")
    expect(page).to_have_title(re.compile("A to Z"))


def test_qx_14_three_shifts_leave_left_and_right_mixed(guide: Page, neutral: Neutral) -> None:
    guide.keyboard.press("ShiftLeft")
    guide.keyboard.press("ShiftRight")
    stays(guide)
    guide.keyboard.press("ShiftLeft")
    guide.wait_for_url(neutral.address)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_qx_14_second_in_tab_order_enter_and_space_leave(guide: Page, neutral: Neutral, key: str) -> None:
    guide.keyboard.press("Tab")
    guide.keyboard.press("Tab")
    expect(guide.locator("#qx")).to_be_focused()
    guide.keyboard.press(key)
    guide.wait_for_url(neutral.address)


def test_qx_14_slow_shifts_do_not_count_together(guide: Page, neutral: Neutral) -> None:
    guide.evaluate(CLOCK)
    for _ in range(4):
        guide.keyboard.press("Shift")
        guide.evaluate("window.later(5001)")
    stays(guide)
    for _ in range(3):
        guide.evaluate("window.later(4900)")
        guide.keyboard.press("Shift")
    guide.wait_for_url(neutral.address)


def test_qx_14_another_key_in_between_starts_again(guide: Page) -> None:
    for key in ("Shift", "Shift", "a", "Shift", "Shift+Tab", "Shift+Tab", "Control+Shift", "Control+Shift", "Control+Shift"):
        guide.keyboard.press(key)
    stays(guide)


def test_qx_14_a_held_key_counts_once(guide: Page) -> None:
    for _ in range(6):
        guide.keyboard.down("Shift")  # after the first these are repeats
    guide.keyboard.up("Shift")
    guide.keyboard.press("Shift")
    stays(guide)


def test_qx_14_shift_in_a_text_field_is_writing(guide: Page) -> None:
    guide.locator("#word").focus()
    for _ in range(5):
        guide.keyboard.press("Shift")
    stays(guide)
    guide.evaluate("() => { document.querySelector('h1').contentEditable = 'true'; document.querySelector('h1').focus(); }")
    for _ in range(5):
        guide.keyboard.press("Shift")
    stays(guide)


def test_qx_14_keyboards_on_a_screen_do_not_count(guide: Page, neutral: Neutral) -> None:
    press = """code => [1, 2, 3].forEach(() =>
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift', code, bubbles: true })))"""
    guide.evaluate(press, "")
    stays(guide)
    guide.evaluate(press, "ShiftLeft")  # the same events with a code do
    guide.wait_for_url(neutral.address)


def test_qx_14_escape_does_nothing(guide: Page) -> None:
    for _ in range(5):
        guide.keyboard.press("Escape")
    stays(guide)
