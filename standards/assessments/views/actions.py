"""From an answer to what will be done about it: an action, or a reason why there is none."""

import uuid
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.roles import Can
from standards.actions import permissions, planning
from standards.actions.forms import ActionForm
from standards.actions.models import Action, NoActionReason, Outdated, Source
from standards.actions.planning import Proposal
from standards.actions.views import saved
from standards.assessments import gaps
from standards.assessments.models import Answer, Assessment


class NoActionForm(forms.Form):
    """Why nothing will be done about a gap. ``base`` is the version its writer saw, 0 while there is none."""

    reason = forms.CharField(
        label=gettext_lazy("Why nothing will be done"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with the assessment. No names of people, no addresses."),
    )  # fmt: skip
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def _answer(request: HttpRequest, pk: UUID) -> Answer:
    """An answer of one's own organisation: nobody with whom it was shared plans for it."""
    answers = Answer.objects.visible_to(request.user).filter(assessment__in=Assessment.objects.where(request.user, Can.READ))
    found: Answer = get_object_or_404(answers.select_related("assessment__service", "indicator__standard__chapter"), pk=pk)
    if not permissions.can_plan(request.user, found.assessment.organisation_id):
        raise PermissionDenied
    return found


def plan_action(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan an action about this answer. A critical gap proposes "critical" and an early date."""
    answer = _answer(request, pk)
    priority = Action.Priority.CRITICAL if gaps.is_critical_gap(answer) else Action.Priority.NORMAL
    proposal = Proposal(answer.assessment.service, Source.ANSWER, answer.pk, answer.indicator, priority)
    form = ActionForm(request.POST or None, proposal=proposal)
    if form.is_valid() and (action := saved(form, request)):
        return redirect("actions:show", action.pk)
    return render(request, "standards/actions/plan.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def critical_gaps(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every critical gap of an assessment, with the two ways to answer it."""
    assessments = Assessment.objects.where(request.user, Can.READ).select_related("service")
    return _page(request, get_object_or_404(assessments, pk=pk))


@require_POST
def give_reason(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why nothing will be done about this answer; editable until the assessment is sent."""
    answer = _answer(request, pk)
    assessment, form = answer.assessment, NoActionForm(request.POST, prefix=str(pk))
    if assessment.status != Assessment.Status.DRAFT:
        return _page(request, assessment, problem=_("This assessment has been sent, so its reasons stand as they are."), status=409)
    if not form.is_valid():
        return _page(request, assessment, {pk: form}, status=422)
    said = form.cleaned_data
    try:
        planning.give_reason(assessment.service, Source.ANSWER, pk, said["reason"], base=said["base"], by=request.user)
    except Outdated as newer:
        return _page(request, assessment, {pk: _again(pk, said["reason"], newer.row)}, newer=newer.row, status=409)
    messages.success(request, _("Saved."))
    return redirect("assessments:critical_gaps", assessment.pk)


def _again(pk: UUID, reason: str, row: Any) -> NoActionForm:
    return NoActionForm(prefix=str(pk), initial={"reason": reason, "base": row.version})


def _page(
    request: HttpRequest,
    assessment: Assessment,
    given: dict[uuid.UUID, NoActionForm] | None = None,
    *,
    problem: str = "",
    newer: NoActionReason | Any = None,
    status: int = 200,
) -> HttpResponse:
    may_write = permissions.can_plan(request.user, assessment.organisation_id)
    may_reason = may_write and assessment.status == Assessment.Status.DRAFT
    rows = []
    for gap in gaps.critical_gaps(assessment):
        initial = {"reason": gap.reason.reason if gap.reason else "", "base": gap.reason.version if gap.reason else 0}
        form = (given or {}).get(gap.answer.pk) or NoActionForm(prefix=str(gap.answer.pk), initial=initial)
        rows.append((gap, form if may_reason else None, newer if newer and newer.source_id == gap.answer.pk else None))
    context = {"assessment": assessment, "rows": rows, "may_write": may_write, "problem": problem}
    return render(request, "standards/assessments/actions/critical_gaps.html", context, status=status)
