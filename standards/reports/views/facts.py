"""The check of facts, for the provider: every statement by itself, in any order, kept as it is typed (B1); and the sealed key (B2)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.recent import is_script
from portal.workspace.posting import posted, taken
from standards.evidence import receiving, store
from standards.reports import accuracy, deadlines, filing, keys, permissions, reading
from standards.reports.editing import Outdated
from standards.reports.forms.answers import KeyForm, ReplyFileForm, ReplyForm
from standards.reports.models import Reply, ReplyFile, Report, Statement
from standards.reports.views import access

PAGE = "standards/reports/facts.html"


def _report(request: HttpRequest, pk: UUID) -> Report:
    """For the provider's approvers and for those inside; a reader of the provider is refused."""
    report = access.seen(request, pk)
    if not (permissions.reads_inside(request.user, report) or permissions.can_answer(request.user, report)):
        raise PermissionDenied
    if not report.versions.exists():
        raise Http404
    return report


@require_safe
def facts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The frozen draft, statement by statement, with the clock that both sides see."""
    report = _report(request, pk)
    return render(request, PAGE, _context(request, report))


def _context(request: HttpRequest, report: Report) -> dict[str, Any]:
    draft = report.versions.filter(kind="draft").last()
    if draft is None:
        raise Http404
    recipients = list(report.recipients.select_related("user"))
    mine = next((row for row in recipients if row.user_id == request.user.pk), None)
    now, regime = timezone.now(), report.inspection.regime
    left = deadlines.days_left(regime, report.comments_due_at, now) if report.comments_due_at else None
    return {
        "report": report, "version": draft, "recipients": recipients, "must_confirm": mine is not None and mine.proven_at is None,
        "now": now, "left": left, "verdicts": Reply.Verdict.choices, "kinds": Reply.Kind.choices,
        "may_read_key": keys.may_read(request.user, report),
        "steps": reading.steps(report, request.user), **reading.facts(report, draft, request.user),
    }  # fmt: skip


@require_POST
def received(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A recipient says that they have the draft: with that it is proven for them."""
    report = _report(request, pk)
    recipient = get_object_or_404(report.recipients.all(), user=request.user)
    filing.confirm(report, recipient)
    messages.success(request, _("Noted. Thank you."))
    return redirect("reports:facts", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: UUID, statement: UUID) -> HttpResponse:
    """One statement: a form without script, and the address that keeps what is typed."""
    report = _report(request, pk)
    if request.method != "POST":
        return _single(request, report, statement)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _refused(request, report, statement, [str(error) for errors in form.errors.values() for error in errors], 422)
    try:
        reply = accuracy.save(report, statement, form.saying(), base=form.cleaned_data["base"], by=request.user)
    except Statement.DoesNotExist as none:
        raise Http404 from none
    except Outdated as newer:
        return _met(request, report, statement, newer.row)
    except ValidationError as problem:
        return _refused(request, report, statement, problem.messages, 409)
    if is_script(request):
        return JsonResponse({"kind": "saved", "version": reply.version, "at": time_format(timezone.localtime(reply.at), "H:i")})
    messages.success(request, _("Statement %(number)d: saved.") % {"number": reply.statement.number})
    return redirect(f"{reverse('reports:facts', args=[pk])}#s{reply.statement.number}")


def _single(request: HttpRequest, report: Report, statement: UUID, status: int = 200, **more: Any) -> HttpResponse:
    context = _context(request, report)
    line = next((line for line in context["lines"] if line.statement_id == str(statement)), None)
    if line is None:
        raise Http404
    return render(request, "standards/reports/fact.html", context | {"line": line, **more}, status=status)


def _met(request: HttpRequest, report: Report, statement: UUID, theirs: Reply) -> HttpResponse:
    """A colleague wrote meanwhile: both texts, nothing overwritten."""
    if is_script(request):
        said = {"version": theirs.version, "verdict": theirs.verdict, "kind": theirs.kind, "claim": theirs.claim, "by": str(theirs.by)}
        return JsonResponse({"kind": "conflict", "theirs": said}, status=409)
    return _single(request, report, statement, 409, theirs=theirs, mine=request.POST)


def _refused(request: HttpRequest, report: Report, statement: UUID, problems: list[str], status: int) -> HttpResponse:
    if is_script(request):
        return JsonResponse({"kind": "refused", "problems": problems}, status=status)
    return _single(request, report, statement, status, problems=problems, mine=request.POST)


@require_POST
def send_one(request: HttpRequest, pk: UUID, statement: UUID) -> HttpResponse:
    """The answer to a statement that was opened again goes by itself."""
    report = _report(request, pk)
    try:
        accuracy.send_one(report, statement, by=request.user)
        messages.success(request, _("Sent."))
    except Statement.DoesNotExist as none:
        raise Http404 from none
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("reports:facts", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add_file(request: HttpRequest, pk: UUID, statement: UUID) -> HttpResponse:
    """Evidence with a reply."""
    report = _report(request, pk)
    if not permissions.can_answer(request.user, report):
        raise PermissionDenied
    row = get_object_or_404(report.statements.all(), pk=statement)
    form = ReplyFileForm(posted(request), request.FILES or None)
    form.is_too_big = receiving.MARK in request.META
    if form.is_bound and form.is_valid() and form.arrived:
        arrived = form.arrived
        if taken(form, lambda: filing.keep(report, row, arrived, by=request.user)):
            messages.success(request, _("The file is there. It can be opened once it has been scanned."))
            return redirect("reports:answer", pk, statement)
    context = {"report": report, "row": row, "form": form}
    return render(request, "standards/reports/add_file.html", context, status=422 if form.is_bound else 200)


@require_safe
def download(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponseBase:
    """A file of a reply, for both sides, never opened here."""
    report = _report(request, pk)
    row = get_object_or_404(ReplyFile.objects.of_report(report), pk=file)
    if not row.is_open(has_scanner=bool(settings.CLAMD_ADDRESS)):
        raise Http404
    try:
        content = store.opened(row.stored_name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(content, as_attachment=True, filename=row.shown_name, content_type=row.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which person a statement means: read and written by the two sides only. Never printed, never exported."""
    report = access.seen(request, pk)
    if not keys.may_read(request.user, report):
        raise Http404
    statements = list(report.statements.standing().values_list("pk", "number").order_by("number"))
    form = KeyForm(posted(request), statements=statements)
    if form.is_valid():
        sent = form.cleaned_data
        row = get_object_or_404(report.statements.all(), pk=sent["statement"])
        row.report = report
        if taken(form, lambda: keys.add(row, sent["label"], sent["reference"], by=request.user)):
            return redirect("reports:key", pk)
    context = {"report": report, "form": form, "entries": keys.read(report, by=request.user), "may_add": report.status in keys.STATES}
    return render(request, "standards/reports/key.html", context, status=422 if form.is_bound else 200)
