"""Items after issue: answers, agreement, looking again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.workspace.posting import posted, taken
from standards.reports import following, permissions, reading
from standards.reports.editing import Outdated
from standards.reports.forms.answers import FollowUpForm, ResponseForm, SendBackForm
from standards.reports.models import ActionItem, ItemResponse, Report
from standards.reports.views import access


@require_safe
def items(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every item with its answer, what became of it, and how it stands in the provider's own plan."""
    report = access.seen(request, pk)
    if report.status not in report.ISSUED:
        raise Http404
    rows = list(
        report.items.select_related("response__by", "response__agreed_by", "repeats").prefetch_related("findings", "follow_ups__by")
    )
    plans = following.actions_of(rows)
    is_lead, is_provider = permissions.can_lead(request.user, report), permissions.can_answer(request.user, report)
    context = {
        "report": report, "rows": [(row, plans.get(row.pk)) for row in rows], "is_lead": is_lead, "steps": reading.steps(report,
        request.user),
        "may_answer": is_provider and report.status == Report.Status.ACTION_PLAN_DUE,
        "may_agree": is_lead and report.status == Report.Status.ACTION_PLAN_DUE,
        "may_follow": is_lead and report.status == Report.Status.FOLLOW_UP,
    }  # fmt: skip
    return render(request, "standards/reports/items.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The provider's one answer to an item."""
    row = access.item(request, pk)
    if not permissions.can_answer(request.user, row.report):
        raise PermissionDenied
    if row.report.status not in row.report.ISSUED:
        raise Http404
    old = getattr(row, "response", None)
    names = ("answer", "reason", "what", "due_on", "version")
    form = ResponseForm(posted(request), initial={name: getattr(old, name) for name in names} if old else {"version": 0})
    theirs = None
    if form.is_valid():
        try:
            if taken(form, lambda: following.respond(row, form.cleaned_data, base=form.cleaned_data["version"], by=request.user)):
                messages.success(request, _("Your answer is there. What you accept stands in your action plan."))
                return redirect("reports:items", row.report_id)
        except Outdated as newer:
            theirs = newer.row
            data = request.POST.copy()
            data["version"] = str(theirs.version)
            form = ResponseForm(data)
    context: dict[str, Any] = {"report": row.report, "item": row, "form": form, "old": old, "theirs": theirs}
    return render(request, "standards/reports/respond.html", context, status=409 if theirs else 422 if form.is_bound else 200)


def _response(request: HttpRequest, pk: UUID) -> tuple[ActionItem, ItemResponse]:
    row = access.item(request, pk)
    if not permissions.can_lead(request.user, row.report):
        raise PermissionDenied
    response = getattr(row, "response", None)
    if response is None:
        raise Http404
    return row, response


@require_POST
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The lead agrees to an answer."""
    row, response = _response(request, pk)
    try:
        following.agree(response, by=request.user)
        messages.success(request, _("Agreed."))
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("reports:items", row.report_id)


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The lead says what is missing."""
    row, response = _response(request, pk)
    form = SendBackForm(posted(request))
    if form.is_valid() and taken(form, lambda: following.send_back(response, form.cleaned_data["reason"], by=request.user)):
        return redirect("reports:items", row.report_id)
    context = {"report": row.report, "item": row, "response": response, "form": form}
    return render(request, "standards/reports/send_back.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody looked."""
    row = access.item(request, pk)
    if not permissions.can_lead(request.user, row.report):
        raise PermissionDenied
    form = FollowUpForm(posted(request))
    if form.is_valid() and taken(form, lambda: following.follow_up(row, form.cleaned_data, by=request.user)):
        return redirect("reports:items", row.report_id)
    context = {"report": row.report, "item": row, "form": form, "plan": following.actions_of([row]).get(row.pk)}
    return render(request, "standards/reports/follow_up.html", context, status=422 if form.is_bound else 200)
