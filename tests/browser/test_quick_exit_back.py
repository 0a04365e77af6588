"""Quick exit: Back, Forward, Reload and a reopened tab do not bring the page back (QX-07, QX-08, PRIV-12)."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.browser.test_quick_exit_speed import PAGE
from tests.conftest import Neutral
from tests.engines.chromium import Film, phone

VISIT = ("/en/", "/en/help/", PAGE, "/en/a-z/")


@pytest.fixture(params=[False, True], ids=["bfcache_off", "bfcache_on"])
def either_browser(
    request: pytest.FixtureRequest, browser: Browser, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """Chromium without and with its cache of whole pages for Back."""
    if not request.param:
        yield browser
        return
    started = browser_type.launch(**browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"])
    yield started
    started.close()


def visit(page: Page, before: str) -> None:
    """A search page first, then four pages of ours, by links where a reader would."""
    page.goto(before)
    for path in VISIT:
        page.goto(path)


def travel(page: Page, steps: int, neutral: Neutral) -> str:
    """Press Back (-1), Forward (1) or Reload (0) as often as asked at once; where the browser rests then."""
    cdp = page.context.new_cdp_session(page)
    history = cdp.send("Page.getNavigationHistory")
    wanted = history["currentIndex"] + steps
    if wanted < 0:
        return page.url
    asked = len(neutral.requests)
    if steps:
        cdp.send("Page.navigateToHistoryEntry", {"entryId": history["entries"][wanted]["id"]})
    else:
        cdp.send("Page.reload")
    for _ in range(200):
        page.wait_for_timeout(50)
        if page.url == "about:blank" or (len(neutral.requests) > asked and not page.url.startswith("http://localhost")):
            break
    page.wait_for_timeout(200)  # for its frames
    return page.url


def test_qx_07_priv_12_back_after_leaving_never_shows_the_page(either_browser: Browser, base_url: str, neutral: Neutral) -> None:
    before = neutral.address.replace("weather", "before")
    with phone(either_browser, base_url) as page:
        visit(page, before)
        with Film(page) as film:
            assert film.until("shows_page", 5)
            page.locator("#qx").click()
            page.wait_for_url(neutral.address)
            page.wait_for_timeout(100)
            left = len(film.frames)
            places = [travel(page, -1, neutral) for _ in range(6)]
            frames = film.frames[left:]
    assert places == [neutral.address] * 3 + [before] + ["about:blank"] * 2
    assert len(frames) >= 3
    assert not any(frame.shows_page for frame in frames)


def test_qx_07_priv_12_forward_and_reload_after_leaving_do_not_show_the_page(page: Page, neutral: Neutral) -> None:
    visit(page, neutral.address.replace("weather", "before"))
    page.locator("#qx").click()
    page.wait_for_url(neutral.address)
    with Film(page) as film:
        for steps in (-2, 1, 0, -1, 0):
            assert travel(page, steps, neutral) == neutral.address
    assert not any(frame.shows_page for frame in film.frames)


def test_priv_12_reload_of_the_blank_page_leaves_again(page: Page, neutral: Neutral) -> None:
    page.goto(PAGE)
    page.context.route(neutral.address, lambda route: route.abort("aborted"))  # as if the reader pressed Stop
    page.locator("#qx").click(no_wait_after=True)
    expect(page.locator("html")).to_have_class("qx")
    page.context.unroute(neutral.address)
    with Film(page) as film:
        page.evaluate("setTimeout(() => location.reload())")
        page.wait_for_url(neutral.address)
    assert not any(frame.shows_page for frame in film.frames)


def test_qx_08_coming_back_on_purpose_works(page: Page, neutral: Neutral) -> None:
    page.goto(PAGE)
    page.locator("#qx").click()
    page.wait_for_url(neutral.address)
    page.goto("/en/")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    page.locator(".doors a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_be_visible()


def test_qx_08_back_inside_the_site_works(either_browser: Browser, base_url: str) -> None:
    with phone(either_browser, base_url) as page:
        page.goto("/en/")
        page.locator(".doors a").first.click()
        expect(page).not_to_have_url(f"{base_url}/en/")
        page.evaluate("setTimeout(() => history.back())")
        expect(page).to_have_url(f"{base_url}/en/")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("html")).not_to_have_class("qx")
