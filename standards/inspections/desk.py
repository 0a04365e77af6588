"""Inspections in the workspace's frame: their entries in the rail, and what waits for whom."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from standards.inspections.models import Inspection

MOST = 50  # of each kind; the list has the rest


def entries(user: Any) -> Iterable[Entry]:
    """For whoever inspects or reviews."""
    if can(user, Can.INSPECT) or can(user, Can.REVIEW_QUALITY):
        yield Entry(_("Inspections"), reverse("inspections:index"), "calendar")


def needs(user: Any) -> Iterable[Need]:
    """Declarations first: nothing else opens without them."""
    if can(user, Can.INSPECT):
        yield from _declarations(user)
    if can(user, Can.LEAD_INSPECTION):
        yield from _conflicts(user)
        yield from _steps(user)


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


def kind() -> str:
    """What these needs are filtered by."""
    return _("Inspections")
