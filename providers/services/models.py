"""Services of an organisation. There is no field for an address, on purpose: a safehouse that is not stored cannot leak."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.organisations.models import Organisation


class Nation(models.TextChoices):
    """The four nations, each with law and support of its own."""

    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


class Region(models.TextChoices):
    """As coarse as a place may be named: regions of England, and whole nations."""

    NORTH_EAST = "north_east", _("North East")
    NORTH_WEST = "north_west", _("North West")
    YORKSHIRE = "yorkshire", _("Yorkshire and the Humber")
    EAST_MIDLANDS = "east_midlands", _("East Midlands")
    WEST_MIDLANDS = "west_midlands", _("West Midlands")
    EAST = "east", _("East of England")
    LONDON = "london", _("London")
    SOUTH_EAST = "south_east", _("South East")
    SOUTH_WEST = "south_west", _("South West")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services, by reader."""

    def visible_to(self, user: Any) -> "ServiceQuerySet":
        """Those of organisations whose work this person may read."""
        return self.filter(organisation__in=Organisation.objects.where(user, Can.READ))

    def where(self, user: Any, can: Can) -> "ServiceQuerySet":
        """Those for which this person may do ``can``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def public(self) -> "ServiceQuerySet":
        """What everybody may read: made public by its manager, open, of an active organisation."""
        return self.filter(is_public=True, status=Service.Status.OPEN, organisation__status=Organisation.Status.ACTIVE)


class Service(models.Model):
    """One service. ``public_alias`` is all that anybody outside ever sees of a safehouse's name."""

    class Kind(models.TextChoices):
        SAFEHOUSE = "safehouse", _("Safehouse")
        OUTREACH = "outreach", _("Outreach")
        ACCOMMODATION = "accommodation", _("Other accommodation")
        FIRST_RESPONSE = "first_response", _("First response")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    name = models.CharField(_("name"), max_length=100, help_text=_("A name your staff use. Never an address, a street or a landmark."))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices)
    region = models.CharField(_("region"), max_length=20, choices=Region.choices)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.OPEN)
    public_alias = models.CharField(_("name for the public"), max_length=100, blank=True)
    public_summary = models.CharField(_("what the public reads"), max_length=300, blank=True)
    is_public = models.BooleanField(_("listed in public"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("service")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="services_service_name"),
            models.CheckConstraint(condition=~models.Q(is_public=True, public_alias=""), name="services_public_needs_alias"),
        ]

    def __str__(self) -> str:
        return self.name


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, by date and reader."""

    def on(self, day: date) -> "ContractQuerySet":
        """In force on ``day``."""
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day))

    def visible_to(self, user: Any) -> "ContractQuerySet":
        """As the service."""
        return self.filter(service__in=Service.objects.visible_to(user))


class Contract(models.Model):
    """Under which contract a service works, from when to when: contracts end and services go on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="contracts")
    name = models.CharField(_("contract"), max_length=150)
    commissioner = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="contracts")
    role = models.CharField(
        _("role"), max_length=20, choices=[("prime", _("Prime contractor")), ("subcontractor", _("Subcontractor")), ("grant", _("Grant"))]
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[Any] = ContractQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        verbose_name = _("contract")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")), name="services_contract_dates"
            )
        ]

    def __str__(self) -> str:
        return self.name
