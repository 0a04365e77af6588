"""Makes the comparison of a quarter on the first morning after it."""

from datetime import date

from portal.audit.outbox import daily
from portal.calendar.quarters import last_finished
from standards.benchmarks.releasing import freeze_quarter


@daily("benchmarks.freeze", lease=900)
def freeze(day: str) -> None:
    """The quarter that ended last, once: on every other morning its releases are there already."""
    freeze_quarter(last_finished(date.fromisoformat(day)))
