"""When a state of a report should be over: from the regime, or a default of the domain research (part 4.5). Shows; moves nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.calendar.working_days import (
    LONDON,
    Calendar,
    Deadline,
    add_working_days,
    deadline,
    deadline_in_days,
    end_of,
    working_days_between,
)

WORKING, CALENDAR = "working", "calendar"
# State → days and unit. Sources: S49 and S50 of docs/reports.md where given; the others are proposals until a regime says otherwise.
DEFAULTS: dict[str, tuple[int, str]] = {
    "drafting": (15, WORKING),  # after the visit: S50
    "internal_review": (5, WORKING),
    "comments_open": (10, WORKING),  # from proven availability: S49, S50
    "comments_review": (10, WORKING),  # S50
    "publication_check": (5, WORKING),
    "action_plan_due": (20, WORKING),
    "action_plan_agreed": (10, WORKING),
    "issue": (92, CALENDAR),  # after the visit: within three months, S57
}


@dataclass(frozen=True)
class Rule:
    """So many days of a unit, and where that comes from: ``regime:name`` or ``default:name``."""

    days: int
    unit: str
    source: str


def rule_for(regime: Any, name: str) -> Rule | None:
    """The rule for a state under ``regime``, or ``None`` where there is none."""
    own = (regime.deadlines or {}).get(name)
    if own and int(own.get("days", 0)) > 0:
        return Rule(int(own["days"]), CALENDAR if own.get("unit") == CALENDAR else WORKING, f"regime:{name}")
    if name in DEFAULTS:
        return Rule(*DEFAULTS[name], f"default:{name}")
    return None


def due(regime: Any, name: str, since: datetime) -> tuple[Deadline, Rule] | None:
    """The deadline of a state that began at ``since``; the day after counts as the first."""
    rule = rule_for(regime, name)
    if rule is None:
        return None
    if rule.unit == CALENDAR:
        return deadline_in_days(since, rule.days), rule
    return deadline(since, rule.days, Calendar(regime.calendar)), rule


def after_pause(regime: Any, due_at: datetime, paused: datetime, resumed: datetime) -> datetime:
    """The same number of working days is left after a pause as was left when it began, at least one."""
    calendar = Calendar(regime.calendar)
    left = working_days_between(paused.astimezone(LONDON).date(), due_at.astimezone(LONDON).date(), calendar)
    return max(due_at, end_of(add_working_days(resumed.astimezone(LONDON).date(), max(1, left), calendar)).at)


def days_left(regime: Any, due_at: datetime, now: datetime) -> int:
    """How many working days are left; 0 on the last day and after it."""
    return working_days_between(now.astimezone(LONDON).date(), due_at.astimezone(LONDON).date(), Calendar(regime.calendar))


def later(now: datetime | None, until: Any) -> datetime:
    """The last instant of the day ``until``, which is later than ``now``. Raises ``ValidationError`` otherwise."""
    at = end_of(until).at
    if now is None or at <= now:
        raise ValidationError({"until": _("Choose a day after the present last day.")})
    return at
