"""From draft to archive: sending, reviewing, approving, sharing, reopening; and the frozen copies."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import hashing
from portal.accounts.recent import recent_sign_in_required
from portal.accounts.roles import Can
from portal.workspace.posting import posted, taken
from providers.organisations.permissions import can
from standards.assessments import addresses, comparing, freezing, frozen, gaps, permissions, readiness, reading
from standards.assessments.forms.lifecycle import ReopenForm, ReturnForm, SendForm, ShareForm
from standards.assessments.models import Assessment, Snapshot
from standards.assessments.teams import approvers, counts
from standards.assessments.views import access


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What will happen, who will see it, and what is in the way; then the one act."""
    assessment, _step = access.for_step(request, pk, "submit")
    form = SendForm(posted(request))
    if form.is_valid() and taken(form, lambda: assessment.submit(by=request.user)):
        return redirect("assessments:receipt", pk, assessment.revision)
    answers = freezing.answers_of(assessment)
    context = {
        "assessment": assessment, "form": form, "problems": readiness.problems(assessment, answers), "answers": len(answers),
        "result": reading.score_of(answers), "approvers": approvers(assessment), "only_author": assessment.is_only_author(request.user),
        **counts(assessment),
    }  # fmt: skip
    return render(request, "standards/assessments/submit.html", context, status=422 if form.is_bound else 200)


@require_safe
def receipt(request: HttpRequest, pk: UUID, revision: int) -> HttpResponse:
    """What was sent, when, by whom, under which receipt. Made to be printed."""
    assessment = access.own(request, pk)
    snapshot = _snapshot(request, assessment, revision)
    context = {
        "assessment": assessment,
        "snapshot": snapshot,
        "is_intact": hashing.is_intact(snapshot),
        "approvers": [person for person in approvers(assessment) if not assessment.is_only_author(person)],
    }
    return render(request, "standards/assessments/receipt.html", context)


@require_safe
def frozen_copy(request: HttpRequest, pk: UUID, revision: int) -> HttpResponse:
    """A frozen copy, to the letter. With whom it was shared reads it without names and inner notes."""
    assessment = access.seen(request, pk)
    snapshot = _snapshot(request, assessment, revision)
    is_own = can(request.user, Can.READ, assessment.organisation_id)
    content = snapshot.content if is_own else frozen.for_audience(snapshot.content)
    context = {
        "assessment": assessment, "snapshot": snapshot, "content": frozen.dated(content), "result": frozen.result_of(snapshot.content),
        "is_own": is_own, "is_intact": hashing.is_intact(snapshot),
    }  # fmt: skip
    return render(request, "standards/assessments/frozen.html", context)


def _snapshot(request: HttpRequest, assessment: Assessment, revision: int) -> Snapshot:
    rows = Snapshot.objects.visible_to(request.user).select_related("assessment", "made_by", "approval__by")
    found: Snapshot = get_object_or_404(rows, assessment=assessment, revision=revision)
    return found


# --- Review -----------------------------------------------------------------------------------------------------------


@require_safe
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """For who approves: what changed since the last approval, the critical gaps, the open remarks; then yes or back."""
    assessment, _step = access.for_step(request, pk, "send_back")
    return _review(request, assessment, ReturnForm())


def _review(request: HttpRequest, assessment: Assessment, form: Any, status: int = 200) -> HttpResponse:
    last = comparing.last_approved(assessment, request.user)
    now = comparing.side(assessment, request.user)
    context = {
        "assessment": assessment, "form": form, "snapshot": now.snapshot, "result": now.result, "gaps": gaps.critical_gaps(assessment),
        "comparison": comparing.compare(last, now) if last else None, "may_approve": permissions.can_approve(request.user, assessment),
        "remarks": assessment.remarks.unsettled().select_related("by", "chapter", "answer__indicator"),
        "others": [person for person in approvers(assessment) if person.pk != request.user.pk],
    }  # fmt: skip
    return render(request, "standards/assessments/review.html", context, status=status)


@require_POST
@recent_sign_in_required
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve exactly what was frozen."""
    assessment, _step = access.for_step(request, pk, "approve")
    try:
        assessment.approve(by=request.user)
    except ValidationError as problem:
        form = ReturnForm()
        messages.error(request, " ".join(problem.messages))
        return _review(request, assessment, form, status=422)
    messages.success(request, _("Approved. Nobody outside reads it until you share it."))
    return redirect("assessments:results", pk)


@require_POST
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return it to its authors with a comment."""
    assessment, _step = access.for_step(request, pk, "send_back")
    form = ReturnForm(request.POST)
    if form.is_valid() and taken(form, lambda: assessment.send_back(form.cleaned_data["comment"], by=request.user)):
        messages.success(request, _("Returned. Its authors are told, and your comment stands among the remarks."))
        return redirect(addresses.of_assessment(assessment))
    return _review(request, assessment, form, status=422)


# --- After the approval -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Share with named organisations; the page shows exactly what they will and will not read."""
    assessment, _step = access.for_step(request, pk, "share")
    form = ShareForm(posted(request), assessment=assessment)
    if form.is_valid() and taken(form, lambda: assessment.share(form.cleaned_data["organisations"], by=request.user)):
        messages.success(request, _("Shared. They are told, and can read it from now on."))
        return redirect("assessments:share", pk)
    context = {"assessment": assessment, "form": form, "readers": assessment.readers(), "back": addresses.of_assessment(assessment)}
    return render(request, "standards/assessments/share.html", context, status=422 if form.is_bound else 200)


@require_POST
def unshare(request: HttpRequest, pk: UUID, organisation: UUID) -> HttpResponse:
    """One reader fewer."""
    assessment, _step = access.for_step(request, pk, "unshare")
    reader = get_object_or_404(assessment.readers(), organisation=organisation)
    assessment.unshare(reader.organisation, by=request.user)
    messages.success(request, _("They do not read it any more."))
    return redirect("assessments:share", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def keep_private(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody outside reads it."""
    return _plain_step(request, pk, "keep_private", _("Kept private. Nobody outside reads it."))


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def archive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put it away."""
    return _plain_step(request, pk, "archive", _("Archived. You can still read it."))


def _plain_step(request: HttpRequest, pk: UUID, name: str, done: str) -> HttpResponse:
    assessment, _step = access.for_step(request, pk, name)
    if request.method == "POST":
        getattr(assessment, name)(by=request.user)
        messages.success(request, done)
        return redirect(addresses.of_assessment(assessment))
    context = {"assessment": assessment, "readers": assessment.readers(), "back": addresses.of_assessment(assessment)}
    return render(request, CONFIRM[name], context)


CONFIRM = {"keep_private": "standards/assessments/keep_private.html", "archive": "standards/assessments/archive.html"}


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a new revision, for a reason."""
    assessment, _step = access.for_step(request, pk, "reopen")
    form = ReopenForm(posted(request))
    if form.is_valid() and taken(form, lambda: assessment.reopen(form.cleaned_data["reason"], by=request.user)):
        messages.success(request, _("Opened again. What was approved stays readable as it was."))
        return redirect(addresses.of_assessment(assessment))
    context = {"assessment": assessment, "form": form, "readers": assessment.readers(), "back": addresses.of_assessment(assessment)}
    return render(request, "standards/assessments/reopen.html", context, status=422 if form.is_bound else 200)
