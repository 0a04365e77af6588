"""Transitions in the workspace's frame: entries in the rail, and what waits for somebody. No word about her, and no reference."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Value
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from providers.transitions.codes import Item
from providers.transitions.consent_permissions import held_now
from providers.transitions.follow_up_forms import POINT_WORDS
from providers.transitions.models import Disclosure, FollowUp, Offer, Question, Recall, Transition

MOST = 200  # the list has the rest
SOON, SOON_TO_ASK = 7, 3  # days before a date of a case, before a point of follow-up


def entries(user: Any) -> Iterable[Entry]:
    """The list and the board for who reads a provider's work; the counts for who oversees."""
    if can(user, Can.READ):
        yield Entry(_("Transitions"), reverse("transitions:index"), "handover")
        yield Entry(_("Nobody in the gap"), reverse("transitions:gap"), "steps")
    if can(user, Can.READ_AGGREGATES):
        yield Entry(_("Transitions in numbers"), reverse("transitions:counts"), "handover")


def needs(user: Any) -> Iterable[Need]:
    """Everything that waits here for this person, of whatever kind: one query."""
    if not can(user, Can.ASSESS):
        return
    first, *others = _waiting(user)
    for kind, of, pk, day, code in first.union(*others, all=True).order_by("need_day")[:MOST]:
        yield _need(kind, of, pk, day, code)


def _row(rows: Any, kind: str, of: str, day: Any, code: Any = None) -> Any:
    """What the union needs of ``rows``: which kind, of which record, which row, by when, and a code to name it by."""
    named = {"need_kind": Value(kind, output_field=CharField()), "need_of": F(of), "need_pk": F("pk"), "need_day": day}
    named["need_code"] = code or Value("", output_field=CharField())
    return rows.order_by().annotate(**named).values_list(*named)


def _waiting(user: Any) -> list[Any]:
    """Offers to answer, people to meet, questions, dates, what is with the manager, recalls, reviews, people to ask."""
    today = timezone.localdate()
    mine, sent = Offer.objects.received_by(user, Can.ASSESS), Offer.objects.sent_by(user, Can.ASSESS).live()
    running = Transition.objects.held_by(user, Can.ASSESS).running()
    to_ask = FollowUp.objects.to_ask(today + timedelta(days=SOON_TO_ASK)).filter(transition__in=held_now(user, Can.ASSESS))
    return [
        _row(mine.filter(status=Offer.Status.OFFERED), "offer", "transition_id", TruncDate("answer_due_at")),
        _row(mine.filter(status=Offer.Status.ACCEPTED, answered_by=user), "meet", "transition_id", F("start_on")),
        _row(
            Question.objects.filter(offer__in=sent, answered_at=None, offer__transition__worker=user),
            "question", "offer__transition_id", TruncDate("at"),
        ),
        _row(running.filter(worker=user, next_due_on__lte=today + timedelta(days=SOON)), "date", "pk", F("next_due_on")),
        _row(
            Transition.objects.held_by(user, Can.APPROVE).filter(status=Transition.Status.ESCALATED), "decide", "pk", F("next_due_on")
        ),
        _row(Recall.objects.addressed_to(user, Can.ASSESS).open(), "recall", "pk", TruncDate("sent_at"), F("item__item")),
        _row(Disclosure.objects.to_review_by(user), "review", "transition_id", TruncDate("at")),
        _row(to_ask.filter(transition__worker=user), "ask", "transition_id", F("due_on"), F("point")),
    ]  # fmt: skip


def _need(kind: str, of: UUID, pk: UUID, day: date | None, code: str) -> Need:
    """One of them in words."""
    if kind == "recall":
        title, weight = _("Taken back: %(item)s") % {"item": Item(code).label}, 90
        return Need(
            title,
            reverse("consent:answer", args=[pk]),
            day,
            weight,
            _("Transitions"),
            _("Delete it everywhere and confirm, or state a ground."),
        )
    if kind == "review":
        address = reverse("consent:review", args=[of, pk])
        return Need(_("Shared without agreement"), address, day, 95, _("Transitions"), _("A second person has to look at it."))
    if kind == "ask":
        title = _("Ask how she is: %(when)s") % {"when": POINT_WORDS[code]}
        return Need(title, reverse("consent:follow_up", args=[of]), day, 70, _("Transitions"), _("She chose to be asked then."))
    title, weight, reason = {
        "offer": (_("An offer to answer"), 90, _("A service asks whether you can take somebody over.")),
        "meet": (_("Somebody to meet"), 95, _("You accepted. Say when you have met her.")),
        "question": (_("A question about an offer"), 85, _("They need it to decide.")),
        "date": (_("A date of somebody you support"), 80, _("You are her worker.")),
        "decide": (_("A transition to decide about"), 95, _("It was put before the manager.")),
    }[kind]
    return Need(title, reverse("transitions:show", args=[of]), day, weight, _("Transitions"), reason)
