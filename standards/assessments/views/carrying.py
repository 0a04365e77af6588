"""Starting from last time, and saying of each answer whether it is still true."""

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.roles import Can
from portal.steps import WrongState
from portal.workspace.posting import posted, taken
from standards.actions.models import Outdated
from standards.assessments import beginning, carrying, permissions, since
from standards.assessments.forms.lifecycle import AgainForm
from standards.assessments.models import Answer, Assessment
from standards.assessments.views import access


@require_http_methods(["GET", "HEAD", "POST"])
def begin_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new assessment whose answers are those of this one, each to be confirmed."""
    previous = access.own(request, pk, Can.ASSESS)
    if previous.status not in carrying.FINISHED:
        raise WrongState(previous, Assessment.STEPS["archive"])
    form = AgainForm(posted(request), previous=previous, initial=_proposal(previous))
    made: list[Assessment] = []
    if form.is_valid() and taken(form, lambda: made.append(carrying.begin_from(previous, by=request.user, **form.cleaned_data))):
        return redirect("assessments:still_true", made[0].pk)
    context = {"previous": previous, "form": form, "crossings": [_line(previous, row) for row in form.editions()]}
    return render(request, "standards/assessments/begin_again.html", context, status=422 if form.is_bound else 200)


def _line(previous: Assessment, edition: Any) -> dict[str, Any]:
    """What starting under ``edition`` would carry, in numbers."""
    found = carrying.look_ahead(previous, edition)
    counted = {relation: found.count(relation) for relation in (carrying.SAME, carrying.CHANGED, carrying.NEW)}
    return {"edition": edition, "dropped": len(found.dropped), **counted}


def _proposal(previous: Assessment) -> dict[str, Any]:
    period = beginning.proposed_period(timezone.localdate())
    title = beginning.proposed_title(previous.service, previous.edition, period)
    return {"title": title, "period_start": period[0], "period_end": period[1], "edition": previous.edition, "key": uuid.uuid4()}


@require_safe
def still_true(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every answer of last time that nobody confirmed yet, with what changed since."""
    assessment = access.own(request, pk)
    carried = since.carried(assessment, timezone.localdate())
    total = assessment.answers.exclude(carried_from=None).count()
    context = {
        "assessment": assessment, "carried": carried, "total": total, "done": total - len(carried),
        "quiet": sum(row.is_quiet for row in carried), "may": permissions.can_answer(request.user, assessment),
    }  # fmt: skip
    return render(request, "standards/assessments/still_true.html", context)


@require_POST
def decide(request: HttpRequest, pk: UUID, answer: UUID) -> HttpResponse:
    """Still true, or not any more: one key each."""
    assessment = access.own(request, pk)
    row = get_object_or_404(Answer.objects.visible_to(request.user), pk=answer, assessment=assessment)
    if assessment.status != Assessment.Status.DRAFT:
        raise WrongState(assessment, Assessment.STEPS["submit"])
    act = {"confirm": carrying.confirm, "discard": carrying.discard}.get(request.POST.get("act", ""))
    base = request.POST.get("base", "")
    if act is None or not base.isdecimal():
        return HttpResponse(status=400)
    try:
        act(row, base=int(base), by=request.user)
    except Outdated:
        return _too_late(request, row)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    if "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect(f"{reverse('assessments:still_true', args=[pk])}#{request.POST.get('next', '')[:40]}")


def _too_late(request: HttpRequest, row: Answer) -> HttpResponse:
    """Somebody else decided or wrote meanwhile: nothing was done, and what stands there now is shown."""
    newer = Answer.objects.visible_to(request.user).select_related("indicator", "assessment", "confirmed_by", "answered_by").get(pk=row.pk)
    return render(request, "standards/assessments/decided.html", {"answer": newer, "assessment": newer.assessment}, status=409)
