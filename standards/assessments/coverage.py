"""Which standards can be shown, and how well: nothing, out of date, one source, policy only, no survivor's voice. Pure.

A policy says what should happen; only practice, and what survivors and staff say, show what does (capability B7). What does not
apply asks for no evidence; what was put aside counts for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from standards.evidence.freshness import Freshness, freshness

POLICY, SURVIVOR_VOICE = "policy", "survivor_voice"  # kinds of evidence


class Gap(StrEnum):
    """What is weak about a standard's evidence, the gravest first."""

    NONE = "none"  # no evidence at all
    STALE = "stale"  # an indicator that has evidence, and all of it out of date
    SINGLE = "single"  # one item stands for the whole standard
    POLICY_ONLY = "policy_only"  # what should happen, never what does
    NO_VOICE = "no_voice"  # nothing that survivors say


@dataclass(frozen=True)
class Item:
    """An item of evidence under one indicator."""

    evidence: str
    kind: str
    period_end: date
    review_on: date


@dataclass(frozen=True)
class Asked:
    """One indicator that applies. ``months``: how old its evidence may be; None is the usual."""

    code: str
    standard: str
    items: tuple[Item, ...] = ()
    months: int | None = None


@dataclass(frozen=True)
class Cover:
    """A standard: how many of its indicators have evidence, how many items stand under it, how many of them out of date, and its gaps."""

    standard: str
    indicators: int
    covered: int
    items: int
    stale: int
    gaps: tuple[Gap, ...]
    bare: tuple[str, ...] = ()  # codes of indicators without evidence
    outdated: tuple[str, ...] = ()  # codes of those with nothing but evidence out of date

    @property
    def is_sound(self) -> bool:
        """Nothing to mend."""
        return not self.gaps and not self.bare


def is_stale(item: Item, asked: Asked, period_start: date, day: date) -> bool:
    """Whether an item shows nothing for this indicator any more: reviewed too long ago, too old, or from before the period assessed."""
    return item.period_end < period_start or freshness(item.period_end, item.review_on, day, asked.months) == Freshness.STALE


def cover(indicators: Iterable[Asked], period_start: date, day: date) -> list[Cover]:
    """One row per standard, in the order given. ``period_start``: of the assessment; ``day``: as things stand on it."""
    standards: dict[str, list[Asked]] = {}
    for asked in indicators:
        standards.setdefault(asked.standard, []).append(asked)
    return [_standard(code, members, period_start, day) for code, members in standards.items()]


def _standard(code: str, members: list[Asked], period_start: date, day: date) -> Cover:
    fresh_under, stale, kinds = set(), set(), {}
    for asked in members:
        for item in asked.items:
            kinds[item.evidence] = item.kind
            if is_stale(item, asked, period_start, day):
                stale.add(item.evidence)
            else:
                fresh_under.add(asked.code)
    covered = [asked.code for asked in members if asked.items]
    outdated = tuple(indicator for indicator in covered if indicator not in fresh_under)
    bare = tuple(asked.code for asked in members if not asked.items)
    gaps = _gaps(list(kinds.values()), is_outdated=bool(outdated))
    return Cover(code, len(members), len(covered), len(kinds), len(stale), gaps, bare, outdated)


def _gaps(kinds: list[str], *, is_outdated: bool) -> tuple[Gap, ...]:
    """``kinds``: of each item once."""
    if not kinds:
        return (Gap.NONE,)
    found = {
        Gap.STALE: is_outdated,
        Gap.SINGLE: len(kinds) == 1,
        Gap.POLICY_ONLY: set(kinds) == {POLICY},
        Gap.NO_VOICE: SURVIVOR_VOICE not in kinds,
    }
    return tuple(gap for gap, is_so in found.items() if is_so)
