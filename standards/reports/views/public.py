"""Public summaries of inspections, and whether a document is current. Nothing is asked, nothing is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal import hashing
from portal.languages import BY_CODE, SOURCE
from standards.reports import freezing, reading
from standards.reports.models import NationalSummary, Rendition


def _language() -> Any:
    return BY_CODE[get_language() or SOURCE]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every summary that was published and stands, and the figures of every year that was released."""
    rows = Rendition.objects.public().filter(superseded_by__isnull=True).order_by("-published_at")
    context = {"language": _language(), "rows": rows, "years": NationalSummary.objects.public()}
    return render(request, "standards/reports/public_index.html", context)


@require_safe
def summary(request: HttpRequest, slug: str) -> HttpResponse:
    """One summary. Withdrawn: 410. Replaced: it says so and leads on (C14)."""
    found = get_object_or_404(Rendition.objects.ever_public().select_related("superseded_by"), slug=slug)
    if found.withdrawn_at is not None:
        return render(request, "standards/reports/public_gone.html", {"language": _language()}, status=410)
    if not hashing.is_intact(found):
        return render(request, "standards/reports/public_gone.html", {"language": _language()}, status=410)
    content = found.content
    titles = {row["standard"]: row["title"] for row in content["judgements"]} | {
        row["code"]: row["title"] for row in content["key_questions"]
    }
    newer = found.superseded_by
    context = {
        "language": _language(), "rendition": found, "content": content, "groups": reading.groups_of(content["statements"], titles),
        "newer": newer if newer is not None and newer.published_at and not newer.withdrawn_at else None,
        "spoken": freezing.spoken(found.code),
    }  # fmt: skip
    return render(request, "standards/reports/public_summary.html", context)


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the document with this code is current. It says nothing of what stands in it."""
    asked = code.upper().replace("-", "").translate(str.maketrans("OIL", "011"))
    found = Rendition.objects.by_code(asked)
    state = "unknown"
    if found is not None:
        state = "withdrawn" if found.withdrawn_at else "replaced" if found.superseded_by_id else "current"
    context = {"language": _language(), "state": state, "made_at": found.made_at if found else None, "spoken": freezing.spoken(asked)[:20]}
    return render(request, "standards/reports/public_verify.html", context)
