"""Two services that hand over, their rival, everybody around them, and a transition at any stage."""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from providers.organisations.models import Organisation
from providers.services.models import Service
from providers.transitions import beginning, checklists, follow_ups, guests, offering, package, sections
from providers.transitions.beginning import Start
from providers.transitions.codes import Destination, Item, Trigger
from providers.transitions.guests import Invited
from providers.transitions.models import Attempt, Consent, ConsentItem, FollowUp, Offer, Transition
from tests import builders

CANARY = "canary-7c1f"
VALUES: dict[str, dict[str, Any]] = {
    Item.CONTACT: {
        "channels": ["call"],
        "details": f"{CANARY}-contact",
        "voicemail": False,
        "letters": False,
        "code_word": f"{CANARY}-word",
    },
    Item.LANGUAGE: {"language": "ti", "interpreter": "woman", "reads": True},
    Item.HEALTH: {"needs": ["medicine", "sleep"]},
    Item.WISHES: {"wishes": ["english"], "words": f"{CANARY}-wish"},
}
ROLES = {
    "manager": ("sender", Role.MANAGER), "worker": ("sender", Role.ASSESSOR), "colleague": ("sender", Role.ASSESSOR),
    "reader": ("sender", Role.READER), "their_manager": ("receiver", Role.MANAGER), "their_worker": ("receiver", Role.ASSESSOR),
    "their_reader": ("receiver", Role.READER), "rival": ("elsewhere", Role.MANAGER), "inspector": ("inspectorate", Role.INSPECTOR),
    "lead": ("inspectorate", Role.LEAD_INSPECTOR), "commissioner": ("oversight", Role.COMMISSIONER),
    "administrator": ("office", Role.ADMINISTRATOR),
}  # fmt: skip


@dataclass
class World:
    """``world.worker`` supports somebody who moves to ``world.their_worker``'s service."""

    sender: Organisation
    receiver: Organisation
    elsewhere: Organisation
    people: dict[str, User]
    service: Service
    row: Transition = field(init=False)

    def who(self, name: str) -> User:
        """The person as the next request loads them."""
        return User.objects.get(pk=self.people[name].pk)

    def client(self, name: str) -> Client:
        """Their browser, both factors just passed."""
        return builders.sign_in(self.who(name))

    def begin(self, **fields: Any) -> Transition:
        """A record of the sender's, begun by the worker."""
        given: dict[str, Any] = {
            "trigger": Trigger.CG_POSITIVE, "trigger_on": timezone.localdate(), "destination": Destination.LONGER_TERM, **fields
        }  # fmt: skip
        self.row = beginning.begin(Start(self.service, **given), key=uuid.uuid4(), by=self.who("worker"))
        return self.row

    def now(self) -> Transition:
        """The record as the database has it, with what pages load."""
        found: Transition = Transition.objects.in_full().get(pk=self.row.pk)
        return found

    def write(self, items: dict[str, Any] | None = None) -> None:
        """What the record holds about her."""
        for item, value in (items or VALUES).items():
            sections.write(self.now(), item, value, base=0, by=self.who("worker"))

    def consent(self, *items: str, to: Organisation | None = None, offer: Offer | None = None, until: date | None = None) -> Consent:
        """She agreed, an hour ago, in words."""
        towards = {"offer": offer} if offer else {"organisation": to or self.receiver}
        consent: Consent = Consent._base_manager.create(
            transition=self.row, purpose="hand_over", given_at=timezone.now() - timedelta(hours=1), form="spoken", language="ti",
            interpreter=True, explained_by=self.people["worker"], until=until, **towards,
        )  # fmt: skip
        for item in items or (Item.LANGUAGE, Item.HEALTH):
            ConsentItem._base_manager.create(consent=consent, item=item)
        return consent

    def offered(self) -> Offer:
        """Written, agreed and offered to the receiver."""
        self.begin()
        self.write()
        self.consent()
        self.now().plan(by=self.who("worker"))
        self.now().agree("recorded", by=self.who("worker"))
        offer = offering.send(self.now(), self.receiver, by=self.who("worker"))
        package.keep(offer, {Item.LANGUAGE, Item.HEALTH}, by=self.who("worker"))
        return offer

    def accepted(self) -> Offer:
        """And accepted by their worker."""
        offer = self.offered()
        offering.take(offer, "accept", timezone.localdate(), by=self.who("their_worker"))
        return offer

    def tick_all(self) -> None:
        """Every point of the checklist is answered as it may be."""
        row = self.now()
        for check in row.checks.filter(state="open"):
            state = "not_needed" if checklists.may_be_not_needed(check) else "done"
            reason = "no_need" if state == "not_needed" else ""
            checklists.answer(check, state, reason, base=check.version, by=self.who("worker"))

    def moved(self) -> Offer:
        """And she has left."""
        offer = self.accepted()
        self.now().book(timezone.localdate(), by=self.who("worker"))
        self.tick_all()
        self.now().move(by=self.who("worker"))
        return offer

    def met(self) -> Offer:
        """And their worker has met her."""
        offer = self.moved()
        offering.take(offer, "confirm_contact", timezone.now(), by=self.who("their_worker"))
        return offer

    def tried(self) -> None:
        """Three attempts in the agreed way, at different times over more than five working days. Nobody answered."""
        today = timezone.localtime().replace(minute=0)
        for days, hour in ((12, 9), (10, 13), (9, 18)):
            at = today.replace(hour=hour) - timedelta(days=days)
            Attempt.objects.create(transition=self.row, channel="call", at=at, result="no_answer", by=self.people["worker"])

    def says_stable(self) -> None:
        """At six months, asked by whoever is responsible: in her own view things are stable."""
        row = self.now()
        by = self.who("their_worker" if row.holder_id == self.receiver.pk else "worker")
        point = FollowUp.objects.get_or_create(transition=row, point="6m", defaults={"due_on": timezone.localdate()})[0]
        follow_ups.answer(point, {"answers": {"safe": "yes", "place": "yes"}, "stable": "yes"}, base=point.version, by=by)

    def outside(self) -> Invited:
        """Offered to a council without an account."""
        self.begin(destination=Destination.COUNCIL_TEMPORARY)
        self.write()
        self.now().plan(by=self.who("worker"))
        self.now().agree("ask", by=self.who("worker"))
        return guests.invite(self.now(), mailbox="Housing@Council.example", name=f"{CANARY}-council", by=self.who("worker"))


def world() -> World:
    """Everybody, and a service of the sender's in England."""
    homes = {name: builders.organisation() for name in ("sender", "receiver", "elsewhere")}
    homes |= {
        "inspectorate": builders.organisation(Kind.INSPECTORATE), "oversight": builders.organisation(Kind.OVERSIGHT),
        "office": builders.organisation(Kind.OFFICE),
    }  # fmt: skip
    people = {name: builders.member(homes[home], role) for name, (home, role) in ROLES.items()}
    people["stranger"] = builders.person()
    service = builders.service(homes["sender"], "Quiet Lantern")
    return World(homes["sender"], homes["receiver"], homes["elsewhere"], people, service)
