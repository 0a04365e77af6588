"""What a provider sees of inspections of its services before a report: that they are announced or under way, and alerts."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.roles import Can
from providers.organisations.permissions import can
from standards.inspections import recording
from standards.inspections.models import Alert, Inspection


@require_safe
def ours(request: HttpRequest) -> HttpResponse:
    """Inspections of one's own services. An unannounced one is not there before the visit."""
    if not can(request.user, Can.READ):
        raise PermissionDenied
    rows = Inspection.objects.announced_to(request.user).in_full().order_by("-starts_on")
    return render(request, "standards/inspections/ours.html", {"rows": rows})


@require_safe
def announced(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them: when, by whom, which standards; and what must not wait for the report."""
    inspection: Inspection = get_object_or_404(Inspection.objects.announced_to(request.user).in_full(), pk=pk)
    alerts = Alert.objects.told_to(request.user).filter(inspection=inspection).select_related("finding__standard", "provider_seen_by")
    context = {"inspection": inspection, "standards": inspection.standards(), "lead": inspection.lead(), "alerts": alerts}
    return render(request, "standards/inspections/announced.html", context)


@require_POST
def provider_seen(request: HttpRequest, pk: UUID, alert: UUID) -> HttpResponse:
    """A manager has read a serious concern."""
    row: Alert = get_object_or_404(Alert.objects.told_to(request.user).filter(inspection=pk), pk=alert)
    recording.seen_by_provider(row, by=request.user)
    messages.success(request, _("Noted. The inspectors see that you have read it."))
    return redirect("inspections:announced", pk)
