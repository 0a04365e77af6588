"""Reports in the workspace's frame: their entry in the rail, and what waits for somebody."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from standards.reports import permissions
from standards.reports.models import GoodPracticeCard, NationalSummary, Reply, Report

INSIDE = (Can.INSPECT, Can.REVIEW_QUALITY, Can.PUBLISH_REPORTS)
READERS = (*INSIDE, Can.READ, Can.READ_SHARED, Can.READ_AGGREGATES)
MOST = 50  # of each kind; the list has the rest


def entries(user: Any) -> Iterable[Entry]:
    """For everybody to whom a report may go."""
    if any(can(user, what) for what in READERS):
        yield Entry(_("Inspection reports"), reverse("reports:index"), "list")
    if permissions.reads_cards(user):
        yield Entry(_("Good practice"), reverse("reports:practice"), "hand")
    if permissions.publishes(user):
        yield Entry(_("National summary"), reverse("reports:national"), "map")


def needs(user: Any) -> Iterable[Need]:
    """The provider's clocks first, then what each role moves on. One query for each side."""
    if can(user, Can.APPROVE):
        yield from _provider(user)
        yield from _offered(user)
    if can(user, Can.PUBLISH_REPORTS):
        yield from _to_check(user)
        yield from _to_release(user)
    if any(can(user, what) for what in INSIDE):
        yield from _inspectorate(user)


def _provider(user: Any) -> Iterable[Need]:
    waiting = (Report.Status.DRAFT_ISSUED, Report.Status.COMMENTS_OPEN, Report.Status.ACTION_PLAN_DUE)
    for row in Report.objects.checked_by(user).filter(status__in=waiting).order_by("due_at")[:MOST]:
        is_plan = row.status == Report.Status.ACTION_PLAN_DUE
        link = reverse("reports:items" if is_plan else "reports:facts", args=[row.pk])
        words = _("Its items wait for your answers.") if is_plan else _("You are asked to check its facts.")
        yield Need(row.title, link, _day(row.due_at), 85, _kind(), words)
    again = Reply.objects.filter(
        statement__report__in=Report.objects.checked_by(user).values("pk"), sent_at__isnull=True, due_at__gte=timezone.now()
    )
    for reply in again.select_related("statement__report")[:MOST]:
        link = f"{reverse('reports:facts', args=[reply.statement.report_id])}#s{reply.statement.number}"
        yield Need(reply.statement.report.title, link, _day(reply.due_at), 85, _kind(), _("A statement was opened again for your answer."))


def _offered(user: Any) -> Iterable[Need]:
    for card in GoodPracticeCard.objects.where(user, Can.APPROVE).filter(status=GoodPracticeCard.Status.OFFERED)[:MOST]:
        words = _("You are asked whether others may learn from this.")
        yield Need(card.title, reverse("reports:card", args=[card.pk]), None, 30, _("Good practice"), words)


def _to_check(user: Any) -> Iterable[Need]:
    rows = GoodPracticeCard.objects.handled_by(user).filter(status=GoodPracticeCard.Status.AGREED)
    for card in rows.select_related("statement__report__inspection")[:MOST]:
        if permissions.can_check_card(user, card):
            link = reverse("reports:card", args=[card.pk])
            yield Need(card.title, link, None, 40, _("Good practice"), _("Its words wait for the disclosure check."))


def _to_release(user: Any) -> Iterable[Need]:
    for row in NationalSummary.objects.waiting_for(user):
        title = _("National summary %(year)s") % {"year": row.year}
        link = reverse("reports:national_show", args=[row.pk])
        yield Need(title, link, None, 40, _kind(), _("Its figures wait for a second person who reads and releases them."))


def _inspectorate(user: Any) -> Iterable[Need]:
    rows = Report.objects.visible_to(user).filter(status__in=WAITS).select_related("inspection").order_by("due_at")
    for row in rows[:MOST]:
        may, words = APPROVED if row.status == Report.Status.INTERNAL_REVIEW and row.reviewed_by_id else WAITS[row.status]
        if may(user, row):
            yield Need(row.title, reverse("reports:show", args=[row.pk]), _day(row.due_at), 70, _kind(), str(words()))


APPROVED: Any = (permissions.can_lead, lambda: _("Its draft is approved: send it to the provider."))
WAITS: dict[str, Any] = {
    "drafting": (permissions.can_draft, lambda: _("It is being drafted.")),
    "internal_review": (permissions.can_review, lambda: _("It waits for your review.")),
    "comments_closed": (permissions.can_review, lambda: _("The provider's comments wait for a decision.")),
    "comments_review": (permissions.can_review, lambda: _("The provider's comments are being decided.")),
    "final_agreed": (permissions.can_publish, lambda: _("It waits for the decision who gets it.")),
    "publication_check": (permissions.can_publish, lambda: _("The check before issue is under way.")),
    "published": (permissions.can_lead, lambda: _("Ask the provider for answers to its items.")),
    "shared_restricted": (permissions.can_lead, lambda: _("Ask the provider for answers to its items.")),
    "withheld": (permissions.can_lead, lambda: _("Ask the provider for answers to its items.")),
    "action_plan_due": (permissions.can_lead, lambda: _("Answers to its items are coming in.")),
    "action_plan_agreed": (permissions.can_lead, lambda: _("Begin to follow up.")),
    "follow_up": (permissions.can_lead, lambda: _("Look what became of its items.")),
}


def _day(at: Any) -> Any:
    return timezone.localdate(at) if at else None


def _kind() -> str:
    return _("Inspection reports")
