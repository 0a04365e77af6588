"""Measures the exit in every engine of this machine and writes docs/quick-exit-evidence.md.

Not a test of the suite (its name hides it). Run it on a quiet machine: ``sh deploy/local/test.sh -s tests/drills/quick_exit_evidence.py``.
"""

import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT, Neutral
from tests.engines.chromium import Film, blank_time, phone
from tests.engines.desktop import Desktop, desktop, installed, wait_for
from tests.engines.frames import Times

RUNS = 20
PAGE = "/en/help/get-help-now/"
VISIT = ("/en/", "/en/help/", PAGE, "/en/a-z/")
DOCUMENT = ROOT / "docs" / "quick-exit-evidence.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def series(measure: Callable[[], float | None], runs: int = RUNS) -> str:
    """One cell of the table of times."""
    values = [measure() for _ in range(runs)]
    missed = values.count(None)
    found = tuple(ms for ms in values if ms is not None)
    times = str(Times(found)) if found else "no blank screen"
    return times + (f"; {missed} of {runs} failed" if missed else "")


def chromium_rows(browser: Browser, address: str) -> list[str]:
    """Times of Chromium: with and without scripts, at full speed and slowed down six times."""
    rows = []
    for scripts, touch, slowdown in ((a, b, c) for a in (True, False) for b in (True, False) for c in (1, 6)):
        with phone(browser, address, scripts=scripts) as page:
            hold = scripts or not touch
            cell = series(lambda: blank_time(page, PAGE, touch=touch, slowdown=slowdown, hold=hold))  # noqa: B023 - called at once
        press = ("finger" if touch else "mouse") + ("" if hold else ", a short tap")
        rows.append(f"| Chromium {browser.version} | {'on' if scripts else 'off'} | {press} | {slowdown}× | {cell} |")
    return rows


def desktop_rows(engine: str, address: str, folder: Path) -> list[str]:
    """Times of Firefox or WebKitGTK, with and without scripts."""
    rows = []
    for scripts in (True, False):
        with desktop(engine, folder / f"{engine}-{scripts}", scripts=scripts) as window:
            cell = series(lambda: window.blank_time(address + PAGE))
            rows.append(f"| {window.version} | {'on' if scripts else 'off'} | mouse | 1× | {cell} |")
    return rows


def back_in_chromium(browser: Browser, address: str, neutral: Neutral) -> str:
    """Visit, leave, Back six times."""
    with phone(browser, address) as page:
        for path in (neutral.address.replace("weather", "before"), *VISIT):
            page.goto(path)
        length = page.evaluate("history.length")
        page.locator("#qx").click()
        page.wait_for_url(neutral.address)
        grew = page.evaluate("history.length") - length
        places = []
        with Film(page) as film:
            for _ in range(6):
                history = film.cdp.send("Page.getNavigationHistory")
                if history["currentIndex"]:
                    entry = history["entries"][history["currentIndex"] - 1]
                    film.cdp.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
                page.wait_for_timeout(1500)
                places.append(page.url)
    shown = sum(frame.shows_page for frame in film.frames)
    return back_row(f"Chromium {browser.version}", grew, shown, len(film.frames), places)


def back_on_desktop(engine: str, address: str, neutral: Neutral, folder: Path) -> str:
    """The same with Firefox or WebKitGTK."""
    with desktop(engine, folder / f"{engine}-back") as window:
        for place in (neutral.address.replace("weather", "before"), *(address + path for path in VISIT)):
            window.open(place)
        length = window.script("return history.length")
        leave(window, neutral)
        grew = window.script("return history.length") - length
        places, shown, frames = [], 0, 0
        for _ in range(6):
            film = window.back()
            shown += sum(frame.shows_page for frame in film)
            frames += len(film)
            places.append(window.address)
        return back_row(window.version, grew, shown, frames, places)


def leave(window: Desktop, neutral: Neutral) -> None:
    """Press and release."""
    assert wait_for(window.sees_page, 5)
    window.press()
    assert wait_for(lambda: window.address == neutral.address, 10)


def back_row(version: str, grew: int, shown: int, frames: int, places: list[str]) -> str:
    """One row of the table of Back."""
    names = ["next site" if "weather" in p else "page before ours" if "before" in p else "start" if ":blank" in p else p for p in places]
    return f"| {version} | {grew:+d} | {shown} of {frames} | {', '.join(names)} |"


def test_write_the_evidence(browser: Browser, base_url: str, neutral: Neutral, tmp_path: Path) -> None:
    """QX-03, QX-04, QX-06 and QX-07 in Chromium, Firefox and WebKitGTK."""
    engines = [engine for engine in ("firefox", "webkit") if installed(engine)]
    missing = [engine for engine in ("firefox", "webkit") if not installed(engine)]
    backs = [back_in_chromium(browser, base_url, neutral)]
    backs += [back_on_desktop(engine, base_url, neutral, tmp_path) for engine in engines]
    neutral.delay = 5
    times = chromium_rows(browser, base_url)
    for engine in engines:
        times += desktop_rows(engine, base_url, tmp_path)
    neutral.delay = 0
    load = os.getloadavg()
    lines = [
        f"Measured on {datetime.now(UTC):%-d %B %Y}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores,",
        f"load {load[0]:.1f} at the end and {load[2]:.1f} over the last quarter of an hour (a quiet machine shows less than 1).",
        *(f"Not measured: {engine}, because it is not installed here." for engine in missing),
        "",
        "| engine | scripts | pressed with | processor slowed | blank after |",
        "|---|---|---|---|---|",
        *times,
        "",
        "| engine | entries added by leaving | frames of ours after it | Back six times leads to |",
        "|---|---|---|---|",
        *backs,
    ]
    text = DOCUMENT.read_text(encoding="utf-8")
    if BEGIN not in text:
        pytest.fail(f"{DOCUMENT} has lost its marks")
    head, _, rest = text.partition(BEGIN)
    DOCUMENT.write_text(head + BEGIN + "\n" + "\n".join(lines) + "\n" + END + rest.partition(END)[2], encoding="utf-8")
    print("\n".join(lines))
