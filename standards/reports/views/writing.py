"""Writing: statements, what the linter says, items."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.workspace.posting import posted, taken
from standards.assessments.differences import difference
from standards.reports import building, checking, editing, following, permissions
from standards.reports.editing import Outdated
from standards.reports.forms.writing import ItemForm, NewStatementForm, StatementForm, SummaryForm
from standards.reports.models import ActionItem, Report, Statement
from standards.reports.views import access

EDIT = "standards/reports/statement.html"


def _may_write(request: HttpRequest, report: Report) -> None:
    if not permissions.reads_inside(request.user, report):
        raise Http404
    if not permissions.can_draft(request.user, report):
        raise PermissionDenied


@require_safe
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a careful reader would object to, what stops first (B15)."""
    report = access.inside(request, pk)
    return render(request, "standards/reports/check.html", {"report": report, "problems": checking.look(report)})


@require_POST
def gather(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring in what the inspection has found since."""
    report = access.inside(request, pk)
    _may_write(request, report)
    try:
        count = building.gather(report, by=request.user)
        messages.success(
            request, _("%(number)d new statements.") % {"number": count} if count else _("Nothing new: the text has everything.")
        )
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("reports:show", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One statement: its words, what it stands on, how it read before."""
    row = access.statement(request, pk)
    if not permissions.reads_inside(request.user, row.report):
        raise Http404
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row, StatementForm(report=row.report, initial=_initial(row)))


def _initial(row: Statement) -> dict[str, Any]:
    return {
        "text": row.text, "asserts_fact": row.asserts_fact, "is_good_practice": row.is_good_practice, "version": row.version,
        "findings": list(row.links.values_list("finding", flat=True)),
    }  # fmt: skip


def _save(request: HttpRequest, row: Statement) -> HttpResponse:
    _may_write(request, row.report)
    form = StatementForm(request.POST, report=row.report)
    try:
        if form.is_valid() and taken(
            form, lambda: editing.change(row, form.words(), base=form.cleaned_data["version"] or 0, by=request.user)
        ):
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('reports:show', args=[row.report_id])}#s{row.number}")
    except Outdated as newer:
        data = request.POST.copy()
        data["version"] = str(newer.row.version)
        form = StatementForm(data, report=row.report)
        return _page(request, row, form, 409, theirs=newer.row, pieces=difference(newer.row.text, request.POST.get("text", "")))
    return _page(request, row, form, 422)


def _page(request: HttpRequest, row: Statement, form: StatementForm, status: int = 200, **more: Any) -> HttpResponse:
    report = row.report
    context = {
        "row": row, "report": report, "form": form, "may_write": report.is_writable and permissions.can_draft(request.user, report),
        "findings": row.links.select_related("finding__standard"), "versions": _versions(row), **more,
        "problems": [problem for problem in checking.look(report) if row.number in problem.numbers],
        "may_open": report.status == Report.Status.COMMENTS_REVIEW,
    }  # fmt: skip
    return render(request, EDIT, context, status=status)


def _versions(row: Statement) -> list[tuple[Any, Any]]:
    """The newest twenty, each with what it changed."""
    rows = list(row.versions.select_related("by")[:21])
    before = [*rows[1:], None]
    return [(one, difference(old.text if old else "", one.text)) for one, old in zip(rows, before, strict=True)][:20]


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A statement that no finding brought."""
    report = access.inside(request, pk)
    _may_write(request, report)
    form = NewStatementForm(posted(request), report=report)
    if form.is_valid():
        sent = form.cleaned_data
        standard = sent["standard"] if sent["section"] == Statement.Section.STANDARD else None
        question = standard.key_question if standard else sent["key_question"] if sent["section"] == Statement.Section.KEY_QUESTION else ""
        if taken(
            form,
            lambda: editing.add(report, form.words(), sent["section"], standard=standard, key_question=question, by=request.user),
        ):
            building.put_in_order(report)
            return redirect("reports:show", pk)
    return render(request, "standards/reports/add.html", {"report": report, "form": form}, status=422 if form.is_bound else 200)


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a statement out, or put it back."""
    row = access.statement(request, pk)
    _may_write(request, row.report)
    try:
        editing.remove(row, is_removed=request.POST.get("put_back") != "yes", by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    return redirect("reports:show", row.report_id)


@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words of a statement for wider audiences."""
    row = access.statement(request, pk)
    if not permissions.can_prepare(request.user, row.report):
        raise Http404
    form = SummaryForm(posted(request), initial={"for_shared": row.for_shared, "for_public": row.for_public, "version": row.version})
    theirs = None
    if form.is_valid():
        sent = form.cleaned_data
        try:
            editing.write_summary(row, sent["for_shared"], sent["for_public"], base=sent["version"], by=request.user)
            messages.success(request, _("Saved. A summary that was prepared before has to be prepared again."))
            return redirect("reports:renditions", row.report_id)
        except Outdated as newer:
            theirs = newer.row
            data = request.POST.copy()
            data["version"] = str(theirs.version)
            form = SummaryForm(data)
    context = {"row": row, "report": row.report, "form": form, "theirs": theirs}
    return render(request, "standards/reports/summary.html", context, status=409 if theirs else 422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What should change."""
    report = access.inside(request, pk)
    _may_write(request, report)
    return _item(request, report, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same, anew."""
    row = access.item(request, pk)
    _may_write(request, row.report)
    return _item(request, row.report, row)


def _item(request: HttpRequest, report: Report, row: ActionItem | None) -> HttpResponse:
    names = ("kind", "text", "addressee", "clause", "due_on", "repeats", "version")
    initial = {name: getattr(row, name) for name in names} | {"findings": row.findings.values_list("pk", flat=True)} if row else {}
    form, theirs = ItemForm(posted(request), report=report, initial=initial), None
    if form.is_valid():
        base = form.cleaned_data["version"] or 0
        try:
            if taken(form, lambda: following.write_item(report, form.cleaned_data, item=row, base=base, by=request.user)):
                return redirect("reports:show", report.pk)
        except Outdated as newer:
            theirs = newer.row
            data = request.POST.copy()
            data["version"] = str(theirs.version)
            form = ItemForm(data, report=report)
    context = {"report": report, "row": row, "form": form, "theirs": theirs}
    return render(request, "standards/reports/item.html", context, status=409 if theirs else 422 if form.is_bound else 200)
