"""The list of reports, one report, its history; and beginning or correcting one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.recent import recent_sign_in_required
from portal.audit.history import history_page
from portal.workspace.posting import posted, taken
from standards.inspections.models import Inspection
from standards.reports import building, deadlines, permissions, reading
from standards.reports.forms.steps import ReasonForm
from standards.reports.models import Rendition, Report
from standards.reports.views import access

PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Reports this person may see, inspections that wait for one, and what was issued to their organisation."""
    rows = Report.objects.visible_to(request.user).select_related("inspection__service", "inspection__provider").order_by("-created_at")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "waiting": reading.without_report(request.user),
        "issued": Rendition.objects.issued_to(request.user).in_full().order_by("-made_at")[:PAGE],
        "now": timezone.now(),
    }
    return render(request, "standards/reports/index.html", context)


@require_POST
def begin(request: HttpRequest, inspection: UUID) -> HttpResponse:
    """Make the first text of an inspection's report."""
    found = get_object_or_404(Inspection.objects.opened_to(request.user).select_related("service", "regime__edition"), pk=inspection)
    try:
        report = building.begin(found, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("reports:index")
    messages.success(request, _("The first text is there. Every finding has its statement; edit them now."))
    return redirect("reports:show", report.pk)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The live text for those who write and review it, the frozen one for the provider and publishers."""
    report = access.seen(request, pk)
    if permissions.reads_inside(request.user, report):
        return render(request, "standards/reports/show.html", _around(request, report) | reading.working(report, request.user))
    version = report.version_for_provider()
    if version is None:
        raise Http404
    context = _around(request, report) | reading.frozen(report, version, request.user)
    return render(request, "standards/reports/frozen.html", context)


def _around(request: HttpRequest, report: Report) -> dict[str, Any]:
    now, regime = timezone.now(), report.inspection.regime
    return {
        "report": report, "now": now, "is_late": report.is_late(now), "steps": reading.steps(report, request.user),
        "days_left": deadlines.days_left(regime, report.due_at, now) if report.due_at else None,
        "may_correct": report.status in Report.ISSUED and permissions.can_lead(request.user, report),
    }  # fmt: skip


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened to a report, for those inside."""
    report = access.inside(request, pk)
    crumbs = [(reverse("reports:index"), _("Inspection reports")), (reverse("reports:show", args=[pk]), report.title)]
    return history_page(request, report, crumbs=crumbs)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a corrected report: a new one that goes through the same states."""
    report = access.seen(request, pk)
    if not permissions.can_lead(request.user, report):
        raise PermissionDenied
    form = ReasonForm(posted(request), report=report)
    made: list[Report] = []
    if form.is_valid() and taken(form, lambda: made.append(building.correct(report, form.cleaned_data["reason"], by=request.user))):
        return redirect("reports:show", made[0].pk)
    context = {"report": report, "form": form, "back": reverse("reports:show", args=[pk])}
    return render(request, "standards/reports/correct.html", context, status=422 if form.is_bound else 200)
