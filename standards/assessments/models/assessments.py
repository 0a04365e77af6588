"""A self-assessment, the frozen copies of it, and with whom it was shared."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.assessments import freezing, permissions
from standards.catalogue.models import Edition


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments, by reader."""

    def visible_to(self, user: Any) -> "AssessmentQuerySet":
        """Of one's own organisations, whatever their state; of others only what they shared with an organisation of one's own."""
        own = models.Q(organisation__in=Organisation.objects.where(user, Can.READ))
        audience = Organisation.objects.where(user, Can.READ_SHARED)
        given = Share.objects.filter(ended_at__isnull=True, organisation__in=audience).values("assessment")
        return self.filter(own | models.Q(status=Assessment.Status.SHARED, pk__in=given))

    def where(self, user: Any, can: Can) -> "AssessmentQuerySet":
        """Of organisations for which this person may do ``can``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))


class Assessment(Stepped):
    """A service judges itself against one edition. It pins both: a later edition or another kind of service changes nothing."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        SHARED = "shared", _("Shared")
        KEPT_PRIVATE = "kept_private", _("Kept private")
        ARCHIVED = "archived", _("Archived")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assessments")
    service = models.ForeignKey(Service, models.PROTECT, related_name="assessments")
    service_kind = models.CharField(max_length=20, editable=False)  # as it was when the assessment began
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="assessments")
    title = models.CharField(_("title"), max_length=150)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    due_on = models.DateField(_("to be finished by"), null=True, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="following")
    revision = models.PositiveSmallIntegerField(default=1, editable=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("self-assessment")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(period_end__gte=models.F("period_start")), name="assessments_assessment_period")
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-created_at"], name="assessments_list"),
            models.Index(fields=["status", "-created_at"], name="assessments_status"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_only_author(self, user: Any) -> bool:
        """Whether nobody but ``user`` has answered anything in this revision."""
        authors = set(self.answers.exclude(answered_by=None).values_list("answered_by", flat=True))
        return authors <= {user.pk}

    @step("draft", to="in_review", may=permissions.can_submit, label=_("Send for review"), is_grave=True)
    def submit(self, *, by: Any) -> dict[str, Any]:
        """One act: the answers are frozen, hashed, and a receipt is given (C6). Raises ``ValidationError`` while something is missing."""
        self.submitted_at, self.submitted_by = timezone.now(), by
        return freezing.freeze(self, by=by)

    @step("in_review", to="draft", may=permissions.can_return, label=_("Return with a comment"))
    def send_back(self, comment: str, *, by: Any) -> None:
        """Back to its authors; the comment is a remark on the whole."""
        if not comment.strip():
            raise ValidationError({"comment": _("Say what has to change, so that the authors know what to do.")})
        self.remarks.create(text=comment, by=by, organisation_id=self.organisation_id)
        self.revision += 1

    @step("in_review", to="approved", may=permissions.can_approve, label=_("Approve"), is_grave=True)
    def approve(self, *, by: Any) -> dict[str, Any]:
        """Approve exactly what was frozen when it was sent."""
        self.approved_at, self.approved_by = timezone.now(), by
        return {"sha256": self.snapshots.get(revision=self.revision).sha256}

    @step("approved", "kept_private", "shared", to="shared", may=permissions.can_decide, label=_("Share"), is_grave=True)
    def share(self, organisations: Any, *, by: Any) -> dict[str, Any]:
        """Let these organisations read it: a named audience, never the public."""
        if not organisations:
            raise ValidationError({"organisations": _("Choose who may read it.")})
        for organisation in organisations:
            Share.objects.get_or_create(assessment=self, organisation=organisation, ended_at=None, defaults={"shared_by": by})
        return {"with": [str(organisation.pk) for organisation in organisations]}

    @step("approved", "shared", to="kept_private", may=permissions.can_decide, label=_("Keep private"))
    def keep_private(self, *, by: Any) -> None:
        """Nobody outside reads it, from now on."""
        self.shares.filter(ended_at__isnull=True).update(ended_at=timezone.now())

    @step("approved", "shared", "kept_private", to="draft", may=permissions.can_decide, label=_("Reopen"), is_grave=True)
    def reopen(self, reason: str, *, by: Any) -> None:
        """A new revision begins; what was approved stays as it was, in its snapshot."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it is opened again.")})
        self.remarks.create(text=reason, by=by, organisation_id=self.organisation_id)
        self.shares.filter(ended_at__isnull=True).update(ended_at=timezone.now())
        self.revision += 1
        self.approved_at = self.approved_by = self.submitted_at = self.submitted_by = None

    @step("approved", "shared", "kept_private", to="archived", may=permissions.can_decide, label=_("Archive"), is_grave=True)
    def archive(self, *, by: Any) -> None:
        """Put away: still readable by the organisation, in no list of current work."""
        self.shares.filter(ended_at__isnull=True).update(ended_at=timezone.now())


class Snapshot(models.Model):
    """The whole assessment as it was sent, never worked out again from live rows. ``sha256`` is over ``content`` as canonical JSON."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="snapshots")
    revision = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    receipt = models.CharField(max_length=12, unique=True)  # what people quote: letters and digits
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-revision",)
        verbose_name = _("snapshot")
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "revision"], name="assessments_snapshot_revision")]

    def __str__(self) -> str:
        return self.receipt


class Share(models.Model):
    """An organisation may read an assessment, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="shares")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(default=timezone.now, editable=False)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("share")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "organisation"], condition=models.Q(ended_at__isnull=True), name="assessments_share_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
