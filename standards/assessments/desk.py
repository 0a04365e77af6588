"""Self-assessments in the workspace's frame: their entries in the rail, and what waits for somebody."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need, Panel
from providers.organisations.permissions import can
from providers.services.models import Service
from standards.assessments import addresses
from standards.assessments.models import Answer, Assessment, Remark, Section

SOON = 14  # days before its date a draft is named
NEW = 30  # days for which something shared is new
MOST = 50  # of each kind; the list has the rest


def entries(user: Any) -> Iterable[Entry]:
    """One's own assessments, and those that others share."""
    if can(user, Can.READ):
        yield Entry(_("Self-assessments"), reverse("assessments:index"), "tick")
    if can(user, Can.READ_SHARED):
        yield Entry(_("Shared with us"), reverse("assessments:shared_with_us"), "list")


def needs(user: Any) -> Iterable[Need]:
    """Returned answers and chapters first, then reviews, then what is due, then what was shared. A query for each that may apply."""
    if can(user, Can.ASSESS):
        yield from _remarks(user)
        yield from _sections(user)
        yield from _drafts(user)
    if can(user, Can.APPROVE):
        yield from _reviews(user)
    if can(user, Can.READ_SHARED):
        yield from _shared(user)


def panels(user: Any) -> Iterable[Panel]:
    """Where to begin, for whoever has begun nothing yet: what is to be judged, then judging it."""
    if not can(user, Can.ASSESS) or Assessment.objects.where(user, Can.ASSESS).exists():
        return
    has_service = Service.objects.where(user, Can.ASSESS).filter(status=Service.Status.OPEN).exists()
    if has_service or can(user, Can.MANAGE_SERVICES):
        yield Panel(_("Where to begin"), "standards/assessments/where_to_begin.html", {"has_service": has_service})


def _remarks(user: Any) -> Iterable[Need]:
    """One click to the answer itself, with what was said in place (C48)."""
    for remark in Remark.objects.waiting_for(user).select_related("answer__indicator", "assessment")[:MOST]:
        assert remark.answer is not None  # noqa: S101 - asked for by ``waiting_for``
        title = f"{remark.answer.indicator.code}: {remark.text[:80]}"
        yield Need(
            title, addresses.of_answer(remark.answer), remark.assessment.due_on, 75, _kind(), _("There is a remark about your answer.")
        )


def _sections(user: Any) -> Iterable[Need]:
    for row in Section.objects.waiting_for(user).select_related("chapter", "assessment")[:MOST]:
        link = reverse("assessments:chapter", args=[row.assessment_id, row.chapter.code])
        is_back = row.status == Section.Status.RETURNED
        reason = _("It was returned to you: the remarks say why.") if is_back else _("You were given this chapter.")
        yield Need(f"{row.chapter.title} · {row.assessment.title}", link, row.due_on or row.assessment.due_on, 70, _kind(), reason)


def _drafts(user: Any) -> Iterable[Need]:
    until = timezone.localdate() + timedelta(days=SOON)
    mine = Assessment.objects.where(user, Can.ASSESS).filter(status=Assessment.Status.DRAFT, due_on__lte=until)
    for row in mine.order_by("due_on")[:MOST]:
        yield Need(row.title, addresses.of_assessment(row), row.due_on, 60, _kind(), _("It is to be finished by then."))


def _reviews(user: Any) -> Iterable[Need]:
    """Only what somebody else had a part in: nobody approves what they alone wrote (``Assessment.is_only_author``)."""
    wrote = Q(answered_by__isnull=False, answered_at__gte=OuterRef("created_at")) & ~Q(answered_by=user)
    others = Answer.objects.filter(wrote | (Q(confirmed_by__isnull=False) & ~Q(confirmed_by=user)), assessment=OuterRef("pk"))
    waiting = Assessment.objects.where(user, Can.APPROVE).filter(Exists(others), status=Assessment.Status.IN_REVIEW)
    for row in waiting.order_by("submitted_at")[:MOST]:
        reason = _("It waits for your review.")
        yield Need(row.title, reverse("assessments:review", args=[row.pk]), row.due_on, 65, _kind(), reason)


def _shared(user: Any) -> Iterable[Need]:
    since = timezone.now() - timedelta(days=NEW)
    fresh = Assessment.objects.shared_with(user).filter(shares__ended_at__isnull=True, shares__shared_at__gte=since)
    for row in fresh.distinct().select_related("organisation").order_by("title")[:MOST]:
        link = reverse("assessments:frozen_copy", args=[row.pk, row.revision])
        yield Need(f"{row.title} · {row.organisation}", link, None, 30, _kind(), _("It was shared with your organisation."))


def _kind() -> str:
    return _("Self-assessments")
