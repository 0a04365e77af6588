"""Evidence under answers: pick several for one answer, put one under many, and see which standards can be shown."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.roles import Can
from standards.assessments import linking, permissions
from standards.assessments.forms.evidence import GAPS, SHOWN, CoverageFilter, PickForm, SearchForm, UnderForm
from standards.assessments.models import Answer, Assessment
from standards.evidence.models import Evidence

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _answer(request: HttpRequest, pk: UUID) -> Answer:
    answers = Answer.objects.visible_to(request.user).select_related("assessment__service", "indicator__standard__chapter")
    found: Answer = get_object_or_404(answers, pk=pk)
    return found


def _assessment(request: HttpRequest, pk: UUID) -> Assessment:
    """One's own organisation's: with whom it is shared reads the snapshot, not what stands behind it."""
    found: Assessment = get_object_or_404(Assessment.objects.where(request.user, Can.READ).select_related("service"), pk=pk)
    return found


@form_view
def evidence_for(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What stands under one answer, and what else the library has. Several are put there at once."""
    answer = _answer(request, pk)
    assessment = answer.assessment
    may_link = permissions.can_answer(request.user, assessment)
    if request.method == "POST" and not may_link:
        raise PermissionDenied
    search = SearchForm(request.GET)
    offered = search.narrow(linking.choosable(assessment).exclude(uses__answer=answer))
    form = PickForm(request.POST if "link" in request.POST else None, offered=offered)
    if request.method == "POST" and _linked(request, answer, form):
        return redirect(request.get_full_path())
    form.fields["evidence"].queryset = offered[:SHOWN]  # type: ignore[attr-defined]  # what is offered; what is sent may be any of it
    context = {
        "answer": answer, "assessment": assessment, "search": search, "form": form, "may_link": may_link, "shown": SHOWN,
        "count": offered.count(), "linked": answer.evidence.order_by("title"),
    }  # fmt: skip
    return render(request, "standards/assessments/evidence/evidence_for.html", context, status=422 if form.is_bound else 200)


def _linked(request: HttpRequest, answer: Answer, form: PickForm) -> bool:
    """Do what was asked. False where the form has to be mended."""
    if taken := request.POST.get("unlink"):
        item = get_object_or_404(answer.evidence.all(), pk=_id(taken))
        linking.unlink(answer.assessment, [(answer, item)], by=request.user)
        messages.success(request, _("Taken off this answer. It stays in the library."))
        return True
    if not form.is_valid():
        return False
    count = linking.link(answer.assessment, [(answer, item) for item in form.cleaned_data["evidence"]], by=request.user)
    words = ngettext("%(count)d item now stands under this answer.", "%(count)d items now stand under this answer.", count)
    messages.success(request, words % {"count": count})
    return True


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Http404 from wrong


@form_view
def evidence_under(request: HttpRequest, pk: UUID, evidence_pk: UUID) -> HttpResponse:
    """One item under many indicators of an assessment: everything that is ticked, and nothing else."""
    assessment = _assessment(request, pk)
    evidence: Evidence = get_object_or_404(linking.choosable(assessment), pk=evidence_pk)
    if not permissions.can_answer(request.user, assessment):
        raise PermissionDenied
    before = set(assessment.answers.filter(evidence=evidence).values_list("pk", flat=True))
    form = UnderForm(request.POST or None, assessment=assessment, initial={"answers": [str(pk) for pk in before]})
    if form.is_valid():
        _put_under(assessment, evidence, form, before, request.user)
        messages.success(request, _("Saved."))
        return redirect("evidence:show", evidence.pk)
    context = {"assessment": assessment, "evidence": evidence, "form": form}
    return render(request, "standards/assessments/evidence/evidence_under.html", context, status=422 if form.is_bound else 200)


def _put_under(assessment: Assessment, evidence: Evidence, form: UnderForm, before: set[Any], by: Any) -> None:
    """Only what this person changed: what a colleague linked meanwhile is not taken off."""
    wanted = {form.rows[key].pk: form.rows[key] for key in form.cleaned_data["answers"]}
    linking.link(assessment, [(answer, evidence) for pk, answer in wanted.items() if pk not in before], by=by)
    gone = [answer for answer in form.rows.values() if answer.pk in before and answer.pk not in wanted]
    linking.unlink(assessment, [(answer, evidence) for answer in gone], by=by)


@require_safe
def coverage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Standard by standard: what can be shown, and what is weak about it."""
    assessment = _assessment(request, pk)
    rows = linking.covers(assessment, timezone.localdate())
    form = CoverageFilter(request.GET)
    summary = [(GAPS[gap], gap, sum(1 for _standard, row in rows if gap in row.gaps)) for gap in GAPS]
    context = {
        "assessment": assessment, "form": form, "summary": summary, "total": len(rows),
        "sound": sum(1 for _standard, row in rows if row.is_sound),
        "rows": [(standard, row, [(gap, GAPS[gap]) for gap in row.gaps]) for standard, row in form.narrow(rows)],
    }  # fmt: skip
    return render(request, "standards/assessments/evidence/coverage.html", context)
