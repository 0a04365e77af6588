"""Deadlines of a regime, in its own calendar. Pure. They show; nothing moves by itself when one is missed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from portal.calendar.working_days import (
    LONDON,
    Calendar,
    Deadline,
    add_working_days,
    days_of_table_left,
    deadline,
    deadline_in_days,
)

NAMES = (  # what a regime may set, in the order of an inspection's life
    "notice", "short_notice", "drafting", "internal_review", "comments_open", "comments_review", "publication_check", "issue",
    "action_plan_due", "action_plan_agreed",
)  # fmt: skip
UNITS = ("working", "calendar")
NOTICE_OF = {"announced": "notice", "short": "short_notice"}
WARN_BEFORE = 180  # days before the announced bank holidays end


def due(regime: Any, name: str, since: datetime) -> Deadline | None:
    """The deadline ``name`` of something that began at ``since``; the day after counts as the first. None where the regime sets none."""
    rule = regime.deadlines.get(name)
    if rule is None:
        return None
    if rule["unit"] == "calendar":
        return deadline_in_days(since, rule["days"])
    return deadline(since, rule["days"], Calendar(regime.calendar))


def first_day(regime: Any, notice: str, announced: datetime) -> date | None:
    """The first day on which a visit may begin that was announced then. None where no notice is asked for."""
    found = due(regime, NOTICE_OF[notice], announced) if notice in NOTICE_OF else None
    return add_working_days(found.day, 1, Calendar(regime.calendar)) if found else None


def today() -> date:
    """In London."""
    return datetime.now(LONDON).date()


def days_left(day: date | None = None) -> int | None:
    """How many days the announced bank holidays still reach, once that is fewer than half a year; None before."""
    left = days_of_table_left(day or today())
    return left if left < WARN_BEFORE else None


def rules(regime: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The deadlines that a regime sets, in the order of an inspection's life."""
    return ((name, regime.deadlines[name]) for name in NAMES if name in regime.deadlines)
