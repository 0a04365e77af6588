"""Clocks: which dated duties a transition has, when each falls due, and which is the next. Rules come from its pathway.

The date in the person's own letter wins over the computed one. Working days are those of the nation.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.calendar.working_days import ANNOUNCED_UNTIL, OF_NATION, add_working_days

if TYPE_CHECKING:
    from providers.transitions.models import Transition

Rule = Mapping[str, Any]
UNITS = frozenset({"days", "working_days", "years"})


def due(rule: Rule, start: date, nation: str) -> tuple[date, bool]:
    """The day on which the duty falls due, and whether a bank holiday may yet move it."""
    count, unit = int(rule["count"]), rule["unit"]
    if unit == "working_days":
        day = add_working_days(start, count, OF_NATION[nation])
        return day, day > ANNOUNCED_UNTIL
    if unit == "years":
        return _years_later(start, count), False
    return start + timedelta(days=count), False


def _years_later(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February: the last day of that month
        return start.replace(year=start.year + years, day=28)


def applies(rule: Rule, *, trigger: str, nation: str) -> bool:
    """Whether the rule is one for this trigger in this nation."""
    return trigger in rule.get("triggers", (trigger,)) and nation in rule.get("nations", (nation,))


def rules_of(row: "Transition") -> Iterator[Rule]:
    """The rules of its pathway that are meant for it."""
    for rule in row.pathway.content["clocks"]:
        if applies(rule, trigger=row.trigger, nation=row.nation):
            yield rule


def rule_of(row: "Transition", key: str) -> Rule | None:
    """The one rule behind a clock."""
    return next((rule for rule in rules_of(row) if rule["key"] == key), None)


def optional_rules(row: "Transition") -> list[Rule]:
    """Those that have a date of their own to begin from and that nobody has begun yet."""
    begun = set(row.clocks.values_list("kind", flat=True))
    return [rule for rule in rules_of(row) if rule["from"] == "own" and rule["key"] not in begun]


def start(row: "Transition", rule: Rule, begun_on: date) -> None:
    """Begin a clock, or count it anew from another day. What the letter says stays; a clock that was met and begins again is open."""
    day, is_provisional = due(rule, begun_on, row.nation)
    found = row.clocks.filter(kind=rule["key"]).first()
    if found is None:
        row.clocks.create(kind=rule["key"], started_on=begun_on, computed_on=day, is_provisional=is_provisional)
        return
    if found.started_on != begun_on or (rule["from"] not in {"trigger", "exit", "own"} and found.met_at):
        found.met_at = found.dropped_at = None
    found.started_on, found.computed_on, found.is_provisional = begun_on, day, is_provisional
    found.save()


def start_from(row: "Transition", origin: str, begun_on: date | None) -> None:
    """Begin every clock that is counted from ``origin``: ``trigger``, ``exit`` or a state."""
    for rule in rules_of(row):
        if rule["from"] == origin and begun_on:
            start(row, rule, begun_on)


def arrive(row: "Transition", state: str) -> None:
    """The transition is now in ``state``: what that meets is met, what hung on the state it leaves too, and the next date is known."""
    if state == row.status:
        return
    met = {rule["key"] for rule in rules_of(row) if state in rule.get("met_by", ()) or rule["from"] == row.status}
    row.clocks.filter(kind__in=met, met_at__isnull=True).update(met_at=timezone.now())
    start_from(row, state, timezone.localdate())
    settle(row)


def settle(row: "Transition") -> None:
    """The earliest open date, on the row in hand: whoever calls saves it."""
    row.next_due_on = min((clock.due_on for clock in row.clocks.all() if clock.is_open), default=None)


def support_ends_on(row: "Transition") -> date | None:
    """The day on which support ends: the letter's, or the rule's, where there is one."""
    kinds = [rule["key"] for rule in rules_of(row) if rule.get("ends_support")]
    return min((clock.due_on for clock in row.clocks.filter(kind__in=kinds)), default=None)
