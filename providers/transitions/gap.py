"""Nobody in the gap: the four ways in which somebody can be between two services, listed for both, counted for who oversees."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.organisations.models import Organisation
from providers.services.models import Contract, Service
from providers.transitions.models import Offer, Responsibility, Transition

FEWEST, STEP, CONTRIBUTORS = 5, 5, 3  # no count below 5; rounded to 5; at least three services behind a figure
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


@dataclass(frozen=True)
class Figure:
    """A count as an overseer sees it. ``shown`` is None where it is too small, or too few services stand behind it."""

    key: str
    label: Any
    shown: int | None


def figures(user: Any) -> list[Figure]:
    """Counts for whoever oversees contracts: of services under a contract of theirs today; small ones are not said, others rounded."""
    overseers = Organisation.objects.where(user, Can.READ_AGGREGATES)
    today = timezone.localdate()
    contracts = Contract.objects.on(today).filter(commissioner__in=overseers)
    services = Service.objects.filter(pk__in=contracts.values("service"))
    rows = Transition.objects.filter(service__in=services)
    enough = services.count() >= CONTRIBUTORS
    return [Figure(pile.key, pile.label, _safe(pile.count) if enough else None) for pile in piles(rows, today)]


def _safe(count: int) -> int | None:
    """Rounded to the nearest 5, or nothing below it. 0 is said like any small number: nobody learns that there was one."""
    return STEP * round(count / STEP) if count >= FEWEST else None
