"""Turns the transitions of a quarter into cases (``statistics``): from rows and from the audit trail, in memory only (STAT-08).

A case belongs to the quarter in which she left, or in which it ended without that; the trail says when, and nobody can change it. What
happened up to the end of the next quarter is looked at: by then it is known whether she arrived and whether contact was lost.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Min, Prefetch
from django.utils import timezone

from portal.audit.models import Event
from portal.calendar.quarters import Quarter
from providers.transitions.codes import ASYLUM
from providers.transitions.models import ConsentItem, Transition
from providers.transitions.models.steps import ENDED
from providers.transitions.statistics import POINTS, Case

SUBJECT = "transitions.transition"
TRIGGERS = {
    "cg_positive": "positive", "cg_negative": "negative", "rg_negative": "negative", "disqualified": "disqualified",
    "asylum_granted": "asylum", "asylum_refused": "asylum", "turning_18": "turning_18",
}  # fmt: skip
PLACES = dict.fromkeys(ASYLUM, "asylum") | {
    "council_temporary": "council", "council_social_housing": "council", "private_rented": "home", "supported_housing": "home",
    "longer_term_programme": "longer_term", "another_specialist_contract": "specialist", "refuge_domestic_abuse": "specialist",
    "adult_social_care": "specialist", "nhs_inpatient": "specialist", "child_to_adult": "specialist", "charity_or_hosting": "hosting",
    "family_or_friends": "hosting",
}  # fmt: skip
LATE = {"late_plan": "plan_started", "late_offer": "referral_sent", "late_acceptance": "receiver_accepts"}
LEFT_OPEN = frozenset({"open", "waived"})
WEEK, MONTH, THREE_MONTHS = 7, 28, 90


@dataclass(frozen=True)
class Past:
    """What the trail says of one transition."""

    first: Mapping[str, dt.datetime]  # when it first came into a state
    steps: Mapping[str, Mapping[str, Any]]  # the codes of each step's first time

    def days(self, state: str, since: dt.datetime | None) -> int | None:
        """Days from ``since`` to the first time in ``state``."""
        return _days(since, self.first.get(state))


def cases(quarter: Quarter) -> list[Case]:
    """Everybody who left in ``quarter``, or whose transition ended then after it was planned."""
    until = quarter.next.end
    ids = _completed(quarter)
    pasts = _pasts(ids, until)
    return [_case(row, pasts[row.pk], until) for row in _rows(ids)]


def _completed(quarter: Quarter) -> list[UUID]:
    events = Event.objects.filter(subject_type=SUBJECT, after__in=("moved", *ENDED)).exclude(before="draft").order_by()
    firsts = events.values("subject_id").annotate(first=Min("at"))
    return [row["subject_id"] for row in firsts.filter(first__gte=quarter.begin, first__lt=quarter.end)]


def _rows(ids: list[UUID]) -> Iterable[Transition]:
    items = Prefetch("consents__items", ConsentItem.objects.order_by())
    rows = Transition.objects.filter(pk__in=ids).exclude(status=Transition.Status.PURGING).select_related("pathway")
    found: Iterable[Transition] = rows.prefetch_related("offers", "checks", "clocks", "follow_ups", "consents", items).order_by("pk")
    return found


def _pasts(ids: list[UUID], until: dt.datetime) -> dict[UUID, Past]:
    found = {pk: Past({}, {}) for pk in ids}
    events = Event.objects.filter(subject_type=SUBJECT, subject_id__in=ids, at__lt=until).order_by("pk")
    for pk, at, verb, after, codes in events.values_list("subject_id", "at", "verb", "after", "codes"):
        past: Any = found[pk]
        past.first.setdefault(after, at)
        past.steps.setdefault(verb.removeprefix(f"{SUBJECT}."), codes)
    return found


def _case(row: Any, past: Past, until: dt.datetime) -> Case:
    offers = list(row.offers.all())
    receivers = frozenset(str(offer.organisation_id) for offer in offers if offer.organisation_id)
    declined = [offer for offer in offers if offer.decline_reason and offer.answered_at and offer.answered_at < until]
    checks = {check.key: check.state for check in row.checks.all()}
    answers = {
        "trigger": TRIGGERS.get(row.trigger, ""),
        **_way(row, past, offers),
        **_checked(row, past, checks),
        **_afterwards(row, past, offers, until),
        **_late(row, until),
    }
    return Case(
        row.nation, str(row.organisation_id), receivers, answers,
        frozenset(key for key in POINTS if "moved" in past.first and checks.get(key) in LEFT_OPEN),
        tuple((str(offer.organisation_id or offer.pk), offer.decline_reason) for offer in declined),
    )  # fmt: skip


def _way(row: Any, past: Past, offers: list[Any]) -> dict[str, str]:
    """How long each part of the way took, and what stood still."""
    offered = min((offer.offered_at for offer in offers), default=None)
    accepted = past.first.get("accepted")
    began = dt.datetime.combine(row.trigger_on, dt.time(), dt.UTC)
    ran_out = any(offer.status == "expired" for offer in offers)
    return {
        "destination": PLACES.get(row.destination, "") if "moved" in past.first else "",
        "to_plan": _wait(past.days("planning", began)),
        "to_offer": _wait(_days(past.first.get("planning"), offered)),
        "to_answer": _wait(_days(offered, accepted)),
        "to_move": _wait(past.days("moved", accepted)),
        "no_answer": "ran_out" if ran_out else "",
        "exit_passed": "passed" if past.steps.get("escalate", {}).get("because") == "exit_passed" else "",
    }


def _checked(row: Any, past: Past, checks: Mapping[str, str]) -> dict[str, str]:
    """Points of the checklist that are counted by themselves, of people who left; and whether she took back something she had agreed to."""
    withdrawn = any(item.withdrawn_at for consent in row.consents.all() for item in consent.items.all())
    found = {"consent": "withdrawn" if withdrawn else ""}
    if "moved" not in past.first:
        return found
    found["meeting"] = "held" if checks.get("joint_meeting") == "done" else ""
    found["interpreter"] = "booked" if checks.get("interpreter_booked") == "done" else ""
    return found


def _afterwards(row: Any, past: Past, offers: list[Any], until: dt.datetime) -> dict[str, str]:
    """From the move on."""
    moved = past.first.get("moved")
    met = min((offer.contact_at for offer in offers if offer.contact_at and offer.contact_at < until), default=None)
    granted = "take_back" in past.steps or "closed_reentered" in past.first
    asked = "asked" if "re_entry_requested" in past.first else ""
    found = {"return": "granted" if granted else asked, "risk": past.steps.get("flag_risk", {}).get("theme", "")}
    if moved is None:
        return found
    if met is not None:
        found["arrival"] = "in_time" if met <= moved + dt.timedelta(hours=48) else "later"
    lost = past.days("contact_lost", moved)
    found["lost"] = _wait(lost) or ("quarter" if lost is not None and lost <= THREE_MONTHS else "")
    point = next((point for point in row.follow_ups.all() if point.point == "28d" and point.is_wanted), None)
    if point is not None:
        found["follow_up"] = "done" if point.done_at and point.done_at < until else "not_done"
    return found


def _late(row: Any, until: dt.datetime) -> dict[str, str]:
    """Dates that passed before what they are for was done."""
    clocks = {clock.kind: clock for clock in row.clocks.all() if clock.dropped_at is None or clock.met_at}
    late = {kind for kind, clock in clocks.items() if _is_late(clock, until)}
    legal = {rule["key"] for rule in row.pathway.content["clocks"] if rule.get("is_legal")}
    found = {name: "late" for name, kind in LATE.items() if kind in late}
    return found | ({"legal": "missed"} if late & legal else {})


def _is_late(clock: Any, until: dt.datetime) -> bool:
    done = clock.met_at if clock.met_at and clock.met_at < until else until
    return bool(timezone.localdate(done) > clock.due_on)


def _days(since: dt.datetime | None, then: dt.datetime | None) -> int | None:
    if since is None or then is None:
        return None
    return max(0, (timezone.localdate(then) - timezone.localdate(since)).days)


def _wait(days: int | None) -> str:
    if days is None or days > MONTH:
        return ""
    return "week" if days <= WEEK else "month"
