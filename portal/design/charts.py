"""The two charts of Waymark, worked out as plain numbers; templates draw them as SVG. Pure: no Django.

A profile is a bar per row, in one hue: whole where the figure stands for itself, striped where something holds it down. Its words
are text of the page, so they wrap on phones and read in every direction; a table with the same figures stands beside it.
A trend shows one figure over the years.
"""

from collections.abc import Iterable
from dataclasses import dataclass

STEP, TOP, BOTTOM, HIGH = 72, 28, 24, 80  # of a trend, in CSS pixels: between points, above, below, and the height of 100 percent


@dataclass(frozen=True)
class Bar:
    """A row of a profile. ``percent`` 0 to 100, or None where nothing could be worked out; ``before``: the same figure last time."""

    label: str
    percent: int | None
    note: str = ""  # beside the figure: "12 of 15 answered"
    address: str = ""  # where the row leads to
    before: int | None = None
    is_held: bool = False  # something caps the figure: striped, and the note says what

    def __post_init__(self) -> None:
        """Refuses figures that are no percentages."""
        for figure in (self.percent, self.before):
            if figure is not None and not 0 <= figure <= 100:
                raise ValueError(f"{self.label}: {figure} is not between 0 and 100")


@dataclass(frozen=True)
class Point:
    """One figure of a trend: ``label`` says when. None: there was none then, and the line has a gap."""

    label: str
    percent: int | None


@dataclass(frozen=True)
class Mark:
    """A point where it is drawn, in CSS pixels from the upper corner at the beginning of the line."""

    label: str
    percent: int | None
    x: int
    y: int


@dataclass(frozen=True)
class Trend:
    """A drawn trend: its size, its points, and the lines between neighbours that both have a figure."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]  # "x,y x,y" as SVG's polyline wants it
    base: int  # y of 0 percent
    top: int  # y of 100 percent


def trend(points: Iterable[Point], *, rtl: bool = False) -> Trend:
    """Place ``points`` in order; where the page reads from right to left, time does too. Raises ``ValueError`` for no percentage."""
    given = list(points)
    width, height = STEP * max(len(given), 1), TOP + HIGH + BOTTOM
    marks = []
    for number, point in enumerate(given):
        if point.percent is not None and not 0 <= point.percent <= 100:
            raise ValueError(f"{point.label}: {point.percent} is not between 0 and 100")
        x = STEP // 2 + STEP * number
        marks.append(Mark(point.label, point.percent, width - x if rtl else x, TOP + HIGH - round(HIGH * (point.percent or 0) / 100)))
    return Trend(width, height, tuple(marks), tuple(_lines(marks)), TOP + HIGH, TOP)


def _lines(marks: list[Mark]) -> Iterable[str]:
    run: list[Mark] = []
    for mark in [*marks, Mark("", None, 0, 0)]:
        if mark.percent is not None:
            run.append(mark)
            continue
        if len(run) > 1:
            yield " ".join(f"{point.x},{point.y}" for point in run)
        run = []
