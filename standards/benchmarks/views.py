"""Pages of the anonymous comparison."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from providers.services.models import Service
from standards.benchmarks import bands, chart, releasing
from standards.benchmarks.figures import chapters_of
from standards.benchmarks.models import BenchmarkRelease


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every latest release, and with which of one's own services it can be compared."""
    releases = list(BenchmarkRelease.objects.visible_to(request.user).latest_of_each().select_related("edition__framework"))
    own: dict[str, list[Service]] = {}
    for service in Service.objects.visible_to(request.user):
        own.setdefault(service.kind, []).append(service)
    rows = [(release, own.get(release.service_kind, [])) for release in releases]
    return render(request, "standards/benchmarks/index.html", {"rows": rows})


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One release: the same for everybody. Without a service there is nothing of anybody in it."""
    return render(request, "standards/benchmarks/show.html", _context(request, pk))


@require_safe
def compare(request: HttpRequest, pk: UUID, service: UUID) -> HttpResponse:
    """One release with the frozen figures of one's own service beside it."""
    own = get_object_or_404(Service.objects.visible_to(request.user), pk=service)
    return render(request, "standards/benchmarks/show.html", _context(request, pk, own))


def _context(request: HttpRequest, pk: UUID, service: Service | None = None) -> dict[str, Any]:
    releases = BenchmarkRelease.objects.visible_to(request.user).select_related("edition__framework")
    rivals = {"service_kind": service.kind} if service else {}
    release = get_object_or_404(releases.filter(**rivals), pk=pk)
    snapshot = releasing.own_snapshot(release, service) if service else None
    return {
        "release": release,
        "quarters": BenchmarkRelease.objects.of_same(release),
        "service": service,
        "snapshot": snapshot,
        "rows": chart.rows(
            release.content, release.edition.chapters.order_by("order"), chapters_of(snapshot.content) if snapshot else None
        ),
        "height": chart.HEIGHT,
        "others": bands.OTHERS,
        "step": bands.STEP,
    }
