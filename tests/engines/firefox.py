"""Firefox through Marionette, its own remote control: one TCP connection, messages of JSON with their length in front."""

import itertools
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.engines.display import SIZE
from tests.services import _free_port

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
PREFERENCES = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.tabs.warnOnClose": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "ui.systemUsesDarkTheme": 0,
    "layout.css.prefers-color-scheme.content-override": 1,
}


class Marionette:
    """A connection. Commands have the names of the WebDriver standard."""

    def __init__(self, port: int) -> None:
        self._socket = _connected(port)
        self._file = self._socket.makefile("rb")
        self._ids = itertools.count(1)
        self._receive()  # the greeting
        self.version = str(self.send("NewSession", capabilities={})["capabilities"]["browserVersion"])

    def _receive(self) -> Any:
        length = b""
        while (digit := self._file.read(1)) != b":":
            length += digit
        return json.loads(self._file.read(int(length)))

    def send(self, name: str, **parameters: Any) -> Any:
        """The answer's value, or an error with the browser's words."""
        message = json.dumps([0, next(self._ids), f"WebDriver:{name}", parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def close(self) -> None:
        self._file.close()
        self._socket.close()


def _connected(port: int) -> socket.socket:
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 60)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@contextmanager
def firefox(screen: str, profile: Path, *, scripts: bool = True) -> Iterator[Marionette]:
    """Firefox in a window as large as the screen, with a new profile."""
    assert PROGRAM is not None
    profile.mkdir(parents=True)
    port = _free_port()
    values = {**PREFERENCES, "marionette.port": port, "javascript.enabled": scripts}
    (profile / "user.js").write_text("".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in values.items()))
    size = ["--width", str(SIZE[0]), "--height", str(SIZE[1])]
    process = subprocess.Popen(
        [PROGRAM, "--marionette", "--no-remote", "--profile", str(profile), *size, "about:blank"],
        env={**os.environ, "DISPLAY": screen, "HOME": str(profile), "MOZ_ENABLE_WAYLAND": "0"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        driver = Marionette(port)
        yield driver
        driver.close()
    finally:
        process.terminate()
        process.wait(20)
