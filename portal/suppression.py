"""What may be said of many without saying anything of one. Pure: no Django, no database.

The rule. A figure is the count rounded to the nearest 5, and is shown only if it counts at least 8, from at least five organisations
of which none holds more than four fifths. Everything else is shown as nothing, by one mark that never says why: nought is not told
from seven (STAT-01, STAT-07). A sum is worked out from the figures that are shown, and is shown only where all of them are: so it
says nothing that they do not say (STAT-02, STAT-05).

Where the number of cases is published, it is an upper bound for every row that counts some of them. Where what is shown comes so near to
it that a hidden figure would be hemmed in, the smallest figure of the row is hidden too, until the bound leaves room: for everybody at
least the whole range from nought to seven, and for an organisation that subtracts its own at least four values (STAT-04). Rows that are
hidden so must not be known to count every case: something has to be able to stand in none of their cells.
"""

from collections.abc import Iterable, Mapping

STEP = 5  # figures are rounded to the nearest of these
HALF = STEP // 2  # so a figure stands for as many more or fewer
SMALLEST = 8  # counts under this are not shown
ORGANISATIONS = 5
ROOM = 4  # values that must stay possible for whatever is small


Figure = int | None  # ``None``: not shown
Figures = dict[str, Figure]


def rounded(count: int) -> int:
    """To the nearest step."""
    return (count + HALF) // STEP * STEP


def shown(by_organisation: Mapping[str, int]) -> Figure:
    """The figure for these contributions, or nothing."""
    parts = [count for count in by_organisation.values() if count]
    total = sum(parts)
    if total < SMALLEST or len(parts) < ORGANISATIONS or max(parts) * 5 > total * 4:
        return None
    return rounded(total)


def together(figures: Iterable[Figure]) -> Figure:
    """The sum of what is shown; nothing where anything is not."""
    found = list(figures)
    return None if None in found else sum(figure for figure in found if figure is not None)


def hidden_further(row: Figures, cases: int, largest: int) -> Figures:
    """``row`` with as many more figures hidden as the number of cases makes necessary. ``largest``: most cases of one organisation.

    Beside ``largest`` it hangs on rounded figures alone: that something is hidden tells no more than they would.
    """
    kept, needed = dict(row), max(SMALLEST, ROOM - 1 + largest)
    while any(figure is not None for figure in kept.values()):
        left = cases + HALF - sum(figure - HALF for figure in kept.values() if figure is not None)
        if left >= needed:
            break
        smallest = min((figure, -at, name) for at, (name, figure) in enumerate(kept.items()) if figure is not None)
        kept[smallest[2]] = None
    return kept
