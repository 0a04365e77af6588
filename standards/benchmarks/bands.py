"""What may be said of many services without saying anything of one. Pure: no Django, no database.

The rule. Every figure is first rounded to the nearest 10 percent; only then are quartiles taken, and only those are published.
So whatever anybody works out from a release, or from the difference of two, or with all their own figures in hand, is a
function of rounded figures: it can never tell two values of one band apart (STAT-02 to STAT-05). A chapter is published only
when every organisation in it faces at least five services of others, three organisations take part, and none holds more than
four fifths. From one quarter to the next a release changes only when at least three services of two organisations changed;
until then the old one is repeated. How many took part is said in steps.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STEP = 10  # percent: the width of a band
OTHERS = 5  # services of others that each organisation must face
ORGANISATIONS = 3
CHANGED_SERVICES, CHANGED_ORGANISATIONS = 3, 2
COUNTS = (6, 10, 20, 50, 100)  # "at least …"

BELOW, WITHIN, ABOVE = "below", "within", "above"


@dataclass(frozen=True)
class Contribution:
    """One service: its latest approved figures, in whole percent by chapter (None: nothing was scored there)."""

    service: str
    organisation: str
    snapshot: str
    chapters: Mapping[str, int | None]


def rounded(percent: int) -> int:
    """The middle of its band: 0, 10 … 100; half goes up."""
    return (percent + STEP // 2) // STEP * STEP


def is_enough(organisations: Iterable[str]) -> bool:
    """Whether services of these organisations, one entry per service, may be spoken of together."""
    counts = Counter(organisations)
    if len(counts) < ORGANISATIONS:
        return False
    largest, total = max(counts.values()), counts.total()
    return total - largest >= OTHERS and largest * 5 <= total * 4


def at_least(count: int) -> int:
    """The largest step that ``count`` reaches, 0 below the first."""
    return max((step for step in COUNTS if step <= count), default=0)


def quartiles(percents: Iterable[int]) -> tuple[int, int, int]:
    """Lower quartile, median and upper quartile of the rounded figures, by nearest rank. Raises ``ValueError`` for none."""
    values = sorted(rounded(percent) for percent in percents)
    if not values:
        raise ValueError("no figures")
    low, middle, high = (values[-(-len(values) * quarter // 4) - 1] for quarter in (1, 2, 3))
    return low, middle, high


def release(contributions: Sequence[Contribution], chapters: Sequence[str]) -> dict[str, Any]:
    """What is published: every chapter of the edition, always (STAT-07), with its bands or without."""
    return {
        "step": STEP,
        "at_least": at_least(len(contributions)) if is_enough(one.organisation for one in contributions) else 0,
        "chapters": [_chapter(code, contributions) for code in chapters],
    }


def _chapter(code: str, contributions: Sequence[Contribution]) -> dict[str, Any]:
    scored = [(one.organisation, percent) for one in contributions if (percent := one.chapters.get(code)) is not None]
    if not is_enough(organisation for organisation, _percent in scored):
        return {"code": code, "bands": None}
    return {"code": code, "bands": list(quartiles(percent for _organisation, percent in scored))}


def has_changed_enough(before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]) -> bool:
    """Whether so much changed that no change can be laid at one door. Both: service → (organisation, snapshot)."""
    changed = {service for service in before.keys() | after.keys() if before.get(service) != after.get(service)}
    organisations = {(after.get(service) or before[service])[0] for service in changed}
    return len(changed) >= CHANGED_SERVICES and len(organisations) >= CHANGED_ORGANISATIONS


def place(percent: int, bands: Sequence[int]) -> str:
    """Where a figure stands: ``below``, ``within`` or ``above`` the middle half. Compared by bands, as everything here."""
    low, _middle, high = bands
    own = rounded(percent)
    return BELOW if own < low else ABOVE if own > high else WITHIN
