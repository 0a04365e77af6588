"""How fast five pages are on a slow phone, and how many the server can give. Prints tables; asserts no time."""

import gzip
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.pages import requests_of

PATHS = ["", "help/get-help-now/", "signs/is-this-me/", "referral/if-the-answer-is-no/", "a-z/"]
LANGUAGES = ["en", "ar"]
RUNS = 5
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
PAINTED = """() => new Promise((done) => {
  new PerformanceObserver((list) => {
    const last = list.getEntries().at(-1);
    const load = performance.getEntriesByType('navigation')[0].loadEventEnd;
    const first = performance.getEntriesByName('first-contentful-paint')[0];
    done({fcp: first ? first.startTime : 0, lcp: last.startTime, load});
  }).observe({type: 'largest-contentful-paint', buffered: true});
})"""
THREADS, SECONDS = 4, 3.0


def slow_phone(page: Page) -> None:
    """Slow 3G and a processor six times slower than this machine's."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_3G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 6})


def measure(context: BrowserContext, address: str) -> dict[str, float]:
    """One view in a tab of its own, on a connection that is already open."""
    page = context.new_page()
    slow_phone(page)
    requests = requests_of(page)
    response = page.goto(address, wait_until="load")
    assert response and response.ok
    found: dict[str, float] = page.evaluate(PAINTED)
    found["requests"] = len(requests)
    found["bytes"] = response.request.sizes()["responseBodySize"]
    page.close()
    return found


def test_pages_on_a_slow_phone(browser: Browser, base_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"\n{'page':40} {'bytes':>7} {'requests':>8} {'FCP ms':>7} {'LCP ms':>7} {'load ms':>8}"]
    for address in (f"/{language}/{path}" for language in LANGUAGES for path in PATHS):
        context = browser.new_context(base_url=base_url, viewport={"width": 360, "height": 640})
        context.new_page().goto("/en/")  # opens the connection, and stays open
        views = [measure(context, address) for _ in range(RUNS)]
        context.close()
        middle = {name: statistics.median(view[name] for view in views) for name in views[0]}
        assert middle["bytes"] > 0 and middle["requests"] >= 1
        row = f"{middle['bytes']:7,.0f} {middle['requests']:8.0f} {middle['fcp']:7.0f} {middle['lcp']:7.0f} {middle['load']:8.0f}"
        lines.append(f"{address:40} {row}")
    with capsys.disabled():
        print("\n".join(lines))


def fetch(address: str, headers: dict[str, str]) -> float:
    """Seconds that one answer takes, read to its end."""
    started = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30) as response:
        body = response.read()
        assert response.status == 200
        assert gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
    return time.perf_counter() - started


def load(ask: Callable[[], float]) -> tuple[float, float]:
    """Requests per second of four threads, and the median latency in milliseconds."""
    taken: list[float] = []
    end = time.perf_counter() + SECONDS

    def work() -> None:
        while time.perf_counter() < end:
            taken.append(ask())

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(taken) / SECONDS, statistics.median(taken) * 1000


def test_server_with_and_without_its_page_cache(base_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert urlsplit(base_url).scheme == "http"
    packed = {"Accept-Encoding": "gzip"}
    uncached = {**packed, "Cookie": "x=1"}  # a request with a cookie is never answered from the page cache
    lines = [f"\n{'page':34} {'uncached/s':>10} {'ms':>7} {'cached/s':>9} {'ms':>7} {'ratio':>6}"]
    for path in PATHS:
        address = f"{base_url}/en/{path}"
        fetch(address, packed)
        slow = load(partial(fetch, address, uncached))
        fast = load(partial(fetch, address, packed))
        lines.append(f"/en/{path:30} {slow[0]:10.0f} {slow[1]:7.1f} {fast[0]:9.0f} {fast[1]:7.1f} {fast[0] / slow[0]:5.1f}x")
    with capsys.disabled():
        print("\n".join(lines))
