"""Two assessments of one service side by side."""

from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from standards.assessments import comparing
from standards.assessments.forms.comparing import CompareForm
from standards.assessments.views import access


@require_safe
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Indicator by indicator, with another one of the same service; all of it, or only what changed."""
    assessment = access.seen(request, pk)
    form = CompareForm(request.GET or None, assessment=assessment, user=request.user)
    context = {"assessment": assessment, "form": form, "has_others": bool(form.others)}
    other = form.chosen()
    if other is not None:
        sides = sorted((assessment, other), key=lambda row: (row.period_end, row.created_at))
        found = comparing.compare(*(comparing.side(row, request.user) for row in sides))
        rows = found.changed if form.only_changed() else found.rows
        groups = [(title, list(members)) for title, members in groupby(rows, lambda row: row.line.chapter_title)]
        context |= {"comparison": found, "groups": groups, "shown": len(rows), "total": len(found.rows)}
    return render(request, "standards/assessments/compare.html", context)
