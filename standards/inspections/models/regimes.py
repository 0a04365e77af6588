"""A regime: under which rules an inspectorate inspects, from when to when. Dated data, never constants in code."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.calendar.working_days import Calendar
from providers.organisations.models import Organisation
from standards.catalogue.models import Edition


class Audience(models.TextChoices):
    """To whom a report goes unless somebody decides otherwise. Never wider by itself."""

    PROVIDER_AND_COMMISSIONER = "provider_and_commissioner", _("The provider and the commissioner")
    NAMED = "named", _("Organisations named one by one")
    PUBLIC = "public", _("Everybody")


class RegimeQuerySet(models.QuerySet["Regime"]):
    """Regimes, by date."""

    def on(self, day: date) -> "RegimeQuerySet":
        """In force on ``day``."""
        return self.filter(valid_from__lte=day).filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day))

    def of_leads(self, user: Any) -> "RegimeQuerySet":
        """Under which this person may plan inspections."""
        return self.filter(inspectorate__in=Organisation.objects.where(user, Can.LEAD_INSPECTION)).select_related("edition__framework")

    def visible_to(self, user: Any) -> "RegimeQuerySet":
        """Of inspectorates of which this person is a member."""
        return self.filter(inspectorate__in=Organisation.objects.visible_to(user)).select_related("edition__framework", "inspectorate")


class Regime(models.Model):
    """The rules of one inspectorate. An inspection keeps the regime it began under.

    ``deadlines``: name of a step -> {"days": number, "unit": "working" or "calendar", "source": where it comes from}.
    ``rating_scale``: [{"code", "title", "meaning"}], best first; empty where the regime does not rate.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    letter = models.CharField(max_length=3)  # the beginning of every finding's name: H in H-2026-014-F07
    name = models.CharField(max_length=150)
    inspectorate = models.ForeignKey(Organisation, models.PROTECT, related_name="regimes")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="regimes")
    service_kinds = models.JSONField(default=list, blank=True)  # empty: any
    nations = models.JSONField(default=list, blank=True)  # where its services are; empty: anywhere. The calendar only counts days
    calendar = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Calendar])
    uses_ratings = models.BooleanField(default=False)
    rating_scale = models.JSONField(default=list, blank=True)
    allows_requirements = models.BooleanField(default=False)
    default_audience = models.CharField(max_length=40, choices=Audience.choices, default=Audience.PROVIDER_AND_COMMISSIONER)
    deadlines = models.JSONField(default=dict)
    blind_share = models.PositiveSmallIntegerField(default=10)  # percent of findings that get a second, blind view
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source_note = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = RegimeQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("regime")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(uses_ratings=True) | models.Q(rating_scale=[]), name="inspections_regime_scale_only_with_ratings"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def covers(self, service: Any) -> bool:
        """Whether it can be applied to this service."""
        return (not self.service_kinds or service.kind in self.service_kinds) and (not self.nations or service.nation in self.nations)

    def ratings(self) -> dict[str, str]:
        """Code and title of each rating, best first; empty where the regime does not rate."""
        return {row["code"]: row["title"] for row in self.rating_scale} if self.uses_ratings else {}
