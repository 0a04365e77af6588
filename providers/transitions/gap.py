"""Nobody in the gap: the four ways in which somebody can be between two services, listed for both.

Who oversees services reads frozen figures instead (``figures``): a number that lives can be watched as it changes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from providers.transitions.models import Offer, Responsibility, Transition

PILES: dict[str, Any] = {
    "unanswered": _("Offers without an answer"),
    "not_met": _("Accepted, not yet met"),
    "past_due": _("Past a date"),
    "lost": _("Contact lost"),
}


@dataclass(frozen=True)
class Pile:
    """One of the four, and how many stand in it."""

    key: str
    label: Any
    count: int


def _with_offer(status: str) -> Exists:
    return Exists(Offer.objects.filter(transition=OuterRef("pk"), status=status))


def _question(key: str, day: date) -> Any:
    """Which transitions stand in the pile."""
    return {
        "unanswered": Q(_with_offer(Offer.Status.OFFERED)),
        "not_met": Q(_with_offer(Offer.Status.ACCEPTED)),
        "past_due": Q(next_due_on__lt=day),
        "lost": Q(status=Transition.Status.CONTACT_LOST),
    }[key]


def rows_in(rows: Any, key: str, day: date) -> Any:
    """Those of ``rows`` in one pile, the most urgent first."""
    found = rows.running().filter(_question(key, day)).order_by("next_due_on", "created_at", "pk")
    return found.select_related("service", "organisation", "worker").prefetch_related(*_sides())


def _sides() -> list[Any]:
    """Offers and ledger, each with its organisation in the same query."""
    offers, entries = Offer.objects.select_related("organisation"), Responsibility.objects.select_related("organisation")
    return [Prefetch("offers", offers), Prefetch("ledger", entries)]


def piles(rows: Any, day: date) -> list[Pile]:
    """The four with their counts: one query."""
    counts = rows.running().aggregate(**{key: Count("pk", filter=_question(key, day)) for key in PILES})
    return [Pile(key, label, counts[key]) for key, label in PILES.items()]
