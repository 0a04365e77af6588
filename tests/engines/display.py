"""A screen of its own (Xvfb) and a camera on it: for browsers that hand out no frames themselves."""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ImageGrab

from tests.engines.frames import Frame

SIZE = (1024, 768)


@contextmanager
def display() -> Iterator[str]:
    """The name of a screen that nobody else uses."""
    program = shutil.which("Xvfb")
    assert program is not None
    reading, writing = os.pipe()
    screen = f"{SIZE[0]}x{SIZE[1]}x24"
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp", "-dpi", "96"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        name = f":{number.readline().strip()}"
    yield name
    server.terminate()
    server.wait(10)


class Camera:
    """Pictures of a part of the screen, as fast as they come, between entering and leaving the block.

    ``part`` is left, top, right, bottom. A frame's time is when the picture was complete, so what it shows was there before.
    """

    def __init__(self, name: str, part: tuple[int, int, int, int]) -> None:
        self.name, self.part = name, part
        self.frames: list[Frame] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.frames.append(self.picture())
            time.sleep(0.002)

    def picture(self) -> Frame:
        """One picture now."""
        image = ImageGrab.grab(bbox=self.part, xdisplay=self.name)
        return Frame(time.time(), image)

    def __enter__(self) -> "Camera":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
