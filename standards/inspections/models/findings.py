"""What was done at a visit and what was found. There is no field for who a survivor is, and free text is warned about."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.steps import Stepped, step
from standards.catalogue.models import Indicator, Standard
from standards.inspections import permissions
from standards.inspections.models.inspections import Inspection


def _can_record(by: Any, row: Any) -> bool:
    return permissions.can_record(by, row.inspection)


class OfInspection(models.QuerySet[Any]):
    """Rows of an inspection, as it."""

    def opened_to(self, user: Any) -> "OfInspection":
        """Its cleared team, and whoever may review it."""
        seen = Inspection.objects.opened_to(user) | Inspection.objects.reviewable_by(user)
        return self.filter(inspection__in=seen.values("pk"))


class Activity(models.Model):
    """Something the team did: how, when, and with how many people. Never with whom."""

    class Method(models.TextChoices):
        SURVIVOR = "survivor", _("Talk with survivors")
        STAFF = "staff", _("Talk with staff")
        PARTNER = "partner", _("Talk with a partner")
        OBSERVATION = "observation", _("Observation")
        PREMISES = "premises", _("Look at the premises")
        RECORDS = "records", _("Sample of records")
        DOCUMENT = "document", _("Document")
        DATA = "data", _("Data")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="activities")
    method = models.CharField(_("how"), max_length=20, choices=Method.choices)
    on = models.DateField(_("when"))
    headcount = models.PositiveSmallIntegerField(_("how many people"), default=0)
    interpreter = models.BooleanField(_("with an interpreter"), default=False)
    language_group = models.CharField(_("language group"), max_length=60, blank=True)
    note = models.CharField(_("what was looked at"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        ordering = ("on", "at")
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self) -> str:
        return f"{self.get_method_display()}, {self.on:%d %B %Y}"


class Population(models.Model):
    """A frozen list of pseudonymous references from which samples are drawn. ``sha256`` is over the sorted list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="populations")
    name = models.CharField(_("what is in it"), max_length=150)
    references = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        verbose_name = _("population")

    def __str__(self) -> str:
        return self.name


class Sample(models.Model):
    """A draw by seed: whoever has the population and the seed draws the same again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="samples")
    population = models.ForeignKey(Population, models.PROTECT, related_name="samples")
    seed = models.CharField(max_length=32)
    size = models.PositiveSmallIntegerField(_("how many"))
    drawn = models.JSONField()
    drawn_at = models.DateTimeField(default=timezone.now, editable=False)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        verbose_name = _("sample")

    def __str__(self) -> str:
        return f"{self.size} · {self.population}"


class Finding(Stepped):
    """One finding. ``code`` is its name for ever: H-2026-014-F07."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        AGREED = "agreed", _("Agreed by the team")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Kind(models.TextChoices):
        STRENGTH = "strength", _("Strength")
        MEETS = "meets", _("Meets the standard")
        SHORTFALL = "shortfall", _("Shortfall")
        SERIOUS_CONCERN = "serious_concern", _("Serious concern")
        GOOD_PRACTICE = "good_practice", _("Good practice")

    class Severity(models.TextChoices):
        LOW = "low", _("Low")
        MEDIUM = "medium", _("Medium")
        HIGH = "high", _("High")
        CRITICAL = "critical", _("Critical")

    class Likelihood(models.TextChoices):
        UNLIKELY = "unlikely", _("Unlikely")
        POSSIBLE = "possible", _("Possible")
        LIKELY = "likely", _("Likely")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    organisation_id = models.UUIDField(editable=False)  # the inspectorate's
    code = models.CharField(max_length=30, unique=True, editable=False)
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="findings")
    indicators = models.ManyToManyField(Indicator, blank=True, related_name="findings")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    text = models.TextField(_("what was found"))
    evidence = models.TextField(_("what shows it"), blank=True)
    activities = models.ManyToManyField(Activity, blank=True, related_name="findings")
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, blank=True, related_name="findings")
    severity = models.CharField(_("severity"), max_length=20, choices=Severity.choices, blank=True)
    likelihood = models.CharField(_("likelihood"), max_length=20, choices=Likelihood.choices, blank=True)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")  # of an earlier inspection
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # made on the device: the same finding sent twice is one
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name = _("finding")

    def __str__(self) -> str:
        return self.code

    @step("draft", to="agreed", may=_can_record, label=_("Agree"))
    def agree(self, *, by: Any) -> None:
        """The team stands by it."""

    @step("agreed", to="draft", may=_can_record, label=_("Open again"))
    def reopen(self, *, by: Any) -> None:
        """It has to be worked on."""

    @step("draft", "agreed", to="withdrawn", may=_can_record, label=_("Withdraw"), is_grave=True)
    def withdraw(self, *, by: Any) -> None:
        """It does not stand. Its name is never used again."""


class Photo(models.Model):
    """A picture of a thing, never of a person. Metadata is gone before it is stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="photos")
    caption = models.CharField(_("what it shows"), max_length=200)
    stored_name = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    media_type = models.CharField(max_length=50)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        ordering = ("at",)
        verbose_name = _("photo")

    def __str__(self) -> str:
        return self.caption
