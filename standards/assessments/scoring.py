"""How an assessment is worked out: one function for page, list, export and dashboard. Pure: no Django, no database.

The rule (domain research, part 4.3): a standard's score is the sum of weight x score over the sum of weight x 3, of its
answered and applicable indicators. A chapter is the mean of its scored standards, the whole the mean of its scored
chapters. What is unanswered is never zero and never silently left out: completeness stands beside every score. A critical
indicator that is not met caps its standard at 39 percent and lists it first; one that is partly met caps it at 69.
Self-assessed scores are never called a rating.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

SCORES: Mapping[str, int] = {"not_met": 0, "partly_met": 1, "mostly_met": 2, "fully_met": 3}
NOT_APPLICABLE = "not_applicable"
FULL = 3
CAPS: Mapping[str, int] = {"not_met": 39, "partly_met": 69}  # percent, by the answer to a critical indicator
BANDS: tuple[tuple[int, str], ...] = ((90, "strong"), (70, "good"), (40, "developing"), (0, "early"))  # from percent, name


@dataclass(frozen=True)
class Item:
    """One indicator and its answer. ``value``: a key of ``SCORES``, ``not_applicable``, or empty while unanswered."""

    indicator: str
    standard: str
    chapter: str
    value: str = ""
    weight: int = 1
    is_critical: bool = False
    is_confirmed: bool = True  # an answer carried over from last time counts only once it is confirmed


@dataclass(frozen=True)
class Score:
    """A worked-out figure. ``exact`` is a fraction of 1, or None where nothing could be scored; ``percent`` is rounded half up."""

    code: str
    exact: Fraction | None
    answered: int
    applicable: int  # answered or not; "does not apply" is left out
    excluded: int  # answered "does not apply"
    capped_by: tuple[str, ...] = ()  # critical indicators that hold the score down
    uncapped: Fraction | None = None
    earned: int = 0  # weight x score, of a standard
    possible: int = 0  # weight x 3, of a standard
    parts: tuple["Score", ...] = ()

    @property
    def percent(self) -> int | None:
        """Whole percent, half up; None where nothing was scored."""
        return None if self.exact is None else int(self.exact * 100 + Fraction(1, 2))

    @property
    def completeness(self) -> int:
        """Answered of what asks for an answer, in percent, rounded down so that only a finished one says 100."""
        asked = self.applicable + self.excluded
        return 100 if not asked else (self.answered + self.excluded) * 100 // asked

    @property
    def is_complete(self) -> bool:
        """Nothing is left to answer."""
        return self.answered == self.applicable

    @property
    def band(self) -> str:
        """The name of the band for display, or nothing."""
        return next((name for least, name in BANDS if self.percent is not None and self.percent >= least), "")


@dataclass(frozen=True)
class Result:
    """The whole: its chapters in the order given, each with its standards, and the critical gaps, worst first."""

    whole: Score
    critical_gaps: tuple[Item, ...]

    @property
    def chapters(self) -> tuple[Score, ...]:
        """In the order of the edition."""
        return self.whole.parts


def work_out(items: Iterable[Item]) -> Result:
    """Work out an assessment. Raises ``ValueError`` for an answer that the scale does not know."""
    tree: dict[str, dict[str, list[Item]]] = {}
    gaps: list[Item] = []
    for item in items:
        if item.value and item.value not in SCORES and item.value != NOT_APPLICABLE:
            raise ValueError(f"{item.indicator}: unknown answer {item.value!r}")
        tree.setdefault(item.chapter, {}).setdefault(item.standard, []).append(item)
        if item.is_critical and _counts(item) and item.value in CAPS:
            gaps.append(item)
    chapters = tuple(
        _mean(chapter, tuple(_standard(code, members) for code, members in standards.items())) for chapter, standards in tree.items()
    )
    return Result(_mean("", chapters), tuple(sorted(gaps, key=lambda item: SCORES[item.value])))


def _counts(item: Item) -> bool:
    return bool(item.value) and item.is_confirmed


def _standard(code: str, items: list[Item]) -> Score:
    excluded = sum(1 for item in items if _counts(item) and item.value == NOT_APPLICABLE)
    scored = [item for item in items if _counts(item) and item.value in SCORES]
    earned = sum(item.weight * SCORES[item.value] for item in scored)
    possible = sum(item.weight * FULL for item in scored)
    uncapped = Fraction(earned, possible) if possible else None
    holding = [item for item in scored if item.is_critical and item.value in CAPS]
    exact = uncapped
    if uncapped is not None and holding:
        cap = Fraction(min(CAPS[item.value] for item in holding), 100)
        exact = min(uncapped, cap)
    capped_by = tuple(item.indicator for item in holding) if exact != uncapped else ()
    return Score(code, exact, len(scored), len(items) - excluded, excluded, capped_by, uncapped, earned, possible)


def _mean(code: str, parts: tuple[Score, ...]) -> Score:
    scored = [part.exact for part in parts if part.exact is not None]
    exact = sum(scored, Fraction(0)) / len(scored) if scored else None
    answered, applicable, excluded = (sum(getattr(part, name) for part in parts) for name in ("answered", "applicable", "excluded"))
    return Score(code, exact, answered, applicable, excluded, parts=parts)
