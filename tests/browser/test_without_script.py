"""PRIV-04: without script every page reads fully, and nothing that needs script shows itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.pages import addresses, visible

NEEDS_SCRIPT = "button, input, select, textarea, form, dialog, [onclick], a[href='#'], a[href=''], a:not([href]), #find, #fewer, #back"
# The words of the page, those in closed details too; without what only shows up when script runs.
WORDS = """() => {
  document.querySelectorAll('#find, #fewer, #back').forEach((e) => e.remove());
  return document.body.textContent.replace(/\\s+/g, ' ').trim();
}"""


@pytest.fixture
def plain(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    context = browser.new_context(base_url=base_url, java_script_enabled=False, viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()


def test_priv_04_no_script_runs_here(plain: Page) -> None:
    plain.goto("/en/")
    assert plain.locator("#fewer").is_hidden(), "it shows itself as soon as script runs"


def test_priv_04_every_template_says_the_same_without_script(plain: Page, page: Page) -> None:
    for address in addresses("en", "ar").values():
        plain.goto(address)
        page.goto(address)
        words = plain.evaluate(WORDS)
        assert len(words) > 100, address
        assert words == page.evaluate(WORDS), address


def test_priv_04_every_page_has_its_words_and_nothing_that_needs_script(plain: Page, public_addresses: list[str]) -> None:
    wrong = {}
    for address in public_addresses:
        plain.goto(address)
        if dead := [found["name"] for found in visible(plain, NEEDS_SCRIPT)]:
            wrong[address] = dead
        if len(plain.locator("main").inner_text()) < 80:
            wrong[address] = ["hardly any words"]
    assert not wrong
    plain.goto("/gallery/")
    assert visible(plain, NEEDS_SCRIPT), "the gallery shows buttons: this test can see them"


def test_priv_04_a_to_z_leads_to_every_page(plain: Page, public_addresses: list[str]) -> None:
    plain.goto("/en/a-z/")
    listed = [link.get_attribute("href") for link in plain.locator(".az a:visible").all()]
    assert sorted(filter(None, listed)) == sorted(a for a in public_addresses if a.startswith("/en/") and a.count("/") == 4)
    assert len(listed) == 40
    plain.locator(".az a").last.click()
    plain.wait_for_load_state()
    assert plain.url.endswith(str(listed[-1]))
    assert plain.locator("h1").count() == 1


def test_priv_04_sources_open_without_script(plain: Page) -> None:
    plain.goto("/en/help/get-help-now/")
    source = plain.locator("details li").first
    assert source.is_hidden()
    plain.locator("summary").first.click()
    assert source.is_visible()
