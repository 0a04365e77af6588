"""How soon the exit blanks the screen of Chromium, 20 runs each. Shows figures, judges nothing (QX-03, QX-04)."""

import pytest
from playwright.sync_api import Browser

from tests.conftest import Neutral
from tests.engines.chromium import blank_time, phone
from tests.engines.frames import Times

RUNS = 20
PAGE = "/en/help/get-help-now/"


@pytest.mark.parametrize("slowdown", [1, 6])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts_on", "scripts_off"])
def test_blank_after(browser: Browser, base_url: str, neutral: Neutral, scripts: bool, slowdown: int) -> None:
    neutral.delay = 5
    with phone(browser, base_url, scripts=scripts) as page:
        measured = [blank_time(page, PAGE, touch=True, slowdown=slowdown, hold=scripts) for _ in range(RUNS)]
    neutral.delay = 0
    found = tuple(ms for ms in measured if ms is not None)
    times = Times(found) if found else "never blank"
    print(f"\n  exit, scripts {'on' if scripts else 'off'}, processor slowed {slowdown}×: {times}; {measured.count(None)} failed")
