"""What her agreement is at an instant: never given, given, given without an end, run out, withdrawn. Pure.

Never two states where there are five: an agreement that ran out is not one that was withdrawn, and one without an end is not
one whose end somebody forgot. Days are days in London: an agreement until the 30th lasts until the last instant of the 30th there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Standing(StrEnum):
    """The state of one item of consent."""

    ABSENT = "absent"
    GIVEN = "given"
    INDEFINITE = "indefinite"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Grant:
    """She agreed once to one item, for one purpose, towards one receiver. Instants are aware."""

    given_at: datetime
    until: date | None = None
    withdrawn_at: datetime | None = None


def standing(grants: Iterable[Grant], at: datetime) -> Standing:
    """What all her agreements about the same item, purpose and receiver come to at ``at``.

    The newest that was given by then decides: a newer one with an end replaces an older one without. Having withdrawn, she has
    withdrawn whatever was given before, also what is written down only afterwards.
    """
    given = [grant for grant in grants if grant.given_at <= at]
    if not given:
        return Standing.ABSENT
    newest = max(given, key=lambda grant: grant.given_at)
    taken_back = [grant.withdrawn_at for grant in given if grant.withdrawn_at is not None and grant.withdrawn_at <= at]
    if taken_back and max(taken_back) >= newest.given_at:
        return Standing.WITHDRAWN
    if newest.until is None:
        return Standing.INDEFINITE
    return Standing.GIVEN if at.astimezone(LONDON).date() <= newest.until else Standing.EXPIRED
