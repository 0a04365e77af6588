"""Chromium through its own protocol: real input events in, painted frames out."""

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from tests.engines.frames import Frame, blank_after, frame

PHONE = {"width": 360, "height": 640}


class Film:
    """Every frame that the page paints between entering and leaving the block."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self._taken: list[tuple[float, str]] = []
        self.cdp.on("Page.screencastFrame", self._keep)

    def _keep(self, event: dict[str, Any]) -> None:
        self._taken.append((event["metadata"]["timestamp"], event["data"]))
        self.cdp.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    def __enter__(self) -> "Film":
        self.cdp.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
        return self

    def __exit__(self, *_: object) -> None:
        self.cdp.send("Page.stopScreencast")

    @property
    def frames(self) -> list[Frame]:
        """In the order of painting."""
        return [frame(at, base64.b64decode(data)) for at, data in self._taken]

    def until(self, wanted: str, seconds: float) -> bool:
        """Wait for a newest frame that ``is_blank`` or ``shows_page``."""
        deadline, looked = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            if len(self._taken) > looked:
                looked = len(self._taken)
                at, data = self._taken[-1]
                if getattr(frame(at, base64.b64decode(data)), wanted):
                    return True
            self.page.wait_for_timeout(5)
        return False


class Finger:
    """A finger or a mouse. Points are CSS pixels from the top left corner."""

    def __init__(self, cdp: CDPSession, touch: bool) -> None:
        self.cdp, self.touch = cdp, touch

    def down(self, x: float, y: float) -> None:
        self._send("touchStart", "mousePressed", x, y)

    def move(self, x: float, y: float) -> None:
        self._send("touchMove", "mouseMoved", x, y)

    def up(self, x: float, y: float) -> None:
        self._send("touchEnd", "mouseReleased", x, y)

    def _send(self, touch: str, mouse: str, x: float, y: float) -> None:
        if self.touch:
            points = [] if touch == "touchEnd" else [{"x": x, "y": y}]
            self.cdp.send("Input.dispatchTouchEvent", {"type": touch, "touchPoints": points})
        else:
            pressed = {"button": "left", "buttons": 0 if mouse == "mouseReleased" else 1, "clickCount": 1}
            self.cdp.send("Input.dispatchMouseEvent", {"type": mouse, "x": x, "y": y, **pressed})


def middle(page: Page, selector: str = "#qx") -> tuple[float, float]:
    """The middle of an element on the screen."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def phone(browser: Browser, base_url: str, *, scripts: bool = True, **options: Any) -> Iterator[Page]:
    """A page on a small touch screen, in a context of its own."""
    settings = {"viewport": PHONE, "has_touch": True, **options}
    context = browser.new_context(base_url=base_url, java_script_enabled=scripts, **settings)
    yield context.new_page()
    context.close()


def blank_time(page: Page, path: str, *, touch: bool, slowdown: int = 1, hold: bool = True) -> float | None:
    """Milliseconds from finger-down on the exit to a blank screen that stays blank; None when it did not.

    With ``hold`` the finger stays down until the screen is blank, for half a second at most: a page that waits for the release
    is far off any limit. Without, it is a tap as short as can be.
    """
    page.goto(path)
    x, y = middle(page)
    with Film(page) as film:
        # Never set back: while the next site is awaited, Chromium keeps such a command waiting too.
        film.cdp.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        finger = Finger(film.cdp, touch)
        assert film.until("shows_page", 5), "the camera does not work"
        down = time.time()
        finger.down(x, y)
        if hold:
            film.until("is_blank", 0.5)
        finger.up(x, y)
        if not hold:
            film.until("is_blank", 0.5)
        page.wait_for_timeout(250)
    return blank_after(film.frames, down)
