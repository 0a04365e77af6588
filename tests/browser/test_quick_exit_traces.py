"""Quick exit: what a visit leaves in the profile of the browser (QX-26, PRIV-16)."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.browser.test_quick_exit_speed import PAGE
from tests.conftest import Neutral

CHAIN_END = 0x20000000  # of a row in Chromium's table of visits: the history page lists these
LISTED = "SELECT count(*) FROM visits JOIN urls ON urls.id = visits.url WHERE urls.url LIKE ? AND visits.transition & ?"


def visit_and_leave(
    browser_type: BrowserType, arguments: dict[str, Any], profile: Path, base_url: str, neutral: Neutral, fewer: bool
) -> str:
    """Three pages by links, then the exit, in a browser that keeps a profile. Returns words that stood on the last page."""
    plain = {"Accept-Encoding": "identity"}  # so that what is kept can be searched
    context = browser_type.launch_persistent_context(profile, base_url=base_url, extra_http_headers=plain, **arguments)
    page = context.pages[0]
    page.goto("/en/")
    if fewer:
        page.locator("#fewer button").click()
    for link in (".doors a", ".cards a, .list a, .pair a"):
        before = page.url
        page.locator(link).first.click()
        expect(page).not_to_have_url(before)
        expect(page.locator("h1")).to_be_visible()
    words = page.locator("main p").nth(1).inner_text()
    page.locator("#qx").click()
    page.wait_for_url(neutral.address)
    page.wait_for_timeout(500)  # the history is written a moment later
    context.close()
    return words


@pytest.mark.parametrize("fewer", [True, False], ids=["switched_on", "switched_off"])
def test_qx_26_priv_16_what_the_profile_keeps(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path, base_url: str, neutral: Neutral, fewer: bool
) -> None:
    words = visit_and_leave(browser_type, browser_type_launch_args, tmp_path, base_url, neutral, fewer)
    with sqlite3.connect(tmp_path / "Default" / "History") as history:
        (ours,) = history.execute(LISTED, (f"{base_url}/%", CHAIN_END)).fetchone()
        (theirs,) = history.execute(LISTED, (f"{neutral.address}%", CHAIN_END)).fetchone()
    assert theirs == 1
    assert ours == 0 if fewer else ours >= 2
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()]
    assert any(b"Rain later." in content for content in kept), "the search itself finds nothing"
    assert len(words) > 20
    for text in (words, words[:20]):
        assert not any(text.encode(code) in content for content in kept for code in ("utf-8", "utf-16-le"))


def test_qx_26_back_inside_the_page(page: Page, base_url: str) -> None:
    page.goto("/en/")
    expect(page.locator("#back")).to_be_hidden()
    switch = page.locator("#fewer button")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    length = page.evaluate("history.length")
    for path in ("/en/a-z/", PAGE):
        page.evaluate("path => { const a = document.createElement('a'); a.href = path; document.body.append(a); a.click(); }", path)
        page.wait_for_url(f"{base_url}{path}#~**")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    assert page.evaluate("history.length") == length
    for path in ("/en/a-z/", "/en/"):
        page.locator("#back").click()
        page.wait_for_url(f"{base_url}{path}#~**")
    expect(page.locator("#back")).to_be_hidden()
    page.locator("#fewer button").click()
    expect(page).to_have_url(f"{base_url}/en/")


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example/", "/en/?q"])
def test_qx_26_a_crafted_address_leads_nowhere(page: Page, path: str) -> None:
    page.goto(f"/en/#~{path}")
    expect(page.locator("#fewer button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#back")).to_be_hidden()
