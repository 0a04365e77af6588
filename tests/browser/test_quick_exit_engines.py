"""Quick exit in the other engines, filmed from outside: blank at once, and Back does not bring the page back (QX-03, QX-07)."""

from pathlib import Path

import pytest

from tests.browser.test_quick_exit_speed import PAGE, crowd
from tests.conftest import Neutral
from tests.engines.desktop import desktop, installed, wait_for

ENGINES = [
    pytest.param(name, marks=[pytest.mark.engine(name), pytest.mark.skipif(not installed(name), reason=f"{name} or Xvfb is not installed")])
    for name in ("firefox", "webkit")
]
LIMIT = 500  # milliseconds, the remote control's own way included; the exact figures stand in docs/quick-exit-evidence.md


@pytest.mark.parametrize("engine", ENGINES)
def test_qx_03_qx_07_in_another_engine(engine: str, base_url: str, neutral: Neutral, tmp_path: Path) -> None:
    before = neutral.address.replace("weather", "before")
    with desktop(engine, tmp_path / engine) as window:
        for address in (before, f"{base_url}/en/", base_url + PAGE):
            window.open(address)
        assert wait_for(window.sees_page, 5)
        blank = window.blank_time(base_url + "/en/a-z/")
        assert blank is not None
        assert blank <= LIMIT * crowd()
        assert wait_for(lambda: window.address == neutral.address, 10)
        frames, places = [], []
        for _ in range(3):
            frames += window.back()
            wait_for(lambda: not window.address.startswith(base_url), 5)
            places.append(window.address)
    assert places == [neutral.address, neutral.address, before]
    assert frames
    assert not any(frame.shows_page for frame in frames)
