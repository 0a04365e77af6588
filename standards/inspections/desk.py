"""Inspections in the workspace's frame: their entries in the rail, and what waits for whom."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from standards.inspections.models import Alert, BlindView, Inspection, ReviewRemark

MOST = 50  # of each kind; the list has the rest


def entries(user: Any) -> Iterable[Entry]:
    """For whoever inspects or reviews."""
    if can(user, Can.INSPECT) or can(user, Can.REVIEW_QUALITY):
        yield Entry(_("Inspections"), reverse("inspections:index"), "calendar")
    if can(user, Can.READ):
        yield Entry(_("Inspections of our services"), reverse("inspections:ours"), "eye")


def needs(user: Any) -> Iterable[Need]:
    """Declarations first: nothing else opens without them."""
    if can(user, Can.INSPECT):
        yield from _declarations(user)
    if can(user, Can.LEAD_INSPECTION):
        yield from _conflicts(user)
        yield from _alerts(user)
        yield from _steps(user)
    if can(user, Can.INSPECT):
        yield from _remarks(user)
    if can(user, Can.REVIEW_QUALITY):
        yield from _reviews(user)
    if can(user, Can.MANAGE_SERVICES):
        yield from _concerns(user)


def _declarations(user: Any) -> Iterable[Need]:
    for row in Inspection.objects.waiting_for_declaration(user).order_by("starts_on")[:MOST]:
        link = reverse("inspections:declare", args=[row.pk])
        yield Need(
            row.number, link, row.starts_on, 85, kind(), _("You are on the team: say first whether there is a conflict of interest.")
        )


def _conflicts(user: Any) -> Iterable[Need]:
    for row in Inspection.objects.with_conflict_to_decide(user).order_by("starts_on")[:MOST]:
        link = reverse("inspections:team", args=[row.pk])
        yield Need(row.number, link, row.starts_on, 80, kind(), _("Somebody declared a conflict of interest: decide about it."))


def _steps(user: Any) -> Iterable[Need]:
    """What the lead of an inspection does next, by its state."""
    for row in Inspection.objects.led_by(user).under_way().select_related("regime").order_by("starts_on")[:MOST]:
        link = reverse("inspections:show", args=[row.pk])
        if row.status in (Inspection.Status.PLANNED, Inspection.Status.NOTIFIED):
            yield Need(row.number, link, row.starts_on, 60, kind(), _("The visit begins on this day: look whether everything is ready."))
        elif row.status == Inspection.Status.FIELDWORK:
            yield Need(row.number, link, row.ends_on, 60, kind(), _("The visit ends on this day: give feedback, and note it."))
        elif row.status == Inspection.Status.FEEDBACK_GIVEN and (due := row.report_due()):
            yield Need(row.number, link, due.day, 65, kind(), _("The draft of the report should be ready by this day: begin it."))


def _alerts(user: Any) -> Iterable[Need]:
    for alert in Alert.objects.unseen_by_lead(user).select_related("finding")[:MOST]:
        link = reverse("inspections:finding", args=[alert.inspection_id, alert.finding_id])
        yield Need(alert.finding.code, link, None, 100, kind(), _("A serious concern was raised: act now."))


def _remarks(user: Any) -> Iterable[Need]:
    """One line for each inspection whose reviewer said something that is open."""
    open_ones = ReviewRemark.objects.filter(settled_at__isnull=True).values("inspection")
    for row in Inspection.objects.opened_to(user).filter(pk__in=open_ones, status=Inspection.Status.REPORTING)[:MOST]:
        yield Need(row.number, reverse("inspections:review", args=[row.pk]), None, 60, kind(), _("The quality reviewer wrote remarks."))


def _reviews(user: Any) -> Iterable[Need]:
    """What waits for a second view, or for a review: until something was approved."""
    rows = Inspection.objects.reviewable_by(user).filter(status=Inspection.Status.REPORTING, approvals__isnull=True)
    blind = set(BlindView.objects.waiting().filter(inspection__in=rows.values("pk")).values_list("inspection", flat=True))
    for row in rows[:MOST]:
        if row.pk in blind:
            yield Need(
                row.number, reverse("inspections:blind", args=[row.pk]), None, 65, kind(), _("Findings wait for your second, blind view.")
            )
        else:
            yield Need(
                row.number, reverse("inspections:review", args=[row.pk]), None, 60, kind(), _("Its judgements wait for your review.")
            )


def _concerns(user: Any) -> Iterable[Need]:
    for alert in Alert.objects.told_to(user).filter(provider_seen_at__isnull=True).select_related("inspection__service")[:MOST]:
        link = reverse("inspections:announced", args=[alert.inspection_id])
        yield Need(str(alert.inspection.service), link, None, 100, kind(), _("The inspectors have a serious concern: act now."))


def kind() -> str:
    """What these needs are filtered by."""
    return _("Inspections")
