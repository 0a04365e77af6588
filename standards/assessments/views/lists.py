"""The list of self-assessments, and the first page of one."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.accounts.roles import Can
from providers.organisations.permissions import can
from standards.assessments import asking, freezing, permissions, readiness, reading
from standards.assessments.forms.beginning import ListFilter
from standards.assessments.views import access

PAGE = 25


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every assessment of one's own organisations. The figures come from where every other page has them."""
    form = ListFilter(request.GET or None, user=request.user)
    page = Paginator(form.narrowed(), PAGE).get_page(request.GET.get("page"))
    results = reading.scores(page.object_list)
    rows = [(assessment, results[assessment.pk]) for assessment in page.object_list]
    context = {"form": form, "page": page, "rows": rows, "may_begin": can(request.user, Can.ASSESS)}
    return render(request, "standards/assessments/index.html", context)


@require_safe
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One assessment: what is critical, what is missing, and its chapters."""
    assessment = access.own(request, pk)
    answers = freezing.answers_of(assessment)
    result = reading.score_of(answers)
    by_code = {answer.indicator.code: answer for answer in answers}
    problems = readiness.problems(assessment, answers)
    undecided = {problem.code for problem in problems if problem.kind == "no_action"}
    context = {
        "assessment": assessment, "result": result, "whole": result.whole, "lines": asking.lines(assessment, result),
        "gaps": [(by_code[item.indicator], item.indicator in undecided) for item in result.critical_gaps],
        "problems": [problem for problem in problems if problem.kind not in ("unanswered", "no_action")],
        "next": next((answer for answer in answers if not answer.value), None),
        "may_answer": permissions.can_answer(request.user, assessment),
    }  # fmt: skip
    return render(request, "standards/assessments/overview.html", context)
