"""What a service's own transitions can show in its self-assessment (B13): true counts, for people of that service and nobody else.

A count of one service has one contributor, so the rule for figures about many shows none of it to anybody outside. Inspectors and
commissioners get nothing from here; what the service writes in an answer is its own choice.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DateField, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.audit.models import Event
from providers.organisations.permissions import can
from providers.services.models import Service
from providers.transitions.codes import DeclineReason, Destination
from providers.transitions.models import Check, Clock, FollowUp, Offer, Transition

PERIOD = timedelta(days=365)
SUBJECT = Transition._meta.label_lower
DUE_ON = Coalesce("letter_on", "computed_on", output_field=DateField())

# What each count is of, if it is not all that were begun.
WHOLES = {
    "planned_in_time": "begun", "agreed": "begun", "answered_in_time": "offered", "declined": "offered", "met": "left", "meeting": "left",
    "asked_7d": "wanted_7d", "asked_28d": "wanted_28d", "asked_3m": "wanted_3m", "taken_back": "asked_back",
}  # fmt: skip
WORDS: dict[str, Any] = {
    "begun": _("Transitions planned"),
    "planned_in_time": _("Planning began in time"),
    "agreed": _("Sharing agreed, before anything was shared"),
    "offered": _("Offered to a next service"),
    "answered_in_time": _("Accepted within the time for an answer"),
    "declined": _("Declined at least once"),
    "meeting": _("Joint meeting held before the move"),
    "left": _("Left"),
    "met": _("Met by the next service"),
    "legal_missed": _("A legal date was missed"),
    "lost": _("Contact lost"),
    "asked_7d": _("Asked after 7 days how it goes"),
    "asked_28d": _("Asked after 28 days how it goes"),
    "asked_3m": _("Asked after 3 months how it goes"),
    "asked_back": _("Asked to come back"),
    "taken_back": _("Taken back"),
    "returned": _("Moved by voluntary return"),
} | {f"declined_{reason.value}": reason.label for reason in DeclineReason}  # fmt: skip


@dataclass(frozen=True)
class Own:
    """A count of one's own. ``whole``: of how many, where that says something."""

    key: str
    label: Any
    count: int
    whole: int | None = None


def of_service(user: Any, service: Service, until: date | None = None) -> dict[str, Own]:
    """Counts of the transitions that this service began in the year up to ``until``, by key. Nothing for anybody else. One query."""
    if not can(user, Can.READ, service.organisation_id):
        return {}
    last = until or timezone.localdate()
    rows = Transition.objects.filter(service=service, created_at__date__gt=last - PERIOD, created_at__date__lte=last)
    rows = rows.exclude(status=Transition.Status.PURGING).exclude(status__in=("draft", "cancelled", "expired"))
    asked = _questions(last)
    counts = rows.aggregate(begun=Count("pk"), **{name: Count("pk", filter=Q(question)) for name, question in asked.items()})
    return {key: Own(key, label, counts[key], counts.get(WHOLES.get(key, ""))) for key, label in WORDS.items()}


def _questions(last: date) -> dict[str, Any]:
    clocks, offers = Clock.objects.filter(transition=OuterRef("pk")), Offer.objects.filter(transition=OuterRef("pk"))
    checks = Check.objects.filter(transition=OuterRef("pk"), state="done")
    legal = clocks.filter(kind__in=_legal(), dropped_at__isnull=True).annotate(need_on=DUE_ON, done_on=TruncDate("met_at"))
    planned = clocks.filter(kind="plan_started").annotate(need_on=DUE_ON, done_on=TruncDate("met_at"))
    left = Q(Exists(_came_into("moved")))
    found = {
        "planned_in_time": Exists(planned.filter(done_on__lte=F("need_on"))),
        "agreed": Exists(_came_into("consented")),
        "offered": Exists(offers),
        "answered_in_time": Exists(offers.filter(start_on__isnull=False, answered_at__lte=F("answer_due_at"))),
        "declined": Exists(offers.exclude(decline_reason="")),
        "left": left,
        "meeting": left & Q(Exists(checks.filter(key="joint_meeting"))),
        "met": left & Q(Exists(offers.filter(contact_at__isnull=False))),
        "legal_missed": Exists(legal.filter(Q(done_on__gt=F("need_on")) | Q(done_on__isnull=True, need_on__lt=last))),
        "lost": Exists(_came_into("contact_lost")),
        "asked_back": Exists(_came_into("re_entry_requested")),
        "taken_back": Exists(_came_into("closed_reentered") | _trail().filter(verb=f"{SUBJECT}.take_back")),
        "returned": left & Q(destination=Destination.RETURN),
    }
    found |= {f"declined_{reason}": Exists(offers.filter(decline_reason=reason)) for reason in DeclineReason.values}
    return found | _follow_ups(last)


def _follow_ups(last: date) -> dict[str, Any]:
    due = FollowUp.objects.filter(transition=OuterRef("pk"), is_wanted=True, due_on__lte=last)
    found = {}
    for point in ("7d", "28d", "3m"):
        found[f"wanted_{point}"] = Exists(due.filter(point=point))
        found[f"asked_{point}"] = Exists(due.filter(point=point, done_at__isnull=False))
    return found


def _trail() -> Any:
    return Event.objects.filter(subject_type=SUBJECT, subject_id=OuterRef("pk")).order_by()


def _came_into(state: str) -> Any:
    return _trail().filter(after=state)


def _legal() -> tuple[str, ...]:
    """The clocks that stand for a date in law, in every pathway so far."""
    return ("reconsideration_nrm", "reconsideration_vts", "domestic_worker", "injuries_claim")
