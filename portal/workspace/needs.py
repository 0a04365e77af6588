"""What needs a person now: every room says what waits for them, and this orders it.

``settings.WORKSPACE_NEEDS`` lists functions by dotted name, each called as ``needs(user)``; ``settings.WORKSPACE_PANELS`` lists
functions called as ``panels(user)`` that give the start page its per-role overviews.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.workspace.navigation import functions

SOON = 7  # days: what is due within them is due soon


@dataclass(frozen=True)
class Need:
    """One thing that waits for one person.

    ``title``: what it is, a few words; ``reason``: why it waits for them ("You are asked to review it"); ``kind``: what it is
    filtered by, as people read it ("Actions"); ``weight``: 0 to 100, what matters more stands first among things of the same urgency.
    """

    title: str
    url: str
    due_on: date | None = None
    weight: int = 50
    kind: str = ""
    reason: str = ""

    def is_overdue(self, day: date) -> bool:
        """Its date has passed."""
        return self.due_on is not None and self.due_on < day

    def is_soon(self, day: date) -> bool:
        """Due today or within a week."""
        return self.due_on is not None and 0 <= (self.due_on - day).days <= SOON


@dataclass(frozen=True)
class Panel:
    """A part of the start page: a heading and the template that draws ``context``."""

    heading: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


def in_order(needs: list[Need], day: date) -> list[Need]:
    """Overdue first, then what is due soon, then the rest; inside each the heavier first, then the earlier."""

    def rank(need: Need) -> tuple[int, int, date, str]:
        urgency = 0 if need.is_overdue(day) else 1 if need.is_soon(day) else 2
        return urgency, -need.weight, need.due_on or date.max, need.title

    return sorted(needs, key=rank)


def needs_of(user: Any, day: date) -> list[Need]:
    """Everything that waits for this person, in order."""
    return in_order([need for function in functions("WORKSPACE_NEEDS") for need in function(user)], day)


def panels_of(user: Any) -> list[Panel]:
    """The overviews of this person's roles, in the order of the settings."""
    return [panel for function in functions("WORKSPACE_PANELS") for panel in function(user)]
