"""Inspections: says in time when the announced bank holidays run out, on which their deadlines are counted (TIME-03)."""

from typing import Any

from django.apps import AppConfig
from django.core import checks

from standards.inspections import deadlines


class InspectionsConfig(AppConfig):
    """The rooms of an inspectorate."""

    name = "standards.inspections"

    def ready(self) -> None:
        """Once all models are there."""
        checks.register(bank_holidays_are_announced)


def bank_holidays_are_announced(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A warning from 180 days before the table of bank holidays ends: the build stops in time for a newer one."""
    left = deadlines.days_left()
    if left is None:
        return []
    return [
        checks.Warning(
            f"The announced bank holidays end in {left} days; later deadlines are provisional.",
            hint="Install a newer `holidays` package, look whether all three calendars are announced further, and move ANNOUNCED_UNTIL.",
            id="inspections.W001",
        )
    ]
