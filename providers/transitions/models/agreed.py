"""What all her agreements come to: one rule for packages, pages and the steps that need it. ``consents`` asks it for receivers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from providers.transitions.consent_states import Grant, Standing, standing

Key = tuple[Any, Any, str, str]  # organisation, offer of a guest, purpose, item
HOLDS = frozenset({Standing.GIVEN, Standing.INDEFINITE})
HAND_OVER = "hand_over"


def standings(items: Iterable[Any], at: datetime) -> Mapping[Key, Standing]:
    """What these items of consent come to at ``at``, for each receiver, purpose and item that was ever named."""
    grants: dict[Key, list[Grant]] = defaultdict(list)
    for item in items:
        consent = item.consent
        grants[consent.organisation_id, consent.offer_id, consent.purpose, item.item].append(item.grant)
    return {key: standing(found, at) for key, found in grants.items()}


def anything_holds(row: Any) -> bool:
    """Whether an agreement to hand over holds now, towards whomever: what must be on record before anything is offered."""
    consents = row.consents.filter(purpose=HAND_OVER).prefetch_related("items__consent")
    items = [item for consent in consents for item in consent.items.all()]
    return any(state in HOLDS for state in standings(items, timezone.now()).values())
