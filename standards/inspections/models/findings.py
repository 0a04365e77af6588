"""What was done at a visit and what was found. There is no field for who a survivor is, and free text is warned about."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from standards.actions.models import Outdated
from standards.catalogue.models import Indicator, Standard
from standards.inspections import permissions
from standards.inspections.models.inspections import Inspection


def _can_record(by: Any, row: Any) -> bool:
    return permissions.can_record(by, row.inspection)


class OfInspection(models.QuerySet[Any]):
    """Rows of an inspection, as it."""

    def opened_to(self, user: Any) -> "OfInspection":
        """Its cleared team, and whoever may review it."""
        return self.filter(inspection__in=Inspection.objects.content_for(user).values("pk"))


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


class Findings(OfInspection):
    """Findings, by what they are."""

    def standing(self) -> "Findings":
        """Not withdrawn."""
        return self.exclude(status=Finding.Status.WITHDRAWN)

    def in_full(self) -> "Findings":
        """With what a list shows, by code."""
        return self.select_related("standard__chapter", "by", "sample__population", "repeats").prefetch_related("indicators", "activities")

    def of_earlier(self, inspection: Inspection) -> "Findings":
        """What the inspection before this one found and stood by: the next one opens with it."""
        return self.filter(inspection=inspection.earlier_id, status=Finding.Status.AGREED).select_related("standard")


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

    objects: ClassVar[Any] = Findings.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name = _("finding")

    def __str__(self) -> str:
        return self.code

    GRAVE_KINDS = ("shortfall", "serious_concern")
    TONES: ClassVar[dict[str, str]] = {"draft": "plain", "agreed": "good", "withdrawn": "care"}
    WRITTEN = ("standard", "kind", "text", "evidence", "sample", "severity", "likelihood", "is_urgent", "repeats")

    def clean(self) -> None:
        """What belongs together. Severity belongs to what is wrong, and to nothing else."""
        wrong: dict[str, Any] = {}
        if not self.text.strip():
            wrong["text"] = _("Say what was found.")
        if not self.inspection.scopes.filter(standard=self.standard_id).exists():
            wrong["standard"] = _("This standard is not in the scope of the inspection.")
        if self.kind in self.GRAVE_KINDS and not self.severity:
            wrong["severity"] = _("Say how severe it is.")
        if self.kind not in self.GRAVE_KINDS and (self.severity or self.likelihood):
            wrong["severity"] = _("Only a shortfall or a serious concern has a severity.")
        if self.sample is not None and self.sample.inspection_id != self.inspection_id:
            wrong["sample"] = _("This sample belongs to another inspection.")
        if self.repeats is not None and self.repeats.inspection_id != self.inspection.earlier_id:
            wrong["repeats"] = _("Choose a finding of the inspection before this one.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def is_thin(self) -> bool:
        """A shortfall that only one method shows. Not refused, but said."""
        return self.kind in self.GRAVE_KINDS and len({activity.method for activity in self.activities.all()}) < 2

    @step("draft", to=None, may=_can_record, label=_("Change"))
    def change(self, values: Mapping[str, Any], indicators: Any, activities: Any, *, base: int, by: Any) -> dict[str, Any]:
        """Change a draft. ``base``: the version its writer had seen; raises ``Outdated`` when there is a newer one."""
        if self.version != base:
            raise Outdated(self)
        changed = sorted(name for name in self.WRITTEN if name in values and getattr(self, name) != values[name])
        for name in changed:
            setattr(self, name, values[name])
        self.indicators.set(indicators)
        self.activities.set(activities)
        return {"fields": changed}

    @step("draft", to="agreed", may=_can_record, label=_("Agree"))
    def agree(self, *, by: Any) -> None:
        """The team stands by it. A finding without evidence is none."""
        if not self.evidence.strip() and not self.activities.exists() and self.sample_id is None:
            raise ValidationError(_("Nothing shows this yet. Name the evidence, an activity or a sample first."))

    @step("agreed", to="draft", may=_can_record, label=_("Open again"))
    def reopen(self, *, by: Any) -> None:
        """It has to be worked on."""

    @step(
        "draft", "agreed", to="withdrawn", may=_can_record, label=_("Withdraw"), is_grave=True,
        explain=_("It does not stand. It stays readable, and its name is never used again."),
    )  # fmt: skip
    def withdraw(self, *, by: Any) -> None:
        """It does not stand. Its name is never used again."""


class Alerts(OfInspection):
    """Alerts, by who has to act."""

    def told_to(self, user: Any) -> "Alerts":
        """Of services whose managers this person is one of, where nobody would be in danger if they knew."""
        known = Inspection.objects.announced_to(user).filter(provider__in=Organisation.objects.where(user, Can.MANAGE_SERVICES))
        return self.filter(to_provider=True, inspection__in=known.values("pk")).exclude(finding__status=Finding.Status.WITHDRAWN)

    def unseen_by_lead(self, user: Any) -> "Alerts":
        """In inspections that this person leads, not looked at yet."""
        rows = self.filter(lead_seen_at__isnull=True, inspection__in=Inspection.objects.led_by(user).values("pk"))
        return rows.exclude(finding__status=Finding.Status.WITHDRAWN)


class Alert(models.Model):
    """A serious concern was raised: whoever must act is told at once, outside the report and its clock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="alerts")
    organisation_id = models.UUIDField(editable=False)  # the inspectorate's
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="alert")
    to_provider = models.BooleanField(_("tell the provider’s managers now"))
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now, editable=False)
    lead_seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lead_seen_at = models.DateTimeField(null=True, blank=True)
    provider_seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    provider_seen_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = Alerts.as_manager()

    class Meta:
        ordering = ("raised_at",)
        verbose_name = _("alert")

    def __str__(self) -> str:
        return str(self.finding)


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
