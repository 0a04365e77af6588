"""PRIV-02, PRIV-03, QX-10, QX-11: a visit leaves nothing behind, speaks to nobody else, and weighs little."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request

from portal.languages import BY_CODE
from tests.browser.pages import addresses, language_of, requests_of

KB = 1000
FIRST_VIEW, TALL_SCRIPT, FIRST_TOTAL, NEXT_TOTAL, SCRIPT = 14 * KB, 1.3, 40 * KB, 20 * KB, 3 * KB
STORED = """async () => ({
  cookie: document.cookie, local: localStorage.length, session: sessionStorage.length,
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
AHEAD = ", ".join(f"link[rel~={kind}]" for kind in ("preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"))
HINTS = """(ahead) => ({
  hints: Array.from(document.querySelectorAll(ahead)).map((e) => e.outerHTML),
  scripts: Array.from(document.querySelectorAll('script:not([src])')).map((e) => e.textContent),
})"""
# Chromium has Web Share on phones only; on a desktop it says that it does not know what we forbid.
PHONES_ONLY = "Unrecognized feature: 'web-share'"
BAD = {"ContentSecurityPolicyIssue", "CookieIssue", "MixedContentIssue", "BlockedByResponseIssue", "DeprecationIssue"}
NOTHING = {"cookie": "", "local": 0, "session": 0, "databases": 0, "caches": 0, "workers": 0}


@dataclass
class View:
    """What one page view did."""

    requests: list[Request] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    stored: dict[str, Any] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)
    html: int = 0  # bytes on the way, compressed
    script: int = 0
    total: int = 0

    @property
    def hosts(self) -> set[str]:
        """Everybody who was asked for something."""
        return {f"{urlsplit(request.url).scheme}://{urlsplit(request.url).netloc}" for request in self.requests}


def compressed(request: Request) -> int:
    """Bytes of the answer's body as production sends it: the server of the tests compresses pages, but not files."""
    response = request.response()
    assert response
    assert not 300 <= response.status < 400, f"{request.url} leads elsewhere"
    if response.headers.get("content-encoding"):
        return request.sizes()["responseBodySize"]
    return len(gzip.compress(response.body()))


def look(page: Page, address: str) -> View:
    """Open ``address`` and write down all that happens."""
    view = View(requests_of(page))

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and PHONES_ONLY not in message.text:
            view.complaints.append(message.text)

    def thrown(error: Error) -> None:
        view.complaints.append(str(error))

    page.on("console", console)
    page.on("pageerror", thrown)
    response = page.goto(address)
    view.stored = page.evaluate(STORED)
    found = page.evaluate(HINTS, f"{AHEAD}, script[type=speculationrules]")
    view.hints = found["hints"]
    page.remove_listener("console", console)
    page.remove_listener("pageerror", thrown)
    view.requests = list(view.requests)  # what comes later belongs to the next view
    assert response
    if response.headers.get("link"):
        view.hints.append(response.headers["link"])
    view.html = compressed(view.requests[0])
    others = [(request, compressed(request)) for request in view.requests[1:]]
    view.total = view.html + sum(size for _request, size in others)
    inline = sum(len(gzip.compress(text.encode())) for text in found["scripts"])
    view.script = inline + sum(size for request, size in others if request.resource_type == "script")
    if response.status == 404:
        view.complaints = [line for line in view.complaints if "404" not in line]
    return view


@pytest.fixture(scope="module")
def issues() -> list[str]:
    """What the browser's own audit has to say: blocked by policy, mixed content, cookies."""
    return []


@pytest.fixture(scope="module")
def visitor(browser: Browser, base_url: str, issues: list[str]) -> Iterator[BrowserContext]:
    """A fresh browser profile that visits the whole site."""
    context = browser.new_context(base_url=base_url)
    yield context
    context.close()


@pytest.fixture(scope="module")
def views(visitor: BrowserContext, issues: list[str], public_addresses: list[str]) -> dict[str, View]:
    """Every public page, one after the other in one tab."""
    page = visitor.new_page()
    audits = visitor.new_cdp_session(page)
    audits.on("Audits.issueAdded", lambda event: issues.append(event["issue"]["code"]))
    audits.send("Audits.enable")
    return {address: look(page, address) for address in public_addresses}


def test_priv_02_qx_11_nothing_is_stored_on_the_phone(views: dict[str, View], visitor: BrowserContext) -> None:
    assert len(views) > 100
    assert {address: view.stored for address, view in views.items() if view.stored != NOTHING} == {}
    assert visitor.cookies() == []
    assert visitor.storage_state() == {"cookies": [], "origins": []}


def test_priv_03_qx_10_nobody_else_is_asked_for_anything(views: dict[str, View], base_url: str) -> None:
    assert set().union(*(view.hosts for view in views.values())) == {base_url}


def test_priv_17_no_page_fetches_what_was_not_asked_for(views: dict[str, View]) -> None:
    assert {address: view.hints for address, view in views.items() if view.hints} == {}


def test_no_page_breaks_its_own_policy_or_throws(views: dict[str, View], issues: list[str]) -> None:
    assert {address: view.complaints for address, view in views.items() if view.complaints} == {}
    assert not BAD & set(issues)


def test_a_policy_violation_would_be_seen(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/en/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.body.append(Object.assign(document.createElement('img'), {src: 'https://elsewhere.example/i.png'}))")
    assert any("Content Security Policy" in line for line in complaints)


def test_pages_are_light(views: dict[str, View], capsys: pytest.CaptureFixture[str]) -> None:
    heavy = {}
    for address, view in views.items():
        allowed = FIRST_VIEW * (TALL_SCRIPT if BY_CODE[language_of(address)].script == "Ethi" else 1)
        if view.html > allowed or view.total > NEXT_TOTAL or view.script > SCRIPT or len(view.requests) > 3:
            heavy[address] = (view.html, view.total, view.script, len(view.requests))
    with capsys.disabled():
        for name in ("html", "total", "script"):
            address, view = max(views.items(), key=lambda pair: getattr(pair[1], name))
            print(f"\n  heaviest {name}: {getattr(view, name):,} bytes at {address}", end="")
    assert not heavy


@pytest.mark.parametrize("address", addresses("en", "ar").values())
def test_the_first_page_of_a_visit_is_light(browser: Browser, base_url: str, address: str) -> None:
    context = browser.new_context(base_url=base_url)
    view = look(context.new_page(), address)
    context.close()
    assert view.stored == NOTHING
    assert len(view.requests) <= 4
    assert 1 * KB < view.html <= FIRST_VIEW
    assert view.total <= FIRST_TOTAL


def test_qx_10_no_address_of_ours_is_told_to_the_next_site(page: Page) -> None:
    page.goto("/en/help/get-help-now/")
    assert page.evaluate("document.referrer") == ""
    page.locator("nav.pair a").first.click()
    page.wait_for_load_state()
    assert page.evaluate("document.referrer") == "", "not even from page to page"
