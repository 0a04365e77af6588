"""What of a record goes to the service that was asked. Everything that shows or sends anything to a receiver asks ``package_for``.

What she did not agree to is absent, not hidden. Until an agreement says more, a package holds coded needs alone: no text, no contact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from providers.transitions import sections
from providers.transitions.codes import Item
from providers.transitions.models import Offer
from providers.transitions.models.agreed import HOLDS
from providers.transitions.needs import QUESTIONS

CODED = (Item.LANGUAGE, Item.DEPENDANTS, Item.HEALTH, Item.SAFETY, Item.HOUSING)


@dataclass(frozen=True)
class Part:
    """One item of the package. ``because``: on what ground it is there."""

    item: str
    value: Any
    version: int
    because: str

    @property
    def label(self) -> str:
        """What it is called."""
        return str(Item(self.item).label)


@dataclass(frozen=True)
class Package:
    """What a receiver may read at one instant, in the order of the list."""

    offer: Offer
    at: datetime
    parts: tuple[Part, ...]


def package_for(offer: Offer, at: datetime | None = None) -> Package:
    """What the receiver of ``offer`` may read. Empty where nothing was agreed, nothing holds, or the offer is over."""
    at = at or timezone.now()
    agreed = set(_agreed(offer, at)) & set(CODED) if offer.is_live else set()
    if not agreed:
        return Package(offer, at, ())
    held = sections.read_versions(offer.transition, {*agreed, sections.BACK})
    _version, kept_back = held.pop(sections.BACK, (0, []))
    parts = (
        Part(item, _coded(item, held[item][1]), held[item][0], "consent") for item in Item.values if item in held and item not in kept_back
    )
    return Package(offer, at, tuple(parts))


def _agreed(offer: Offer, at: datetime) -> Iterable[str]:
    """Items of agreements made for exactly this receiver that hold at that moment."""
    for consent in offer.transition.consents.filter(purpose="hand_over").prefetch_related("items"):
        is_for_them = consent.offer_id == offer.pk or (consent.organisation_id and consent.organisation_id == offer.organisation_id)
        if is_for_them:
            yield from (item.item for item in consent.items.all() if item.state(at) in HOLDS)


def _coded(item: str, value: dict[str, Any]) -> dict[str, Any]:
    """Without its texts."""
    lists = {question.key for question in QUESTIONS[item] if question.kind != "text"}
    return {key: given for key, given in value.items() if key in lists}
