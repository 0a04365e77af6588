"""Whether anything that she agreed to holds now: what must be on record before anything is offered."""

from typing import Any

from django.utils import timezone

HOLDS = ("given", "indefinite")


def is_agreed(row: Any) -> bool:
    """At least one item of an agreement to hand over is given and neither expired nor withdrawn."""
    now = timezone.now()
    consents = row.consents.filter(purpose="hand_over").prefetch_related("items")
    return any(item.state(now) in HOLDS for consent in consents for item in consent.items.all())
