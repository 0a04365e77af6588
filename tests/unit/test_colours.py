"""Every pair of colours that meets on a public page can be read: 7:1 for text, 3:1 for edges, by day and by night."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = settings.BASE_DIR / "portal/design/static/design/tokens.css"
STYLES = [*(settings.BASE_DIR / "portal/design/inline").glob("*.css"), *(settings.BASE_DIR / "survivors/leave/inline").glob("*.css")]
GROUNDS = ("paper", "surface", "steady-soft", "good-soft", "care-soft", "danger-soft")
PLAIN = ("paper", "surface")
# Words, links and uncertainty stand on every ground; a colour that says good or danger stands on its own soft twin.
TEXT = [(text, ground) for text in ("ink", "soft", "steady", "care") for ground in GROUNDS]
TEXT += [(text, ground) for text in ("good", "danger") for ground in (*PLAIN, f"{text}-soft")]
TEXT += [("paper", "steady"), ("paper", "ink")]  # a pressed button, the exit
EDGES = [("line", ground) for ground in GROUNDS] + [(edge, ground) for edge in ("steady", "danger", "good", "care") for ground in PLAIN]


def palettes() -> dict[str, dict[str, str]]:
    """Token → colour, for light and dark."""
    day, night = re.findall(r":root\s*\{([^}]*)\}", TOKENS.read_text(encoding="utf-8"))
    light = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", day))
    return {"light": light, "dark": light | dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", night))}


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1. Source: WCAG 2.2, "relative luminance"."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_arithmetic_is_that_of_the_standard() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("text", "ground"), TEXT)
@pytest.mark.parametrize("palette", ["light", "dark"])
def test_text_can_be_read(palette: str, text: str, ground: str) -> None:
    colours = palettes()[palette]
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize(("edge", "ground"), EDGES)
@pytest.mark.parametrize("palette", ["light", "dark"])
def test_edges_can_be_seen(palette: str, edge: str, ground: str) -> None:
    colours = palettes()[palette]
    assert contrast(colours[edge], colours[ground]) >= 3


def test_dark_has_a_twin_for_every_colour() -> None:
    _, night = re.findall(r":root\s*\{([^}]*)\}", TOKENS.read_text(encoding="utf-8"))
    assert set(palettes()["light"]) == set(re.findall(r"--([\w-]+):\s*#", night))


@pytest.mark.parametrize("path", [path for path in STYLES if path != TOKENS], ids=lambda path: path.name)
def test_colours_are_named_in_one_place(path: Path) -> None:
    on_screen = path.read_text(encoding="utf-8").partition("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b(?![^{]*\{)|rgba?\(|hsla?\(", on_screen) == []


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    defined = set(re.findall(r"--([\w-]+):", TOKENS.read_text(encoding="utf-8")))
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= defined
