"""What the inspectorate thinks of each standard, beside what the provider thinks: two columns, never one."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standards.catalogue.models import Standard
from standards.inspections.models.findings import Finding, OfInspection
from standards.inspections.models.inspections import Inspection


class Judgement(models.Model):
    """How far a standard is met, and why. Two steps from the provider's own answer needs ``difference``: a comment on that."""

    class Value(models.TextChoices):
        MET = "met", _("Met")
        MOSTLY_MET = "mostly_met", _("Mostly met")
        PARTLY_MET = "partly_met", _("Partly met")
        NOT_MET = "not_met", _("Not met")
        NOT_INSPECTED = "not_inspected", _("Not inspected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="judgements")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")
    value = models.CharField(_("judgement"), max_length=20, choices=Value.choices)
    reason = models.TextField(_("reason"))
    difference = models.TextField(_("why it differs from the provider's own view"), blank=True)
    own_value = models.CharField(max_length=20, choices=Value.choices, blank=True, editable=False)  # beside which this was judged
    own_receipt = models.CharField(max_length=12, blank=True, editable=False)  # of the provider's own copy that said so
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        verbose_name = _("judgement")
        constraints: ClassVar = [models.UniqueConstraint(fields=["inspection", "standard"], name="inspections_judgement_once")]

    def __str__(self) -> str:
        return f"{self.standard}: {self.get_value_display()}"


class Narrative(models.Model):
    """What is said under one key question, and a rating where the regime has one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="narratives")
    key_question = models.SlugField(max_length=20)
    text = models.TextField(_("narrative"), blank=True)
    rating = models.SlugField(_("rating"), max_length=30, blank=True)
    rating_reason = models.TextField(_("why this rating"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        verbose_name = _("narrative")
        constraints: ClassVar = [models.UniqueConstraint(fields=["inspection", "key_question"], name="inspections_narrative_once")]

    def __str__(self) -> str:
        return self.key_question


class Approval(models.Model):
    """A quality reviewer stands by the findings and judgements as they were; ``sha256`` is over them. Never changed or deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="approvals")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        ordering = ("-at",)
        verbose_name = _("approval of judgements")

    def __str__(self) -> str:
        return self.sha256[:12]


class BlindViews(OfInspection):
    """Second views, given and not."""

    def waiting(self) -> "BlindViews":
        """Drawn, and nobody has given one yet."""
        return self.filter(at__isnull=True)


class BlindView(models.Model):
    """A second inspector's view of a finding, given without seeing the first. Which findings: drawn by seed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="blind_views")
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="blind_view")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Finding.Kind.choices, blank=True)
    severity = models.CharField(max_length=20, choices=Finding.Severity.choices, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = BlindViews.as_manager()

    class Meta:
        ordering = ("finding__code",)
        verbose_name = _("blind view")

    def __str__(self) -> str:
        return str(self.finding)


class ReviewRemark(models.Model):
    """What the quality reviewer says: about a finding, a judgement, or the whole. It can be settled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="review_remarks")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="review_remarks")
    judgement = models.ForeignKey(Judgement, models.PROTECT, null=True, blank=True, related_name="review_remarks")
    text = models.TextField(_("remark"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = OfInspection.as_manager()

    class Meta:
        ordering = ("at",)
        verbose_name = _("remark of the review")

    def __str__(self) -> str:
        return self.text[:60]
