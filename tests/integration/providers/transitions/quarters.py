"""A quarter long past: many people of many services who left, as their rows and the trail would tell it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from portal.audit.models import Event
from portal.calendar.quarters import LONDON, Quarter
from providers.organisations.models import Organisation
from providers.services.models import Service
from providers.transitions import pathways
from providers.transitions.models import Check, Offer, Transition
from tests import builders
from tests.integration.providers.transitions.cast import World

QUARTER = Quarter(2026, 1)
RIPE = dt.date(2026, 7, 1)  # the first morning on which it may be frozen
SUBJECT = "transitions.transition"


def at(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=LONDON)


@dataclass
class Past:
    """Services, and what becomes of people of theirs."""

    world: World
    senders: list[Service]
    receivers: list[Organisation]

    def rows(self, count: int, **fields: Any) -> list[Transition]:
        """``count`` records, in turn of each service."""
        given = {
            "status": "settling", "trigger": "cg_positive", "trigger_on": dt.date(2026, 1, 5), "nation": "england",
            "destination": "private_rented", "created_at": at("2026-01-05"), **fields,
        }  # fmt: skip
        pathway = pathways.in_force(dt.date(2026, 11, 1))
        services = [self.senders[number % len(self.senders)] for number in range(count)]
        made: list[Transition] = Transition.objects.bulk_create(
            Transition(organisation=service.organisation, service=service, pathway=pathway, worker=self.world.people["worker"],
                       reference_index=uuid.uuid4().bytes * 2, **given)
            for service in services
        )  # fmt: skip
        return made

    def event(self, row: Transition, day: str, step: str, after: str, before: str = "planning", **codes: Any) -> None:
        """A line of the trail."""
        Event.objects.create(
            at=at(day), verb=f"{SUBJECT}.{step}", subject_type=SUBJECT, subject_id=row.pk, organisation_id=row.organisation_id,
            before=before, after=after, codes=codes,
        )  # fmt: skip

    def left(self, count: int, on: str = "2026-02-10", **fields: Any) -> list[Transition]:
        """They planned, were accepted by another service in turn, and left."""
        made = self.rows(count, **fields)
        for number, row in enumerate(made):
            self.event(row, "2026-01-08", "plan", "planning", "draft")
            self.event(row, "2026-01-20", "note_accepted", "accepted")
            self.event(row, on, "move", "moved", "handover_booked")
            self.offer(row, self.receivers[number % len(self.receivers)], status="contact_confirmed", answered_at=at("2026-01-20"),
                       contact_at=at(on) + dt.timedelta(hours=30))  # fmt: skip
            Check.objects.create(transition=row, key="work_learning", order=1, blocks=False, state="open")
            Check.objects.create(transition=row, key="joint_meeting", order=2, blocks=True, may_waive=True, state="done")
        return made

    def stopped(self, count: int, on: str = "2026-02-20", **fields: Any) -> list[Transition]:
        """They planned, and it ended before they left."""
        made = self.rows(count, status="closed_lost", **fields)
        for row in made:
            self.event(row, "2026-01-08", "plan", "planning", "draft")
            self.event(row, on, "close_lost", "closed_lost", "escalated")
        return made

    def offer(self, row: Transition, to: Organisation, **fields: Any) -> Offer:
        """It was offered to this service."""
        given = {"offered_at": at("2026-01-12"), "answer_due_at": at("2026-01-19"), **fields}
        made: Offer = Offer.objects.create(
            transition=row, organisation=to, sender_id=row.organisation_id, offered_by=self.world.people["worker"], **given
        )
        return made


def past(world: World) -> Past:
    """Six services that send, the first the world's own, and five that receive."""
    senders = [world.service, *(builders.service(builders.organisation()) for _at in range(5))]
    return Past(world, senders, [world.receiver, *(builders.organisation() for _at in range(4))])
