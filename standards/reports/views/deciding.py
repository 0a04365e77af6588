"""What the reviewer decides point by point, and statements that go to the provider once more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.workspace.posting import posted, taken
from standards.reports import accuracy, guards, permissions, reading
from standards.reports.forms.answers import DecisionForm, OpenAgainForm
from standards.reports.models import Reply
from standards.reports.views import access


@require_safe
def decisions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every point of the provider's beside the statement it is about, and what is new to them."""
    report = access.inside(request, pk)
    draft = report.versions.filter(kind="draft").last()
    if draft is None or report.status not in ("comments_closed", "comments_review", *report.FINAL):
        raise Http404
    found = reading.facts(report, draft, request.user)
    now = {str(row.pk): row for row in report.statements.standing()}
    lines = [line for line in found["lines"] if any(row.sent_at or row.due_at for row in line.rounds)]
    agreed = [line.number for line in lines if all(row.sent_at and row.verdict == Reply.Verdict.AGREED for row in line.rounds)]
    points = [(line, now.get(line.statement_id)) for line in lines if line.number not in agreed]
    context: dict[str, Any] = {
        "report": report, "points": points, "agreed": agreed,
        "unseen": guards.unseen_statements(report), "steps": reading.steps(report, request.user),
        "silent": not any(row.sent_at for line in found["lines"] for row in line.rounds),
        "may_decide": report.status == report.Status.COMMENTS_REVIEW and permissions.can_review(request.user, report),
        "may_open": report.status == report.Status.COMMENTS_REVIEW,
    }  # fmt: skip
    return render(request, "standards/reports/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One point: accepted, partly or not, with a reason."""
    rows = Reply.objects.of_visible(request.user).select_related("statement", "by")
    reply = get_object_or_404(rows, pk=pk)
    report = access.inside(request, reply.statement.report_id)
    if not permissions.can_review(request.user, report):
        raise PermissionDenied
    initial = {"outcome": reply.outcome, "reason": reply.outcome_reason, "change": reply.change_made}
    form = DecisionForm(posted(request), initial=initial)
    if form.is_valid() and taken(form, lambda: accuracy.decide(reply, form.decision(), by=request.user)):
        messages.success(request, _("Decided."))
        return redirect(f"{reverse('reports:decisions', args=[report.pk])}#s{reply.statement.number}")
    context = {"report": report, "reply": reply, "form": form}
    return render(request, "standards/reports/decide.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def open_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """New material: this statement's own clock begins."""
    row = access.statement(request, pk)
    if not permissions.reads_inside(request.user, row.report):
        raise Http404
    form = OpenAgainForm(posted(request))
    if form.is_valid() and taken(form, lambda: accuracy.open_again(row, form.cleaned_data["opened_for"], by=request.user)):
        messages.success(request, _("The provider is told. The clock runs for this statement only."))
        return redirect("reports:decisions", row.report_id)
    back = reverse("reports:statement", args=[pk])
    context = {"report": row.report, "row": row, "form": form, "back": back}
    return render(request, "standards/reports/open_again.html", context, status=422 if form.is_bound else 200)
