"""Makes the release of a quarter: once, from frozen snapshots, whatever happens to the live rows later."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.calendar.quarters import Quarter
from providers.services.models import Service
from standards.assessments.models import Assessment, Snapshot
from standards.benchmarks.bands import Contribution, has_changed_enough, release
from standards.benchmarks.figures import chapters_of
from standards.benchmarks.models import BenchmarkRelease
from standards.catalogue.models import Edition

OLDEST = timedelta(days=2 * 365)  # an approval older than this says little of today


def freeze_quarter(quarter: Quarter) -> list[BenchmarkRelease]:
    """The releases of ``quarter``, of every edition and kind that anybody has assessed. A second call changes nothing."""
    pairs = _approved(quarter).values_list("assessment__edition", "assessment__service_kind").distinct()
    return [freeze(Edition.objects.get(pk=edition), kind, quarter) for edition, kind in sorted(set(pairs), key=str)]


def freeze(edition: Edition, kind: str, quarter: Quarter) -> BenchmarkRelease:
    """The release of one edition, kind and quarter. "Too few" is frozen too: a late approval must not make one appear."""
    with transaction.atomic():
        row, _new = BenchmarkRelease.objects.get_or_create(
            edition=edition, service_kind=kind, quarter=str(quarter), defaults=_figures(edition, kind, quarter)
        )
    return row


def _figures(edition: Edition, kind: str, quarter: Quarter) -> dict[str, object]:
    earlier = BenchmarkRelease.objects.filter(edition=edition, service_kind=kind, quarter__lt=str(quarter)).order_by("-quarter").first()
    found = contributions(edition, kind, quarter)
    after = {one.service: (one.organisation, one.snapshot) for one in found}
    if earlier and earlier.is_enough:
        before = {service: (organisation, snapshot) for service, organisation, snapshot in earlier.basis}
        if not has_changed_enough(before, after):
            return {"content": earlier.content, "basis": earlier.basis, "frozen_at": timezone.now()}
    chapters = list(edition.chapters.order_by("order").values_list("code", flat=True))
    content = {**release(found, chapters), "as_of": str(quarter)}
    return {"content": content, "basis": [[one.service, one.organisation, one.snapshot] for one in found], "frozen_at": timezone.now()}


def contributions(edition: Edition, kind: str, quarter: Quarter) -> list[Contribution]:
    """The newest snapshot of each service that is still at work, approved before the quarter ended. What is reopened stands until then."""
    latest: dict[object, Snapshot] = {}
    rows = _approved(quarter).filter(assessment__edition=edition, assessment__service_kind=kind)
    for snapshot in rows.exclude(assessment__service__status=Service.Status.CLOSED).order_by("-approval__at"):
        latest.setdefault(snapshot.assessment.service_id, snapshot)
    return [
        Contribution(str(service), str(one.assessment.organisation_id), str(one.pk), chapters_of(one.content))
        for service, one in sorted(latest.items(), key=lambda item: str(item[0]))
    ]


def _approved(quarter: Quarter) -> QuerySet[Snapshot]:
    rows = Snapshot.objects.filter(approval__at__lt=quarter.end, approval__at__gte=quarter.end - OLDEST)
    return rows.exclude(assessment__status=Assessment.Status.ARCHIVED).select_related("assessment")


def own_snapshot(row: BenchmarkRelease, service: Service) -> Snapshot | None:
    """The frozen figures of one's own service that stand beside the bands: those that went in, else its latest before the quarter's end."""
    inside = next((snapshot for own, _organisation, snapshot in row.basis if own == str(service.pk)), None)
    snapshots = Snapshot.objects.filter(assessment__service=service, assessment__edition=row.edition_id)
    if inside is not None:
        return snapshots.filter(pk=inside).first()
    return snapshots.filter(approval__at__lt=row.period.end).order_by("-approval__at").first()
