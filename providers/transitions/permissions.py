"""Who may see what of a transition, and who may do what with it. Nobody by rank: only the two sides, each for its time.

``sight`` is the one answer to "how much": pages, sections and packages all ask it. ``None`` as a person is Waymark itself, which takes
only the steps that hang on another one (a receiver's answer, a day that has passed).
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from providers.transitions.models import Offer, Transition


class Sight(StrEnum):
    """How much of a record somebody sees. What is not named here is nothing."""

    NOTHING = "nothing"
    OUTLINE = "outline"  # reads for one of the sides, works on no case: where it stands, never what is about her
    THIN = "thin"  # the sender after contact: that it went well, and when
    MINIMUM = "minimum"  # the receiver before accepting
    PACKAGE = "package"  # the receiver after accepting: what she agreed to
    FULL = "full"  # who works for the service that is responsible before the move


def sight(user: Any, row: "Transition") -> Sight:
    """How much ``user`` sees of ``row`` now."""
    if can(user, Can.READ, row.organisation_id):
        if row.has_been_met:
            return Sight.THIN
        return Sight.FULL if can(user, Can.ASSESS, row.organisation_id) else Sight.OUTLINE
    offer = offer_to(user, row)
    if offer is None:
        return Sight.NOTHING
    if not can(user, Can.ASSESS, offer.organisation_id):
        return Sight.OUTLINE
    return Sight.MINIMUM if offer.status == "offered" else Sight.PACKAGE


def offer_to(user: Any, row: "Transition") -> "Offer | None":
    """The offer through which this person's organisation sees the record: live ones only."""
    return next((offer for offer in row.live_offers if offer.organisation_id and can(user, Can.READ, offer.organisation_id)), None)


def can_begin(by: Any, organisation: UUID) -> bool:
    """Begin a transition of somebody this organisation supports."""
    return can(by, Can.ASSESS, organisation)


def can_work_on(by: Any, row: "Transition") -> bool:
    """Move it on: who works for the organisation that is responsible now. Where that is outside the network, the one that sent her."""
    return can(by, Can.ASSESS, row.holder_id)


def can_manage(by: Any, row: "Transition") -> bool:
    """Decide about what went wrong: a manager of the same."""
    return can(by, Can.APPROVE, row.holder_id)


def can_escalate(by: Any, row: "Transition") -> bool:
    """Put it before the manager: either side, or Waymark when a day has passed."""
    return by is None or can_work_on(by, row) or sight(by, row) == Sight.PACKAGE


def can_take_back(by: Any, row: "Transition") -> bool:
    """Take her back into specialist support: a manager of the service that she left."""
    return can(by, Can.APPROVE, row.organisation_id)


def can_book(by: Any, row: "Transition") -> bool:
    """Fix the joint meeting and the day of the move: both sides."""
    return can_work_on(by, row) or sight(by, row) == Sight.PACKAGE


def follows_an_offer(by: Any, row: "Transition") -> bool:
    """What follows from an offer (asked, accepted, declined, met): the two sides of the offer, or Waymark for a guest."""
    return by is None or can(by, Can.ASSESS, row.organisation_id) or any(can_answer(by, offer) for offer in row.offers.all())


def only_waymark(by: Any, row: "Transition") -> bool:
    """A day has passed: nobody takes this step by hand."""
    return by is None


def can_see_contact(by: Any, row: "Transition") -> bool:
    """How to reach her is for the named workers alone: hers now, and whoever accepted her."""
    named = {row.worker_id} if not row.has_been_met else set()
    named |= {offer.answered_by_id for offer in row.live_offers if offer.status in {"accepted", "contact_confirmed"}}
    return by is not None and by.pk in named and sight(by, row) in {Sight.FULL, Sight.PACKAGE}


def can_see_looks(by: Any, row: "Transition") -> bool:
    """Who looked at the record: her worker, and managers of the responsible service."""
    return can_manage(by, row) or (by is not None and by.pk == row.worker_id and can_work_on(by, row))


# --- Offers -----------------------------------------------------------------------------------------------------------------


def can_send(by: Any, offer: "Offer") -> bool:
    """Take back, hear on the telephone, answer questions: who works for the service that offers."""
    return can(by, Can.ASSESS, offer.sender_id)


def can_answer(by: Any, offer: "Offer") -> bool:
    """Ask, accept, decline: who works for the service that was asked; for a guest Waymark, which has seen link and code."""
    return by is None if offer.organisation_id is None else can(by, Can.ASSESS, offer.organisation_id)


def can_hear_of_outside(by: Any, offer: "Offer") -> bool:
    """Write down that a service outside the network has met her: the sender's worker. Inside, only the receiver says so."""
    return offer.organisation_id is None and can_send(by, offer)
