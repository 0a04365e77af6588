"""Evidence of an organisation: what it shows, for which period, and its files in versions."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.organisations.models import Organisation
from providers.services.models import Service


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence, by reader and freshness."""

    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """Of organisations whose work this person may read."""
        return self.filter(organisation__in=Organisation.objects.where(user, Can.READ))

    def where(self, user: Any, can: Can) -> "EvidenceQuerySet":
        """Of organisations for which this person may do ``can``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def in_use(self) -> "EvidenceQuerySet":
        """Not put aside."""
        return self.filter(retired_at__isnull=True)

    def due_for_review(self, day: date) -> "EvidenceQuerySet":
        """Whose review date has come."""
        return self.in_use().filter(review_on__lte=day)


class Evidence(models.Model):
    """One item of evidence: a file or a reference to where it is kept, and what it shows. One item may serve many indicators."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("Policy or procedure")
        AUDIT = "audit", _("Audit or check")
        PRACTICE = "practice", _("Record of practice")
        SURVIVOR_VOICE = "survivor_voice", _("What survivors say")
        STAFF_VOICE = "staff_voice", _("What staff say")
        OBSERVATION = "observation", _("Observation")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="evidence")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("service"),
        help_text=_("Leave empty if it holds for the whole organisation."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=150)
    shows = models.CharField(_("what it shows"), max_length=500)
    reference = models.CharField(_("where it is kept"), max_length=300, blank=True)
    period_start = models.DateField(_("covers from"))
    period_end = models.DateField(_("covers until"))
    review_on = models.DateField(_("review on"))
    is_anonymised = models.BooleanField(_("names nobody and no place"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(period_end__gte=models.F("period_start")), name="evidence_evidence_period")
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    """Files, as their evidence."""

    def visible_to(self, user: Any) -> "EvidenceFileQuerySet":
        """As the evidence."""
        return self.filter(evidence__in=Evidence.objects.visible_to(user))


class EvidenceFile(models.Model):
    """One version of a file. The stored name is random; the name people gave is shown cleaned."""

    class Scan(models.TextChoices):
        WAITING = "waiting", _("Not checked yet")
        CLEAN = "clean", _("Checked")
        INFECTED = "infected", _("Refused: it carries malicious code")
        NOT_REQUIRED = "not_required", _("No scanner is set up here")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()  # 1, 2, 3 …
    stored_name = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shown_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=20, choices=Scan.choices, default=Scan.WAITING)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = EvidenceFileQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name = _("file")
        constraints: ClassVar = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_file_number")]

    def __str__(self) -> str:
        return self.shown_name
