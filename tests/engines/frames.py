"""What a frame shows, and how a number of runs is summed up."""

import io
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

PAPER = (0xFB, 0xF8, 0xF3)  # the background of every public page in light mode: portal/design/static/design/tokens.css
NEAR = 3  # of 255: screens and picture formats round


@dataclass(frozen=True)
class Frame:
    """One painted frame. ``at`` is the time of day in seconds."""

    at: float
    image: Image.Image

    @property
    def is_blank(self) -> bool:
        """One even colour from edge to edge that is not the page's paper."""
        even = all(high - low <= NEAR for low, high in self._extrema())
        return even and not self.shows_page

    @property
    def shows_page(self) -> bool:
        """Whether the paper of one of our pages is to be seen, even as a narrow strip."""
        small = self.image.resize((self.image.width // 4, self.image.height // 4), Image.Resampling.NEAREST)
        pixels = small.tobytes()
        count = sum(all(abs(pixels[at + band] - PAPER[band]) <= NEAR for band in range(3)) for at in range(0, len(pixels), 3))
        return count > small.width * small.height * 0.01

    def _extrema(self) -> list[tuple[int, int]]:
        return [band.getextrema() for band in self.image.split()]  # type: ignore[misc] # bytes, so pairs of int


def frame(at: float, picture: bytes) -> Frame:
    """From a picture file."""
    return Frame(at, Image.open(io.BytesIO(picture)).convert("RGB"))


def blank_after(frames: Sequence[Frame], down: float, *, covered: bool = False) -> float | None:
    """Milliseconds from ``down`` to the first blank frame; None when none came, or the page was seen again after it.

    With ``covered`` a frame counts as blank when nothing of the page is to be seen: browsers draw things of their own.
    """
    later = [seen for seen in frames if seen.at > down]
    first = next((number for number, seen in enumerate(later) if (not seen.shows_page if covered else seen.is_blank)), None)
    if first is None or any(seen.shows_page for seen in later[first:]):
        return None
    return (later[first].at - down) * 1000


@dataclass(frozen=True)
class Times:
    """A series of measurements in milliseconds."""

    values: tuple[float, ...]

    @property
    def p95(self) -> float:
        """Nearest rank: with 20 runs the 19th, with fewer than 20 the slowest."""
        return sorted(self.values)[math.ceil(0.95 * len(self.values)) - 1]

    def __str__(self) -> str:
        return f"min {min(self.values):.0f} · median {statistics.median(self.values):.0f} · p95 {self.p95:.0f} ms ({len(self.values)} runs)"
