"""Quick exit: one press, and what it does to the page, the next site, other tabs and what is stored."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from tests.browser.test_quick_exit_speed import PAGE, crowd
from tests.conftest import Neutral
from tests.engines.chromium import Film, Finger, middle, phone

BLANK_TITLE = "\u200b"


@pytest.fixture
def stopped(page: Page, neutral: Neutral) -> list[float]:
    """As if the reader pressed Stop on the way out: our page remains and can be looked at. Holds when the next site was asked."""
    asked: list[float] = []

    def stop(route: Route) -> None:
        asked.append(time.time())
        route.abort("aborted")

    page.context.route(neutral.address, stop)
    return asked


@pytest.fixture
def fresh_neutral(neutral: Neutral) -> Neutral:
    """The next site, which has heard of nobody yet."""
    neutral.requests.clear()
    return neutral


def changed(change: Callable[[str], str]) -> Callable[[Route], None]:
    """A route that serves the real page with its HTML changed, under the policy it came with."""

    def handle(route: Route) -> None:
        answer = route.fetch()
        html = change(answer.text())
        assert html != answer.text()
        route.fulfill(response=answer, body=html)

    return handle


def test_qx_02_a_plain_link_without_scripts_and_without_style(browser: Browser, base_url: str, fresh_neutral: Neutral) -> None:
    with phone(browser, base_url, scripts=False) as page:
        page.route("**/en/", changed(lambda html: re.sub("(?s)<style>.*?</style>", "", html)))
        page.goto("/en/")
        assert page.locator("#qx").evaluate("e => getComputedStyle(e).position") == "static"
        page.locator("#qx").click()
        page.wait_for_url(fresh_neutral.address)
    assert "referer" not in fresh_neutral.requests[0]


@pytest.mark.parametrize(("touch", "scripts"), [(True, True), (False, True), (False, False)], ids=["touch", "mouse", "mouse_no_scripts"])
def test_qx_05_sliding_off_stays_blank_until_the_next_tap_which_opens_nothing(
    browser: Browser, base_url: str, touch: bool, scripts: bool
) -> None:
    with phone(browser, base_url, scripts=scripts) as page:
        page.goto("/en/")
        link = middle(page, ".doors a >> nth=0")
        x, y = middle(page)
        with Film(page) as film:
            finger = Finger(film.cdp, touch)
            assert film.until("shows_page", 5)
            finger.down(x, y)
            assert film.until("is_blank", 3)
            for step in range(1, 6):
                finger.move(x, y - step * 40)
            finger.up(x, y - 200)
            page.wait_for_timeout(700)  # a tap that stops a page still gliding is no tap
            assert film.frames[-1].is_blank
            finger.down(*link)
            finger.up(*link)
            assert film.until("shows_page", 3)
        expect(page).to_have_url(f"{base_url}/en/")
        page.locator(".doors a").first.click()  # and the page works as before
        expect(page).not_to_have_url(f"{base_url}/en/")


def test_qx_05_the_focus_of_the_keyboard_blanks_nothing(page: Page) -> None:
    page.goto("/en/")
    with Film(page) as film:
        assert film.until("shows_page", 5)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator("#qx")).to_be_focused()
        page.wait_for_timeout(200)
    assert all(frame.shows_page for frame in film.frames)


def test_qx_06_the_way_out_begins_at_once_under_a_blank_title(page: Page, stopped: list[float]) -> None:
    page.goto(PAGE)
    page.evaluate("addEventListener('click', () => { window.released = Date.now(); }, true)")
    page.locator("#qx").click(no_wait_after=True)
    expect(page).to_have_title(BLANK_TITLE)
    assert stopped[0] * 1000 - page.evaluate("window.released") <= 100 * crowd()


def test_qx_06_takes_the_place_of_the_page(page: Page, neutral: Neutral) -> None:
    page.goto("/en/")
    page.goto(PAGE)
    length = page.evaluate("history.length")
    page.locator("#qx").click()
    page.wait_for_url(neutral.address)
    assert page.evaluate("history.length") == length


def test_qx_10_only_this_site_is_asked_and_the_next_one_learns_nothing(page: Page, base_url: str, fresh_neutral: Neutral) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/en/", "/en/a-z/", PAGE):
        page.goto(path)
    assert len(asked) >= 3
    assert all(address.startswith(base_url + "/") for address in asked)
    page.locator("#qx").click()
    page.wait_for_url(fresh_neutral.address)
    first = fresh_neutral.requests[0]
    assert first["path"] == "/weather"
    assert not {"referer", "origin", "cookie"} & set(first)


STORED = """async () => ({
  session: Object.entries(sessionStorage), local: Object.entries(localStorage), cookie: document.cookie,
  databases: await indexedDB.databases(), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length })"""
NOTHING: dict[str, Any] = {"session": [], "local": [], "cookie": "", "databases": [], "caches": [], "workers": 0}


def test_qx_11_nothing_is_stored_but_the_mark_after_leaving(page: Page, stopped: list[float]) -> None:
    for path in ("/", "/en/", "/ar/", "/en/a-z/", PAGE, "/en/not-here/"):
        page.goto(path)
        assert page.evaluate(STORED) == NOTHING, path
    page.locator("#qx").click(no_wait_after=True)
    assert page.evaluate(STORED) == {**NOTHING, "session": [["q", "1"]]}
    assert page.context.cookies() == []


def test_qx_12_other_tabs_leave_too(context: BrowserContext, fresh_neutral: Neutral) -> None:
    pages = [context.new_page() for _ in range(3)]
    left: dict[int, float] = {}

    def watch(number: int) -> Callable[[Request], None]:
        return lambda request: left.update({number: time.time()}) if request.url == fresh_neutral.address else None

    for number, page in enumerate(pages):
        page.on("request", watch(number))
        page.goto(("/en/", PAGE, "/ar/")[number])
    pages[0].locator("#qx").click()
    for page in pages:
        page.wait_for_url(fresh_neutral.address)
    assert len(left) == 3
    assert max(left.values()) - min(left.values()) <= 0.3 * crowd()


def test_qx_13_sound_stops(page: Page, stopped: list[float]) -> None:
    silence = b"RIFF" + (36 + 80000).to_bytes(4, "little") + b"WAVEfmt " + bytes.fromhex("10000000010001" + "00401f0000401f000001000800")
    silence += b"data" + (80000).to_bytes(4, "little") + b"\x80" * 80000
    page.route("**/static/sound.wav", lambda route: route.fulfill(body=silence, content_type="audio/wav"))
    page.goto(PAGE)
    playing = """() => new Promise(done => {
        const a = document.createElement('audio');
        window.a = a; a.src = '/static/sound.wav'; a.muted = true; document.body.append(a);
        a.onplaying = () => done(!a.paused);
        a.onpause = () => { window.stopped = performance.now(); };
        addEventListener('click', () => { window.pressed = performance.now(); }, true);
        a.play(); })"""
    assert page.evaluate(playing)
    page.locator("#qx").click(no_wait_after=True)
    assert page.evaluate("window.a.paused && window.stopped - window.pressed") <= 100 * crowd()


def test_qx_15_after_leaving_there_is_one_neutral_word_in_the_language_of_the_page(page: Page, stopped: list[float]) -> None:
    for path in ("/en/", "/ar/"):
        page.goto(path)
        word = page.locator("html").get_attribute("data-loading")
        assert page.locator("body").aria_snapshot().count("\n") > 20
        page.locator("#qx").click(no_wait_after=True)
        expect(page.get_by_role("status")).to_have_text(str(word))
        assert page.locator("body").aria_snapshot() == f"- status: {word}"


def test_qx_20_the_page_and_the_link_work_when_the_script_throws(page: Page, fresh_neutral: Neutral) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    # The same script under the same policy, in a browser where the first thing it touches is broken.
    page.add_init_script("Object.defineProperty(document, 'documentElement', { get() { throw new Error('broken on purpose'); } })")
    page.goto("/en/")
    assert any("broken on purpose" in problem for problem in problems)
    page.locator(".doors a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.locator("#qx").click()
    page.wait_for_url(fresh_neutral.address)


def test_qx_20_priv_11_the_link_works_when_the_policy_blocks_the_script(page: Page, fresh_neutral: Neutral) -> None:
    page.route("**/en/", changed(lambda html: html.replace("<script>(function", "<script>;(function")))
    page.goto("/en/")
    assert page.locator("#fewer").get_attribute("hidden") is not None  # no script ran
    page.locator("#qx").click()
    page.wait_for_url(fresh_neutral.address)
    assert "referer" not in fresh_neutral.requests[0]


def test_qx_24_leaving_asks_for_the_clean_up_and_waits_for_nothing(page: Page, fresh_neutral: Neutral) -> None:
    cleaned: list[str] = []

    def never(route: Route) -> None:
        cleaned.append(route.request.url)  # and no answer, ever

    page.context.route("**/c", never)
    page.goto(PAGE)
    page.locator("#qx").click()
    page.wait_for_url(fresh_neutral.address)
    assert [address.rpartition("/")[2] for address in cleaned] == ["c"]


def test_qx_24_priv_11_leaving_works_with_our_server_dead(page: Page, base_url: str, fresh_neutral: Neutral) -> None:
    page.goto(PAGE)
    page.context.route(f"{base_url}/**", lambda route: route.abort("connectionrefused"))
    page.locator("#qx").click()
    page.wait_for_url(fresh_neutral.address)
    expect(page.locator("h1")).to_have_text("Weather")


def test_priv_11_blank_and_stays_blank_with_the_network_off(page: Page) -> None:
    page.goto(PAGE)
    page.context.set_offline(True)
    x, y = middle(page)
    with Film(page) as film:
        finger = Finger(film.cdp, touch=False)
        assert film.until("shows_page", 5)
        finger.down(x, y)
        assert film.until("is_blank", 1 * crowd())
        down = film.frames[-1].at
        finger.up(x, y)
        page.wait_for_timeout(500)
    assert not any(frame.shows_page for frame in film.frames if frame.at >= down)


def test_priv_11_leaves_a_page_that_is_still_loading(page: Page, fresh_neutral: Neutral) -> None:
    page.context.route("**/static/**", lambda route: None)  # the page waits for a script that never comes
    page.goto("/en/a-z/", wait_until="commit")
    page.locator("#qx").click()
    page.wait_for_url(fresh_neutral.address)
