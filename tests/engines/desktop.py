"""Firefox and WebKitGTK as one: open, press, release, Back, seen by a camera on their screen."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests.engines import firefox, webkit
from tests.engines.display import SIZE, Camera, display
from tests.engines.frames import Frame, blank_after

CONTENT = (0, 100, *SIZE)  # below the browser's own bars
BOX = "const b = document.getElementById('qx').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2];"


class Session(Protocol):
    """What both remote controls can do."""

    def command(self, name: str, **values: Any) -> Any:
        """A command by its name in the WebDriver standard."""


class _Firefox:
    def __init__(self, driver: firefox.Marionette) -> None:
        self.driver = driver

    def command(self, name: str, **values: Any) -> Any:
        return self.driver.send(name, **values)


class _WebKit:
    PATHS = {  # noqa: RUF012 - read only
        "Navigate": "/url",
        "Back": "/back",
        "PerformActions": "/actions",
        "ExecuteScript": "/execute/sync",
        "SetTimeouts": "/timeouts",
    }

    def __init__(self, driver: webkit.WebDriver) -> None:
        self.driver = driver

    def command(self, name: str, **values: Any) -> Any:
        if name.startswith("Get"):
            return self.driver.get({"GetCurrentURL": "/url", "GetTitle": "/title"}[name])
        return self.driver.post(self.PATHS[name], **values)


class Desktop:
    """One browser window and the camera in front of it."""

    def __init__(self, session: Session, screen: str, version: str) -> None:
        self.session, self.screen, self.version = session, screen, version

    def open(self, address: str) -> None:
        """Type an address."""
        self.session.command("Navigate", url=address)

    @property
    def address(self) -> str:
        return str(self.session.command("GetCurrentURL"))

    def script(self, text: str) -> Any:
        """Run a function body in the page; works without the page's own scripts, too."""
        return self.session.command("ExecuteScript", script=text, args=[])

    def mouse(self, *steps: dict[str, Any]) -> None:
        """Real input events through the browser's own door."""
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": list(steps)}
        self.session.command("PerformActions", actions=[pointer])

    def aim(self) -> None:
        """Move the mouse onto the exit."""
        x, y = self.script(BOX)
        self.mouse({"type": "pointerMove", "x": int(x), "y": int(y), "duration": 0})

    def press(self) -> None:
        """Press the exit and let go."""
        self.aim()
        self.mouse({"type": "pointerDown", "button": 0})
        self.mouse({"type": "pointerUp", "button": 0})

    def film(self) -> Camera:
        """A camera on the page, without the browser's bars."""
        return Camera(self.screen, CONTENT)

    def sees_page(self) -> bool:
        """Whether one of our pages is on the screen now."""
        return self.film().picture().shows_page

    def blank_time(self, address: str) -> float | None:
        """Milliseconds from the order to press to a screen that shows nothing of the page, and goes on so."""
        self.open(address)
        wait_for(self.sees_page, 5)
        self.aim()
        with self.film() as camera:
            down = time.time()
            self.mouse({"type": "pointerDown", "button": 0})
            wait_for(lambda: bool(camera.frames) and not camera.frames[-1].shows_page, 0.5)
            self.mouse({"type": "pointerUp", "button": 0})
            time.sleep(0.3)  # what comes after is part of the measurement
        return blank_after(camera.frames, down, covered=True)

    def back(self) -> list[Frame]:
        """Press Back; the frames of the second that follows."""
        with self.film() as camera:
            self.session.command("Back")
            time.sleep(1)  # what comes after is part of the measurement
        return camera.frames


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask until it is true, at most ``seconds`` long."""
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.003)
    return met


@contextmanager
def desktop(engine: str, folder: Path, *, scripts: bool = True) -> Iterator[Desktop]:
    """``firefox`` or ``webkit`` with a profile in ``folder``, on a screen of its own."""
    with display() as screen:
        if engine == "firefox":
            with firefox.firefox(screen, folder, scripts=scripts) as marionette:
                yield Desktop(_Firefox(marionette), screen, f"Firefox {marionette.version}")
        else:
            with webkit.webkit(screen, folder, scripts=scripts) as driver:
                yield Desktop(_WebKit(driver), screen, f"WebKitGTK {driver.version}")


def installed(engine: str) -> bool:
    """Whether this machine can show it."""
    program = firefox.PROGRAM if engine == "firefox" else (webkit.PROGRAM and webkit.BROWSER)
    return bool(program and shutil.which("Xvfb"))
