"""Judgements beside the provider's own view, narratives, and the quality review with its second, blind views."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.recent import recent_sign_in_required
from portal.workspace.posting import posted, taken
from standards.actions.models import Outdated
from standards.inspections import judging, own_views, permissions, readiness
from standards.inspections.forms.judging import BlindForm, JudgementForm, NarrativeForm, RemarkForm
from standards.inspections.models import BlindView, Inspection, ReviewRemark
from standards.inspections.views import access
from standards.inspections.views.access import form_view, with_content, writable


@require_safe
@with_content
def judgements(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Two columns, standard by standard: what the provider says of itself, and what the inspectorate thinks. Never merged."""
    context = access.around(request, inspection, "judgements") | _judged(inspection) | {"problems": readiness.problems(inspection)}
    return render(request, "standards/inspections/judgements.html", context)


def _judged(inspection: Inspection) -> dict[str, Any]:
    """Key questions with their standards, judgements, own views and findings. A fixed number of queries."""
    copy = own_views.of_inspection(inspection)
    judged = {row.standard_id: row for row in inspection.judgements.select_related("by")}
    narratives = {row.key_question: row for row in inspection.narratives.all()}
    found: dict[Any, list[Any]] = {}
    for row in inspection.findings.standing().order_by("code"):
        found.setdefault(row.standard_id, []).append(row)
    titles = {row["code"]: row["title"] for row in inspection.regime.edition.key_questions}
    parts: dict[str, list[Any]] = {}
    for standard in inspection.standards():
        judgement, own = judged.get(standard.pk), copy.views.get(standard.code)
        steps = readiness.apart(judgement.value, judgement.own_value) if judgement else 0
        parts.setdefault(standard.key_question, []).append((standard, judgement, own, found.get(standard.pk, []), steps))
    ratings = inspection.regime.ratings()
    questions = [
        (code, titles.get(code, code), narratives.get(code), ratings.get(narratives[code].rating, "") if code in narratives else "", rows)
        for code, rows in parts.items()
    ]
    return {"copy": copy, "questions": questions}


@form_view
@with_content
def judge(request: HttpRequest, inspection: Inspection, code: str) -> HttpResponse:
    """Judge one standard, with the provider's own answers and the team's findings in view."""
    standard = get_object_or_404(inspection.standards(), code=code)
    writable(request, inspection)
    judgement = inspection.judgements.filter(standard=standard).first()
    form, back = JudgementForm(posted(request), judgement=judgement), reverse("inspections:judgements", args=[inspection.pk])
    try:
        if form.is_valid() and taken(
            form, lambda: judging.judge(inspection, standard, form.cleaned_data, base=form.cleaned_data["base"], by=request.user)
        ):
            messages.success(request, _("Saved."))
            return redirect(f"{back}#{standard.code}")
    except Outdated as newer:
        again = JudgementForm(access.based_on(request, newer.row.version), judgement=judgement)  # type: ignore[attr-defined]
        return access.both_texts(request, inspection, again, newer.row, back=back)
    copy = own_views.of_inspection(inspection)
    context = access.around(request, inspection) | {
        "form": form, "back": back, "standard": standard, "copy": copy, "own": copy.views.get(code),
        "findings": inspection.findings.standing().filter(standard=standard),
    }  # fmt: skip
    return render(request, "standards/inspections/judge.html", context, status=422 if form.is_bound else 200)


@form_view
@with_content
def narrate(request: HttpRequest, inspection: Inspection, code: str) -> HttpResponse:
    """What is said under one key question."""
    if code not in {standard.key_question for standard in inspection.standards()}:
        raise Http404
    writable(request, inspection)
    narrative = inspection.narratives.filter(key_question=code).first()
    form = NarrativeForm(posted(request), inspection=inspection, narrative=narrative)
    back = reverse("inspections:judgements", args=[inspection.pk])
    try:
        if form.is_valid() and taken(
            form, lambda: judging.narrate(inspection, code, form.cleaned_data, base=form.cleaned_data["base"], by=request.user)
        ):
            messages.success(request, _("Saved."))
            return redirect(back)
    except Outdated as newer:
        again = NarrativeForm(access.based_on(request, newer.row.version), inspection=inspection, narrative=narrative)  # type: ignore[attr-defined]
        return access.both_texts(request, inspection, again, newer.row, back=back)
    title = {row["code"]: row["title"] for row in inspection.regime.edition.key_questions}.get(code, code)
    return access.page(request, inspection, form, title=title, back=back)


# --- Review -----------------------------------------------------------------------------------------------------------


@form_view
@with_content
def review(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Remarks, second views, what is missing, and the approval. The team reads it too; only a reviewer acts."""
    may = inspection.status == Inspection.Status.REPORTING and permissions.can_review(request.user, inspection)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = RemarkForm(posted(request), inspection=inspection)
    if form.is_valid() and taken(form, lambda: _remark(request, inspection, form)):
        messages.success(request, _("Kept. The team is told."))
        return redirect("inspections:review", inspection.pk)
    return _review(request, inspection, form, may=may, status=422 if form.is_bound else 200)


def _remark(request: HttpRequest, inspection: Inspection, form: RemarkForm) -> None:
    kind, pk = form.subject()
    about = {
        "finding": get_object_or_404(inspection.findings.all(), pk=pk) if kind == "f" else None,
        "judgement": get_object_or_404(inspection.judgements.all(), pk=pk) if kind == "j" else None,
    }
    judging.remark(inspection, form.cleaned_data["text"], **about, by=request.user)


def _review(request: HttpRequest, inspection: Inspection, form: Any, *, may: bool, status: int = 200) -> HttpResponse:
    problems = readiness.problems(inspection)
    context = access.around(request, inspection, "review") | {
        "form": form if may else None, "may": may, "problems": problems, "sha256": readiness.digest(inspection),
        "approvals": inspection.approvals.select_related("by"), "is_approved": readiness.is_approved(inspection),
        "remarks": inspection.review_remarks.select_related("by", "finding", "judgement__standard", "settled_by"),
        "views": inspection.blind_views.exclude(at=None).select_related("finding", "by"),
        "may_settle": may or permissions.can_record(request.user, inspection),
    }  # fmt: skip
    return render(request, "standards/inspections/review.html", context, status=status)


@require_POST
@with_content
def settle(request: HttpRequest, inspection: Inspection, remark: UUID) -> HttpResponse:
    """A remark was answered."""
    row: ReviewRemark = get_object_or_404(inspection.review_remarks.select_related("inspection"), pk=remark)
    judging.settle(row, by=request.user)
    messages.success(request, _("Settled."))
    return redirect("inspections:review", inspection.pk)


@require_POST
@with_content
@recent_sign_in_required
def approve(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Stand by exactly what was read."""
    try:
        inspection.approve_judgements(request.POST.get("sha256", ""), by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return _review(request, inspection, RemarkForm(None, inspection=inspection), may=True, status=422)
    messages.success(request, _("Approved. If a word changes, it has to be approved again."))
    return redirect("inspections:review", inspection.pk)


@require_safe
def blind(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The findings that wait for a second view. Their kind and severity, and everybody's judgements, stay closed until then."""
    inspection = _reviewed(request, pk)
    context = access.around(request, inspection) | {"views": inspection.blind_views.select_related("finding__standard")}
    return render(request, "standards/inspections/blind.html", context)


@form_view
def second_view(request: HttpRequest, pk: UUID, view: UUID) -> HttpResponse:
    """One finding without what the team calls it."""
    inspection = _reviewed(request, pk)
    rows = inspection.blind_views.waiting().select_related("finding__standard")
    row: BlindView = get_object_or_404(rows, pk=view)
    form = BlindForm(posted(request))
    if form.is_valid() and taken(form, lambda: _second(request, row, form)):
        messages.success(request, _("Thank you. It is kept as you gave it."))
        return redirect("inspections:blind", pk)
    context = access.around(request, inspection) | {"view": row, "form": form}
    return render(request, "standards/inspections/second_view.html", context, status=422 if form.is_bound else 200)


def _second(request: HttpRequest, row: BlindView, form: BlindForm) -> None:
    given = form.cleaned_data
    judging.second_view(row, given["kind"], given["severity"], given["reason"], by=request.user)


def _reviewed(request: HttpRequest, pk: UUID) -> Inspection:
    """For reviewers alone: the team has seen what its findings are called."""
    found: Inspection = get_object_or_404(Inspection.objects.reviewable_by(request.user).in_full(), pk=pk)
    return found
