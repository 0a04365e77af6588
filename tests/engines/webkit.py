"""WebKitGTK through the driver that Debian ships: plain HTTP, as the WebDriver standard says."""

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.engines.display import SIZE
from tests.services import _free_port

PROGRAM = shutil.which("WebKitWebDriver")
BROWSER = next(iter(sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))), None)


class WebDriver:
    """One session of a driver."""

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self._base = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 20
        while True:
            try:
                started = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
                break
            except urllib.error.URLError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self.version: str = started["capabilities"]["browserVersion"]
        self._base += f"/session/{started['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode(errors='replace')[:300]}") from error

    def get(self, path: str) -> Any:
        """Ask for a value."""
        return self._call("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        """Give a command."""
        return self._call("POST", path, body)

    def close(self) -> None:
        self._call("DELETE", "")


@contextmanager
def webkit(screen: str, home: Path, *, scripts: bool = True) -> Iterator[WebDriver]:
    """WebKitGTK's small browser in a window as large as the screen, with nothing kept from before."""
    assert PROGRAM is not None
    assert BROWSER is not None
    home.mkdir(parents=True)
    port = _free_port()
    environment = {**os.environ, "DISPLAY": screen, "HOME": str(home), "GDK_BACKEND": "x11", "WEBKIT_DISABLE_DMABUF_RENDERER": "1"}
    environment |= {"XDG_RUNTIME_DIR": str(home), "LIBGL_ALWAYS_SOFTWARE": "1", "GTK_THEME": "Adwaita", "NO_AT_BRIDGE": "1"}
    process = subprocess.Popen(
        [PROGRAM, f"--port={port}", "--host=127.0.0.1"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    arguments = ["--automation", f"--geometry={SIZE[0]}x{SIZE[1]}", *([] if scripts else ["--enable-javascript=false"])]
    try:
        driver = WebDriver(port, {"webkitgtk:browserOptions": {"binary": str(BROWSER), "args": arguments}})
        yield driver
        driver.close()
    finally:
        process.terminate()
        process.wait(20)
