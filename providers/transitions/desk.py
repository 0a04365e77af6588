"""Transitions in the workspace's frame: entries in the rail, what waits for somebody, the gap on the start page."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from providers.transitions.models import Offer, Question, Transition

MOST = 50  # of each kind: the list has the rest


def entries(user: Any) -> Iterable[Entry]:
    """The list and the board for who reads a provider's work; the counts for who oversees."""
    if can(user, Can.READ):
        yield Entry(_("Transitions"), reverse("transitions:index"), "handover")
        yield Entry(_("Nobody in the gap"), reverse("transitions:gap"), "steps")
    if can(user, Can.READ_AGGREGATES):
        yield Entry(_("Transitions in numbers"), reverse("transitions:counts"), "handover")


def needs(user: Any) -> Iterable[Need]:
    """Offers and questions to answer, people to meet, dates of one's own cases, what is with the manager. No reference stands here."""
    if not can(user, Can.ASSESS):
        return
    kind = _("Transitions")
    mine = Offer.objects.received_by(user, Can.ASSESS)
    for offer in mine.filter(status=Offer.Status.OFFERED)[:MOST]:
        due = timezone.localdate(offer.answer_due_at)
        yield Need(
            _("An offer to answer"), _address(offer.transition_id), due, 90, kind, _("A service asks whether you can take somebody over.")
        )
    for offer in mine.filter(status=Offer.Status.ACCEPTED, answered_by=user)[:MOST]:
        yield Need(
            _("Somebody to meet"), _address(offer.transition_id), offer.start_on, 95, kind, _("You accepted. Say when you have met her.")
        )
    asked = Question.objects.filter(offer__in=Offer.objects.sent_by(user, Can.ASSESS).live(), answered_at=None)
    for question in asked.filter(offer__transition__worker=user).select_related("offer")[:MOST]:
        yield Need(_("A question about an offer"), _address(question.offer.transition_id), None, 85, kind, _("They need it to decide."))
    yield from _of_cases(user, kind)


def _of_cases(user: Any, kind: str) -> Iterable[Need]:
    soon = timezone.localdate() + timedelta(days=7)
    for row in Transition.objects.held_by(user, Can.ASSESS).running().filter(worker=user, next_due_on__lte=soon)[:MOST]:
        yield Need(_("A date of somebody you support"), _address(row.pk), row.next_due_on, 80, kind, _("You are her worker."))
    for row in Transition.objects.held_by(user, Can.APPROVE).filter(status=Transition.Status.ESCALATED)[:MOST]:
        yield Need(_("A transition to decide about"), _address(row.pk), row.next_due_on, 95, kind, _("It was put before the manager."))


def _address(pk: Any) -> str:
    return reverse("transitions:show", args=[pk])
