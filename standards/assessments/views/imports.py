"""Bringing answers back from our workbook: first what would change, then yes or no."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.roles import Can
from standards.assessments import permissions
from standards.assessments.exports import applying, bringing
from standards.assessments.models import Assessment
from standards.assessments.saving import Sent
from standards.assessments.views import access

PAGE = "standards/assessments/imports/bring.html"


class WorkbookForm(forms.Form):
    """The workbook that comes back."""

    workbook = forms.FileField(
        label=gettext_lazy("Excel workbook"), widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text=gettext_lazy("The one you downloaded here, at most 5 MB. You see what would change before anything does."),
    )  # fmt: skip


def _draft(request: HttpRequest, pk: UUID) -> Assessment:
    assessment = access.own(request, pk, Can.ASSESS)
    if assessment.status == Assessment.Status.DRAFT and not permissions.can_answer(request.user, assessment):
        raise PermissionDenied
    return assessment


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the file and show exactly what it would change."""
    assessment = _draft(request, pk)
    if assessment.status != Assessment.Status.DRAFT:
        return _page(request, assessment, WorkbookForm(), problem=str(Sent(assessment)), status=409)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return _page(request, assessment, form, status=422 if form.is_bound else 200)
    file = form.cleaned_data["workbook"]
    reading = bringing.read(assessment, file.file, file.name)
    if reading.problems:
        return _page(request, assessment, form, reading=reading, status=422)
    token = applying.keep(assessment, file.file, reading, request.user) if reading.changes else ""
    return _page(request, assessment, form, reading=reading, token=token)


@require_POST
def apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Yes: save what was shown. What somebody else changed meanwhile is put beside theirs, and said."""
    assessment = _draft(request, pk)
    found = applying.kept(assessment, request.POST.get("token", ""), request.user)
    if found is None:
        words = _("That was too long ago, or it was not yours. Bring the workbook again; nothing was changed.")
        return _page(request, assessment, WorkbookForm(), problem=words, status=409)
    try:
        done = applying.bring(assessment, *found, request.POST.getlist("mine"), request.user)
    except (Sent, signing.BadSignature) as refused:
        return _page(request, assessment, WorkbookForm(), problem=str(refused), status=409)
    count = len(done.taken)
    messages.success(request, ngettext("%(count)s answer was brought in.", "%(count)s answers were brought in.", count) % {"count": count})
    if done.met:
        return _page(request, assessment, WorkbookForm(), met=done.met, status=409)
    return redirect("assessments:exports", pk)


def _page(request: HttpRequest, assessment: Assessment, form: forms.Form, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, PAGE, {"assessment": assessment, "form": form, **more}, status=status)
