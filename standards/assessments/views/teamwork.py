"""Working together: chapters for colleagues, and remarks that pass between them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.roles import Can
from portal.steps import WrongState
from portal.workspace.posting import posted, taken
from standards.assessments import permissions
from standards.assessments.forms.lifecycle import ReturnForm
from standards.assessments.forms.teamwork import GiveForm, RemarkForm, chapters_of
from standards.assessments.models import Assessment, Remark, Section
from standards.assessments.teams import people_who
from standards.assessments.views import access


@require_http_methods(["GET", "HEAD", "POST"])
def sections(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who has which chapter, and giving more of them."""
    assessment = access.own(request, pk, Can.ASSESS if request.method == "POST" else Can.READ)
    if request.method == "POST" and assessment.status != Assessment.Status.DRAFT:
        raise WrongState(assessment, Assessment.STEPS["submit"])
    form = GiveForm(posted(request), assessment=assessment, initial={"due_on": assessment.due_on})
    if form.is_valid() and taken(form, lambda: _give(form.cleaned_data, assessment, request.user)):
        messages.success(request, _("Given. They are told."))
        return redirect("assessments:sections", pk)
    return _sections(request, assessment, form, status=422 if form.is_bound else 200)


def _give(said: dict[str, Any], assessment: Assessment, by: Any) -> None:
    Section.give_all(assessment, said["chapters"], said["to"], due_on=said["due_on"], by=by)


def _sections(
    request: HttpRequest, assessment: Assessment, form: Any, *, about: Any = None, returning: Any = None, status: int = 200
) -> HttpResponse:
    given = {row.chapter_id: row for row in assessment.sections.select_related("to", "chapter", "assessment", "given_by")}
    here = {person.pk for person in people_who(Can.ASSESS, assessment.organisation_id)}
    lines = [
        {"chapter": chapter, "row": row, "has_left": bool(row and row.to_id not in here), "steps": row.open_to(request.user) if row else ()}
        for chapter in chapters_of(assessment)
        for row in [given.get(chapter.pk)]
    ]
    may = permissions.can_answer(request.user, assessment)
    context = {"assessment": assessment, "form": form, "lines": lines, "may": may, "about": about, "returning": returning}
    return render(request, "standards/assessments/sections.html", context, status=status)


def _section(request: HttpRequest, pk: UUID, section: UUID) -> Section:
    assessment = access.own(request, pk)
    rows = Section.objects.visible_to(request.user).select_related("assessment", "chapter")
    found: Section = get_object_or_404(rows, pk=section, assessment=assessment)
    return found


@require_POST
def finish_section(request: HttpRequest, pk: UUID, section: UUID) -> HttpResponse:
    """Its worker says it is ready."""
    _section(request, pk, section).finish(by=request.user)
    messages.success(request, _("Said to be ready."))
    return redirect("assessments:sections", pk)


@require_POST
def return_section(request: HttpRequest, pk: UUID, section: UUID) -> HttpResponse:
    """Back to its worker, with a comment."""
    row = _section(request, pk, section)
    form = ReturnForm(request.POST, prefix=str(row.pk))
    if form.is_valid() and taken(form, lambda: row.send_back(form.cleaned_data["comment"], by=request.user)):
        messages.success(request, _("Returned. They are told, and your comment stands among the remarks."))
        return redirect("assessments:sections", pk)
    return _sections(request, row.assessment, GiveForm(assessment=row.assessment), about=row, returning=form, status=422)


# --- Remarks ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What colleagues said, open ones first, and saying more."""
    assessment = access.own(request, pk, Can.ASSESS if request.method == "POST" else Can.READ)
    answers = assessment.answers.in_order().select_related("indicator")
    form = RemarkForm(posted(request), assessment=assessment, answers=answers, initial={"about": request.GET.get("about", "")})
    if form.is_valid() and taken(form, lambda: _write(form, assessment, request.user)):
        messages.success(request, _("Your remark is kept."))
        return redirect("assessments:remarks", pk)
    rows = Remark.objects.visible_to(request.user).filter(assessment=assessment).select_related("by", "settled_by", "chapter")
    rows = rows.select_related("answer__indicator").order_by("at")
    context = {"assessment": assessment, "form": form, "may": permissions.can_remark(request.user, assessment)}
    context |= {"open": [row for row in rows if not row.settled_at], "settled": [row for row in rows if row.settled_at]}
    return render(request, "standards/assessments/remarks.html", context, status=422 if form.is_bound else 200)


def _write(form: RemarkForm, assessment: Assessment, by: Any) -> Remark:
    return Remark.write(assessment, form.cleaned_data["text"], by=by, **form.target())


def _remark(request: HttpRequest, pk: UUID, remark: UUID) -> Remark:
    assessment = access.own(request, pk)
    found: Remark = get_object_or_404(
        Remark.objects.visible_to(request.user).select_related("assessment"), pk=remark, assessment=assessment
    )
    return found


@require_POST
def settle_remark(request: HttpRequest, pk: UUID, remark: UUID) -> HttpResponse:
    """Done."""
    _remark(request, pk, remark).settle(by=request.user)
    return redirect("assessments:remarks", pk)


@require_POST
def reopen_remark(request: HttpRequest, pk: UUID, remark: UUID) -> HttpResponse:
    """Not done after all."""
    _remark(request, pk, remark).open_again(by=request.user)
    return redirect("assessments:remarks", pk)
