"""One page for every step of a report: what will happen, what is asked, and then it is done."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.recent import recent_sign_in_required
from portal.steps import Step
from portal.workspace.posting import posted, taken
from standards.reports.forms.steps import FORMS, WILL_HAPPEN
from standards.reports.models import Report
from standards.reports.views import access


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """A step by its name. A grave one asks for a recent sign-in."""
    report = access.seen(request, pk)
    if name not in FORMS:
        raise Http404
    found = Report.STEPS[name]
    found.check(report, request.user)
    return _grave(request, report, found) if found.is_grave else _take(request, report, found)


def _take(request: HttpRequest, report: Report, found: Step) -> HttpResponse:
    form = FORMS[found.name](posted(request), report=report)
    if form.is_valid() and taken(form, lambda: getattr(report, found.name)(*form.arguments(), by=request.user)):
        messages.success(request, _("Done: %(step)s. The report is now “%(state)s”.") % {
            "step": found.label, "state": report.get_status_display(),
        })  # fmt: skip
        place = _place(request, report)
        return redirect("reports:show" if place else "reports:index", *place)
    context = {
        "report": report, "form": form, "step": found, "will_happen": WILL_HAPPEN[found.name], "back": reverse("reports:show",
        args=[report.pk]),
    }  # fmt: skip
    return render(request, "standards/reports/step.html", context, status=422 if form.is_bound else 200)


def _place(request: HttpRequest, report: Report) -> list[UUID]:
    """To the report, unless the step took it out of this person's sight."""
    return [report.pk] if Report.objects.visible_to(request.user).contains(report) else []


_grave = recent_sign_in_required(_take)
