"""A move with two providers, their people and a sealed record, made without the pages of the record itself."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.vault.keyring import make_key, open_key
from providers.organisations.models import Organisation
from providers.services.places import Nation
from providers.transitions import consents, package
from providers.transitions.codes import Item, Purpose
from providers.transitions.consents import Given
from providers.transitions.models import Consent, Offer, Pathway, SealedSection, Transition
from tests import builders

CANARY = "canary-{}-8f3a"


@dataclass
class World:
    """The move, both sides, and everybody around them."""

    sender: Organisation
    receiver: Organisation
    rival: Organisation
    worker: User
    manager: User
    reader: User
    taker: User
    taker_reader: User
    stranger: User
    move: Transition
    offer: Offer


def world(status: str = "settling", offer_status: str = "accepted") -> World:
    """Everything, with a section for each item that holds its canary."""
    sender, receiver, rival = builders.organisation(), builders.organisation(), builders.organisation()
    worker = builders.member(sender, Role.ASSESSOR, first_name="Wanda")
    move = move_of(sender, worker, status=status)
    return World(
        sender, receiver, rival, worker, manager=builders.member(sender, Role.MANAGER), reader=builders.member(sender, Role.READER),
        taker=builders.member(receiver, Role.ASSESSOR, first_name="Tara"), taker_reader=builders.member(receiver, Role.READER),
        stranger=builders.member(rival, Role.MANAGER), move=move, offer=offer_of(move, receiver, worker, status=offer_status),
    )  # fmt: skip


def pathway() -> Pathway:
    """Some version."""
    found: Pathway = Pathway.objects.get_or_create(
        version=900,
        defaults={
            "valid_from": date(2026, 1, 1),
            "content": {"clocks": [], "checklist": [], "offers": {}, "follow_up": {}},
            "sha256": "0" * 64,
        },
    )[0]
    return found


def move_of(sender: Organisation, worker: User, **fields: Any) -> Transition:
    """A transition with its key and its sections."""
    given = {"nation": Nation.ENGLAND, "trigger": "cg_positive", "trigger_on": date(2026, 10, 1), "status": "settling"} | fields
    move: Transition = Transition.objects.create(
        organisation=sender,
        service=builders.service(sender),
        pathway=pathway(),
        worker=worker,
        reference_index=secrets.token_bytes(32),
        **given,
    )
    make_key(move.pk)
    for item in Item.values:
        seal(move, item, {"words": CANARY.format(item)})
    return move


def seal(move: Transition, item: str, value: Any) -> SealedSection:
    """The current section of an item."""
    SealedSection.objects.filter(transition=move, item=item).update(is_current=False)
    version = SealedSection.objects.filter(transition=move, item=item).count() + 1
    blob = open_key(move.pk).seal(value, field=item, version=version)
    row: SealedSection = SealedSection.objects.create(transition=move, item=item, version=version, blob=blob)
    return row


def offer_of(move: Transition, receiver: Organisation | None, by: User, status: str = "accepted") -> Offer:
    """An offer to an organisation, or without one to a guest."""
    due = timezone.now() + timedelta(days=5)
    offer: Offer = Offer.objects.create(
        transition=move, organisation=receiver, sender_id=move.organisation_id, offered_by=by, answer_due_at=due, status=status
    )
    return offer


def given_of(cast: World, *items: str, **fields: Any) -> Given:
    """An agreement to hand these over to the receiver, a minute ago, without an end."""
    base: dict[str, Any] = {
        "purpose": Purpose.HAND_OVER.value, "items": items, "given_at": timezone.now() - timedelta(minutes=1), "until": None,
        "form": "spoken", "language": "ti", "interpreter": True, "explained_by": cast.worker, "organisation": cast.receiver,
    }  # fmt: skip
    return Given(**(base | fields))


def agreed(cast: World, *items: str, keep: bool = True, **fields: Any) -> Consent:
    """She agrees, and the sender lets it go."""
    consent = consents.give(cast.move, given_of(cast, *items, **fields), by=cast.worker)
    if keep:
        package.keep(cast.offer, {*package.KeptItem.objects.going(cast.offer), *items}, by=cast.worker)
    return consent


def items_in(offer: Offer, at: datetime | None = None) -> list[str]:
    """What the receiver reads."""
    return [part.item for part in package.package_for(offer, at).parts]
