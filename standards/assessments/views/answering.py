"""The pages on which answers are written, and the address that keeps them.

One address per answer takes both a form without script (and leads back to where it was sent from) and the script that saves as
people type (and is answered in JSON). Never one form for a whole page: what somebody else writes meanwhile is not touched.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from standards.assessments import asking, beside, moving, permissions, reading, replies, versions
from standards.assessments.forms.answers import AnswerForm, writer_mark
from standards.assessments.models import Answer, Assessment
from standards.assessments.saving import Outcome, Sent
from standards.assessments.views import access


@require_safe
def chapter(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """One chapter with all its questions."""
    assessment = access.own(request, pk)
    lines = asking.lines(assessment, reading.score(assessment))
    at = next((at for at, line in enumerate(lines) if line.chapter.code == code), None)
    if at is None:
        raise Http404
    around = {"line": lines[at], "before": lines[at - 1] if at else None, "after": lines[at + 1] if at + 1 < len(lines) else None}
    found = asking.rows(asking.answers(assessment, code), assessment, request.user)
    return _page(request, assessment, found, {"lines": lines, "back": "chapter", **around})


@require_safe
def all_answers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every question on one page; of very long sets, some hundred at a time."""
    assessment = access.own(request, pk)
    page = Paginator(asking.answers(assessment), asking.MOST).get_page(request.GET.get("page"))
    found = asking.rows(page.object_list, assessment, request.user)
    return _page(request, assessment, found, {"page": page, "back": "all", "is_all": True})


def _page(request: HttpRequest, assessment: Assessment, found: list[asking.Row], more: dict[str, Any]) -> HttpResponse:
    around = beside.examples(request.user, [row.answer.indicator.standard_id for row in found])
    own = moving.counts(request.user, assessment, [row.answer.indicator.standard.code for row in found])
    more = {"groups": list(asking.groups(found, around, own))} | more
    return render(request, "standards/assessments/chapter.html", _context(request, assessment, found) | more)


def _context(request: HttpRequest, assessment: Assessment, found: list[asking.Row]) -> dict[str, Any]:
    may_answer = permissions.can_answer(request.user, assessment)
    return {
        "assessment": assessment, "groups": list(asking.groups(found)), "total": len(found), "may_answer": may_answer,
        "may_link": may_answer, "writer": writer_mark(request.user), "answered": sum(bool(row.answer.value) for row in found),
        **asking.choices(),
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One answer: read it, or save it."""
    row = _answer(request, pk) if request.method != "POST" else None
    if row is not None and replies.is_wanted(request):
        return replies.standing(request, row)
    if row is not None:
        return _single(request, row)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _refused(request, pk, form, [str(error) for errors in form.errors.values() for error in errors], 422)
    try:
        return _saved(request, form, form.save(pk, by=request.user))
    except Answer.DoesNotExist as none:
        raise Http404 from none
    except Sent as sent:
        return _refused(request, pk, form, [str(sent)], 409)
    except ValidationError as problem:
        return _refused(request, pk, form, problem.messages, 422)


def _answer(request: HttpRequest, pk: UUID) -> Answer:
    needed = ("assessment__service", "assessment__edition__framework", "indicator__standard__chapter", "answered_by")
    found: Answer = get_object_or_404(Answer.objects.visible_to(request.user).select_related(*needed), pk=pk)
    return found


def _single(request: HttpRequest, row: Answer, more: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    found = asking.rows([row], row.assessment, request.user)
    context = _context(request, row.assessment, found) | {"answer": row, "row": found[0], "back": "answer", **(more or {})}
    return render(request, "standards/assessments/answer.html", context, status=status)


def _saved(request: HttpRequest, form: AnswerForm, outcome: Outcome) -> HttpResponse:
    if replies.is_wanted(request):
        return replies.saved(outcome)
    row = _answer(request, outcome.answer.pk)
    if not outcome.is_taken:
        return _single(request, row, {"mine": form.text(), "is_conflict": True, **replies.both(row, form.text())}, 409)
    messages.success(request, _("%(code)s saved %(time)s") % {"code": row.indicator.code, "time": replies.clock(outcome.at)})
    pages = {
        "chapter": reverse("assessments:chapter", args=[row.assessment_id, row.indicator.standard.chapter.code]),
        "all": reverse("assessments:all_answers", args=[row.assessment_id]),
    }
    back = pages.get(request.POST.get("back", ""), reverse("assessments:answer", args=[row.pk]))
    return redirect(f"{back}#{row.indicator.code}")


def _refused(request: HttpRequest, pk: UUID, form: AnswerForm, problems: list[str], status: int) -> HttpResponse:
    """Nothing was saved, and nothing typed is lost: it stands on the page that says so."""
    row = _answer(request, pk)
    if not permissions.can_write(request.user, row.assessment):
        raise PermissionDenied
    if replies.is_wanted(request):
        return replies.refused(problems, status)
    return _single(request, row, {"mine": form.typed(), "refusals": problems}, status)


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that was ever sent for one answer, with what changed from one to the next."""
    row = _answer(request, pk)
    page = Paginator(versions.sittings(row), versions.PAGE).get_page(request.GET.get("page"))
    return render(request, "standards/assessments/history.html", {"answer": row, "assessment": row.assessment, "page": page})
