"""Releases of the anonymous comparison: made once a quarter, never changed, the same for everybody."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.calendar.quarters import Quarter, named
from providers.organisations.permissions import can
from providers.services.models import Service
from standards.catalogue.models import Edition


class BenchmarkReleaseQuerySet(models.QuerySet["BenchmarkRelease"]):
    """Releases, by reader."""

    def visible_to(self, user: Any) -> "BenchmarkReleaseQuerySet":
        """All of them, for whoever reads a provider's own work or figures of the whole sector: nothing in one is anybody's own."""
        return self.all() if can(user, Can.READ) or can(user, Can.READ_AGGREGATES) else self.none()

    def latest_of_each(self) -> "BenchmarkReleaseQuerySet":
        """The newest of each edition and kind of service."""
        same = BenchmarkRelease.objects.filter(edition=models.OuterRef("edition"), service_kind=models.OuterRef("service_kind"))
        newest = models.Subquery(same.order_by("-quarter").values("pk")[:1])
        return self.filter(pk=newest)

    def of_same(self, release: "BenchmarkRelease") -> "BenchmarkReleaseQuerySet":
        """All quarters of one edition and kind, newest first."""
        return self.filter(edition=release.edition_id, service_kind=release.service_kind).order_by("-quarter")


class BenchmarkRelease(models.Model):
    """One quarter of one edition and kind of service.

    ``content`` is what is published (``bands.release`` plus ``as_of``, the quarter whose figures it holds). ``basis`` says which
    snapshots went in, [service, organisation, snapshot]: it is never shown; from it we know how much has changed since. The
    database itself refuses to change or delete a release (migration 0001).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="benchmarks")
    service_kind = models.CharField(max_length=20, choices=Service.Kind.choices)
    quarter = models.CharField(max_length=7)  # 2026-Q3
    content = models.JSONField()
    basis = models.JSONField(default=list)
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = BenchmarkReleaseQuerySet.as_manager()

    class Meta:
        ordering = ("-quarter", "service_kind")
        verbose_name = _("benchmark release")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "service_kind", "quarter"], name="benchmarks_release_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.service_kind} {self.quarter}"

    @property
    def period(self) -> Quarter:
        """The quarter it was made for."""
        return named(self.quarter)

    @property
    def as_of(self) -> Quarter:
        """The quarter whose figures it holds: an older one, while too little has changed."""
        return named(self.content["as_of"])

    @property
    def is_enough(self) -> bool:
        """Whether there are enough services to say anything."""
        return bool(self.content["at_least"])
