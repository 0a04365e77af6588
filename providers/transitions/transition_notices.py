"""Who is told of transitions and offers: the asked service, the sender, the worker of legal dates, managers of what stands in the gap."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can, roles_that
from portal.audit.history import call
from portal.audit.models import Event
from portal.audit.notices import Telling, forget, on, remind, say
from providers.organisations.models import Membership
from providers.transitions import clocks
from providers.transitions.looking import GUESSING, PACE
from providers.transitions.models import Offer, Transition
from providers.transitions.tasks import managers_of

say("transitions.offer_came", _("Another service asks whether you can take somebody over."))
say("transitions.offer_answered", _("A service has answered your offer."))
say("transitions.question_came", _("A service has a question about an offer."))
say("transitions.question_answered", _("Your question about an offer has been answered."))
say("transitions.offer_ended", _("An offer to you was taken back or has ended."))
say("transitions.amended", _("Something that was sent to you has been changed."))
say("transitions.was_met", _("The next service has met somebody you supported. It is responsible now."))
say("transitions.escalated", _("A transition is with you for a decision."))
say("transitions.legal_in_a_week", _("A legal date of somebody you support is in a week."))
say("transitions.legal_in_two_days", _("A legal date of somebody you support is in two days."))
say("transitions.draft_ends", _("A draft of a transition ends in two weeks if nobody goes on with it."))
say("transitions.many_looks", _("Somebody in your organisation opened more than thirty records within an hour."))
say("transitions.guessing", _("Somebody in your organisation typed twenty references within an hour under which there is nothing."))
say("transitions.gap_unanswered", _("An offer has waited too long for its answer."))
say("transitions.gap_not_met", _("Somebody was accepted and has not been met yet."))
say("transitions.gap_past_due", _("A date of a transition has passed."))
say("transitions.gap_lost", _("Contact with somebody is lost."))

call("transitions.transition.begin", _("Begun"))
call("transitions.transition.contact_erased", _("Contact details erased"))
call("transitions.transition.told", _("Everything was told to her"))
call("transitions.section.write", _("Wrote a part of the record"))
call("transitions.section.amend", _("Changed a part of the record after it was sent"))
call("transitions.check.answer", _("Answered a point of the checklist"))
call("transitions.clock.set", _("Set a date"))
call(PACE, _("Opened more than thirty records within an hour"))

BEFORE = {"legal_in_a_week": 7, "legal_in_two_days": 2}


def link_of(row: Transition | Any) -> str:
    """The record's page."""
    return reverse("transitions:show", args=[getattr(row, "transition_id", row.pk)])


def workers_of(organisation: Any) -> Any:
    """Who works on cases there."""
    members = Membership.objects.current().filter(organisation=organisation, role__in=roles_that(Can.ASSESS))
    return User.objects.filter(pk__in=members.values("user"))


def _offer(event: Event) -> Offer | None:
    found: Offer | None = Offer.objects.select_related("transition__worker").filter(pk=event.subject_id).first()
    return found


def _to_receiver(offer: Offer | None, kind: str) -> Iterable[Telling]:
    """The one who accepted, or everybody there who could."""
    if offer is not None and offer.organisation_id:
        people = [offer.answered_by] if offer.answered_by else workers_of(offer.organisation_id)
        yield from (Telling(person, kind, link_of(offer)) for person in people)


def _to_sender(offer: Offer | None, kind: str) -> Iterable[Telling]:
    if offer is not None:
        yield Telling(offer.transition.worker, kind, link_of(offer))


@on("transitions.offer.send")
def offer_came(event: Event) -> Iterable[Telling]:
    """Those who can answer."""
    return _to_receiver(_offer(event), "transitions.offer_came")


@on("transitions.offer.accept", "transitions.offer.accept_by_phone", "transitions.offer.decline", "transitions.offer.expire")
def answered(event: Event) -> Iterable[Telling]:
    """Her worker."""
    return _to_sender(_offer(event), "transitions.offer_answered")


@on("transitions.offer.ask")
def question_came(event: Event) -> Iterable[Telling]:
    """Her worker."""
    return _to_sender(_offer(event), "transitions.question_came")


@on("transitions.offer.reply")
def question_answered(event: Event) -> Iterable[Telling]:
    """The service that asked."""
    return _to_receiver(_offer(event), "transitions.question_answered")


@on("transitions.offer.withdraw", "transitions.offer.end")
def offer_ended(event: Event) -> Iterable[Telling]:
    """The service that was asked; the link leads to its list, the record is out of its sight."""
    for telling in _to_receiver(_offer(event), "transitions.offer_ended"):
        yield Telling(telling.to, telling.kind, reverse("transitions:index"))


@on("transitions.offer.confirm_contact", "transitions.offer.confirm_by_phone")
def was_met(event: Event) -> Iterable[Telling]:
    """Her worker until now."""
    return _to_sender(_offer(event), "transitions.was_met")


@on("transitions.section.amend")
def amended(event: Event) -> Iterable[Telling]:
    """The service it was sent to (C34), unless the change is its own."""
    for offer in Offer.objects.live().filter(transition=event.subject_id).select_related("answered_by"):
        yield from _to_receiver(offer, "transitions.amended")


@on("transitions.transition.escalate")
def escalated(event: Event) -> Iterable[Telling]:
    """The managers of the responsible service."""
    row = Transition.objects.filter(pk=event.subject_id).first()
    if row:
        for person in managers_of([row.holder_id]):
            yield Telling(person, "transitions.escalated", link_of(row))


@on(PACE)
def many_looks(event: Event) -> Iterable[Telling]:
    """The managers of whoever looked (PERM-17)."""
    theirs = Membership.objects.current().filter(user=event.by_id).values("organisation")
    for person in managers_of(theirs.values_list("organisation", flat=True)):
        yield Telling(person, "transitions.many_looks", reverse("transitions:index"))


@on(GUESSING)
def guessing(event: Event) -> Iterable[Telling]:
    """The managers of the service (AUTH-16)."""
    for person in managers_of([event.subject_id]):
        yield Telling(person, "transitions.guessing", reverse("transitions:index"))


@on("transitions.transition.begin", "transitions.transition.change", "transitions.clock.set")
def legal_reminders(event: Event) -> Iterable[Telling]:
    """Plan the reminders of legal dates anew, for whoever is her worker now."""
    row = Transition.objects.select_related("worker", "pathway").filter(pk=event.subject_id).first()
    if row:
        _plan(row)
    return ()


def _plan(row: Transition) -> None:
    legal = {rule["key"] for rule in clocks.rules_of(row) if rule.get("is_legal")}
    for clock in row.clocks.filter(kind__in=legal):
        for kind, days in BEFORE.items():
            key, day = f"transition:{row.pk}:{clock.kind}:{kind}", clock.due_on - timedelta(days=days)
            if clock.is_open and day > timezone.localdate() and row.status not in Transition.TERMINAL:
                remind(f"transitions.{kind}", to=row.worker, link=link_of(row), at=day, key=key)
            else:
                forget(key)
