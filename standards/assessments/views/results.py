"""Results: the profile first, critical gaps, how every figure was worked out, the whole last; and over the years."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.roles import Can
from portal.design.charts import Bar, Point
from providers.organisations.permissions import can
from standards.assessments import comparing
from standards.assessments.comparing import Side, Year
from standards.assessments.models import Assessment
from standards.assessments.scoring import Score
from standards.assessments.views import access

PAGE = 25


@require_safe
def results(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the answers add up to. Of what was sent: the frozen figures; of a draft: as it stands now."""
    assessment = access.seen(request, pk)
    now = comparing.side(assessment, request.user)
    years = comparing.over_the_years(assessment, request.user)
    before = next((year for year in reversed(years) if year.assessment.pk != pk and year.period_end <= assessment.period_end), None)
    titles = {line.chapter: line.chapter_title for line in now.lines.values()}
    context = {
        "assessment": assessment, "snapshot": now.snapshot, "result": now.result, "whole": now.result.whole, "years": years,
        "bars": [_bar(score, titles, before) for score in now.result.chapters], "gaps": _gaps(now), "before": before,
        "chapters": [(titles[score.code], score) for score in now.result.chapters],
        "points": [Point(f"{year.period_end:%Y}", year.percent) for year in years],
        "is_own": can(request.user, Can.READ, assessment.organisation_id), "breaks": any(year.has_break for year in years),
    }  # fmt: skip
    return render(request, "standards/assessments/results.html", context)


@require_safe
def shared_with_us(request: HttpRequest) -> HttpResponse:
    """What other organisations share with one's own now, the newest first."""
    rows = Assessment.objects.shared_with(request.user).select_related("service", "organisation", "edition__framework")
    page = Paginator(rows.order_by("-approved_at", "pk"), PAGE).get_page(request.GET.get("page"))
    if not can(request.user, Can.READ_SHARED):
        raise PermissionDenied
    return render(request, "standards/assessments/shared_with_us.html", {"page": page})


def _bar(score: Score, titles: dict[str, str], before: Year | None) -> Bar:
    answered = _("%(answered)d of %(asked)d answered") % {
        "answered": score.answered + score.excluded,
        "asked": score.applicable + score.excluded,
    }
    holding = [code for part in score.parts for code in part.capped_by]
    note = f"{answered} · " + _("held down by %s") % ", ".join(holding) if holding else answered
    return Bar(titles[score.code], score.percent, note, before=before.chapters.get(score.code) if before else None, is_held=bool(holding))


def _gaps(now: Side) -> list[tuple[str, str, str]]:
    """Code, words and value of each, worst first."""
    return [(item.indicator, now.lines[item.indicator].text, item.value) for item in now.result.critical_gaps]
