"""Who may record, withdraw, disclose, review and answer. The side that is responsible now acts; she may withdraw with either side."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from portal.accounts.roles import Can
from providers.organisations.models import Organisation
from providers.organisations.permissions import can
from providers.transitions.models import Offer, Recall, Responsibility, Transition

if TYPE_CHECKING:
    from providers.transitions.models import Disclosure


def held_now(user: Any, what: Can = Can.READ) -> QuerySet[Transition]:
    """Transitions for which an organisation of this person's is responsible now (or was the last to be), where they may do ``what``."""
    last = (
        Responsibility.objects.filter(transition=OuterRef("pk"), organisation__isnull=False)
        .order_by("-number")
        .values("organisation_id")[:1]
    )
    held: Any = Transition.objects.annotate(holder=Coalesce(Subquery(last), F("organisation_id"), output_field=UUIDField()))
    mine = Organisation.objects.where(user, what).values("pk")
    found: QuerySet[Transition] = held.filter(holder__in=mine).exclude(status=Transition.Status.PURGING)
    return found


def can_read(by: Any, transition: Transition) -> bool:
    """Read all her agreements: the side that is responsible."""
    return can(by, Can.READ, transition.holder_id)


def can_record(by: Any, transition: Transition) -> bool:
    """Write down what she agrees to, choose what goes, make follow-ups: whoever works for the side that is responsible."""
    return can(by, Can.ASSESS, transition.holder_id)


def can_withdraw(by: Any, transition: Transition, receiver_id: UUID | None) -> bool:
    """Write down that she takes something back: the responsible side, or the receiver she said it to."""
    return can_record(by, transition) or (receiver_id is not None and can(by, Can.ASSESS, receiver_id))


def can_disclose(by: Any, transition: Transition) -> bool:
    """Share without agreement to keep somebody safe: whoever works for the side that is responsible."""
    return can_record(by, transition)


def can_review(by: Any, disclosure: "Disclosure") -> bool:
    """Say whether it was right: somebody who approves there, and never who did it."""
    return can(by, Can.APPROVE, disclosure.discloser_id) and by.pk != disclosure.by_id


def can_answer(by: Any, recall: Recall) -> bool:
    """Confirm or give a ground: whoever works for the receiver."""
    return recall.offer.organisation_id is not None and can(by, Can.ASSESS, recall.offer.organisation_id)


def can_see_contact(by: Any, offer: Offer) -> bool:
    """How to reach her is for the named workers alone: hers, and whoever accepted her."""
    return by.pk in {offer.transition.worker_id, offer.answered_by_id}


def received_now(user: Any) -> QuerySet[Offer]:
    """Offers to an organisation of this person's that are neither refused nor ended."""
    found: QuerySet[Offer] = Offer.objects.received_by(user).live()
    return found.exclude(transition__status=Transition.Status.PURGING).select_related("transition", "organisation")
