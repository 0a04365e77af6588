"""Freezes the figures of a quarter: once, three months after its end, whatever happens to the records later (STAT-06)."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from portal import hashing
from portal.audit.trail import record
from portal.calendar.quarters import Quarter, last_finished, named
from portal.suppression import ORGANISATIONS, SMALLEST, STEP
from providers.transitions import counting, statistics

if TYPE_CHECKING:
    from providers.transitions.models import QuarterFigures

FORMAT = 1


def newest_ripe(day: date) -> Quarter:
    """The newest quarter of which enough time has passed on ``day``: a whole quarter."""
    return last_finished(day).previous


def freeze_what_is_ripe(day: date) -> list["QuarterFigures"]:
    """Every quarter that is ripe and was not frozen, from the newest frozen one on; without one, the newest alone."""
    from providers.transitions.models import QuarterFigures  # the models act by this module

    last = newest_ripe(day)
    before = QuarterFigures.objects.order_by("-quarter").values_list("quarter", flat=True).first()
    quarter = named(before).next if before else last
    made = []
    while quarter <= last:
        made.append(freeze(quarter, day))
        quarter = quarter.next
    return made


def freeze(quarter: Quarter, day: date) -> "QuarterFigures":
    """The figures of ``quarter``. A second call gives back what the first one made. Raises ``ValueError`` before its time."""
    from providers.transitions.models import QuarterFigures  # as above

    found: QuarterFigures | None = QuarterFigures.objects.filter(quarter=str(quarter)).first()
    if found is not None:
        return found
    if quarter > newest_ripe(day):
        raise ValueError(f"{quarter} is not ripe")
    content = {
        "format": FORMAT, "quarter": str(quarter), "counted_until": quarter.next.last_day.isoformat(), "step": STEP,
        "smallest": SMALLEST, "organisations": ORGANISATIONS, "share_from": statistics.SHARE_FROM,
        "nations": statistics.release(counting.cases(quarter)),
    }  # fmt: skip
    with transaction.atomic():
        row: QuarterFigures
        row, is_new = QuarterFigures.objects.get_or_create(
            quarter=str(quarter), defaults={"content": content, "sha256": hashing.digest(content), "frozen_at": timezone.now()}
        )
        if is_new:
            record("transitions.quarterfigures.freeze", row, by=None, codes={"quarter": row.quarter, "sha256": row.sha256})
    return row
