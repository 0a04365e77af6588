"""The door of every page about one report: strangers find nothing, whoever may read but not act is refused."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from standards.reports import permissions
from standards.reports.models import ActionItem, Rendition, Report, Statement


def seen(request: HttpRequest, pk: UUID) -> Report:
    """A report that this person may see now. Anything else is not there (404)."""
    found: Report = get_object_or_404(Report.objects.visible_to(request.user).in_full(), pk=pk)
    return found


def inside(request: HttpRequest, pk: UUID) -> Report:
    """As ``seen``, for the team and its reviewers: for the provider and a publisher the live text is not there."""
    found = seen(request, pk)
    if not permissions.reads_inside(request.user, found):
        raise Http404
    return found


def statement(request: HttpRequest, pk: UUID) -> Statement:
    """A statement of a report that this person reads from inside."""
    rows = Statement.objects.of_visible(request.user).select_related("standard", "by")
    found: Statement = get_object_or_404(rows, pk=pk)
    found.report = seen(request, found.report_id)
    return found


def item(request: HttpRequest, pk: UUID) -> ActionItem:
    """An item of a report that this person sees."""
    rows = ActionItem.objects.of_visible(request.user)
    found: ActionItem = get_object_or_404(rows, pk=pk)
    found.report = seen(request, found.report_id)
    return found


def rendition(request: HttpRequest, pk: UUID) -> Rendition:
    """A rendition that this person prepares or checks."""
    found: Rendition = get_object_or_404(Rendition.objects.of_visible(request.user).in_full(), pk=pk)
    found.version.report = seen(request, found.version.report_id)
    if not permissions.can_prepare(request.user, found.version.report):
        raise Http404
    return found
