"""Answers, every version of them, and the evidence they stand on."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from standards.assessments.models.assessments import Assessment
from standards.catalogue.models import Indicator
from standards.evidence.models import Evidence


class Value(models.TextChoices):
    """How far an indicator is met."""

    NOT_MET = "not_met", _("Not met")
    PARTLY_MET = "partly_met", _("Partly met")
    MOSTLY_MET = "mostly_met", _("Mostly met")
    FULLY_MET = "fully_met", _("Fully met")
    NOT_APPLICABLE = "not_applicable", _("Does not apply")


class Confidence(models.TextChoices):
    """How well an answer can be shown."""

    NONE = "none", _("Nothing yet")
    DESCRIBED = "described", _("Described")
    DOCUMENT = "document", _("A document shows it")
    OBSERVED = "observed", _("Observed, or told by survivors")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers, by reader."""

    def visible_to(self, user: Any) -> "AnswerQuerySet":
        """One's own organisation's. With whom an assessment is shared reads its snapshot, never these rows."""
        return self.filter(assessment__in=Assessment.objects.where(user, Can.READ))

    def in_order(self) -> "AnswerQuerySet":
        """As the edition reads."""
        return self.order_by("indicator__standard__chapter__order", "indicator__standard__order", "indicator__order")

    def unconfirmed(self) -> "AnswerQuerySet":
        """Carried over from last time, and nobody has said yet that they are still true."""
        return self.filter(carried_from__isnull=False, confirmed_at__isnull=True)


class Answer(models.Model):
    """One answer to one indicator. The row is made when the assessment begins; ``value`` is empty until somebody answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="answers")
    value = models.CharField(max_length=20, choices=Value.choices, blank=True)
    comment = models.TextField(blank=True)  # for "does not apply" this is the reason
    confidence = models.CharField(max_length=20, choices=Confidence.choices, default=Confidence.NONE)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)  # 0: never touched
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)  # a carried answer counts only once somebody said "still true"
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ManyToManyField(Evidence, through="EvidenceUse", related_name="answers")

    objects: ClassVar[Any] = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "indicator"], name="assessments_answer_once")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.value}"

    @property
    def is_unconfirmed(self) -> bool:
        """Carried over from last time, and nobody has said yet that it is still true."""
        return self.carried_from_id is not None and self.confirmed_at is None


class AnswerVersion(models.Model):
    """Every text that was ever sent for an answer, also one that came too late: nothing typed is lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="versions")
    key = models.UUIDField(unique=True)  # made by the sender: the same save sent twice is one version
    version = models.PositiveIntegerField(null=True, blank=True)  # empty: it met a newer one and was not taken
    base = models.PositiveIntegerField()  # the version its writer had seen
    value = models.CharField(max_length=20, choices=Value.choices, blank=True)
    comment = models.TextField(blank=True)
    confidence = models.CharField(max_length=20, choices=Confidence.choices, default=Confidence.NONE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("at",)
        verbose_name = _("version of an answer")
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "version"], name="assessments_answer_version")]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.version}"


class EvidenceUse(models.Model):
    """An item of evidence stands under an answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="uses")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="uses")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("use of evidence")
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "evidence"], name="assessments_use_once")]

    def __str__(self) -> str:
        return f"{self.evidence_id} → {self.answer_id}"
