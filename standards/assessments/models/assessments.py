"""A self-assessment, the frozen copies of it, and with whom it was shared."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import ROLES_OF, Can, roles_that
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.assessments import freezing, permissions
from standards.catalogue.models import Edition

# Kinds of organisations with which anything can be shared: those in which somebody may read it.
AUDIENCES = tuple(kind for kind, roles in ROLES_OF.items() if {*roles} & {*roles_that(Can.READ_SHARED)})


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments, by reader."""

    def visible_to(self, user: Any) -> "AssessmentQuerySet":
        """Of one's own organisations, whatever their state; of others only what they shared with an organisation of one's own."""
        own = models.Q(organisation__in=Organisation.objects.where(user, Can.READ))
        return self.filter(own | models.Q(pk__in=Assessment.objects.shared_with(user).values("pk")))

    def shared_with(self, user: Any) -> "AssessmentQuerySet":
        """What others share now with an organisation of this person's. They read what was frozen, never the live rows."""
        audience = Organisation.objects.where(user, Can.READ_SHARED)
        given = Share.objects.filter(ended_at__isnull=True, organisation__in=audience).values("assessment")
        return self.filter(status=Assessment.Status.SHARED, pk__in=given)

    def beside(self, assessment: "Assessment", user: Any) -> "AssessmentQuerySet":
        """Others of the same service under the same standards that this person may see, the nearest first."""
        same = self.visible_to(user).filter(service=assessment.service_id, edition__framework=assessment.edition.framework_id)
        return same.exclude(pk=assessment.pk).select_related("service", "edition__framework").order_by("-period_end", "-created_at")

    def ever_approved(self) -> "AssessmentQuerySet":
        """With at least one approved revision, whatever happened to it since."""
        return self.filter(pk__in=Approval.objects.values("snapshot__assessment"))

    def where(self, user: Any, can: Can) -> "AssessmentQuerySet":
        """Of organisations for which this person may do ``can``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def drafts_of(self, service: Service, edition: Edition) -> "AssessmentQuerySet":
        """Begun for this service and these standards, and not sent yet."""
        return self.filter(service=service, edition=edition, status=Assessment.Status.DRAFT)

    def containing(self, text: str) -> "AssessmentQuerySet":
        """With each of these words in the title or the name of the service."""
        for word in text.split():
            self = self.filter(models.Q(title__icontains=word) | models.Q(service__name__icontains=word))  # noqa: PLW0642
        return self


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
        """Whether nobody but ``user`` answered or confirmed what stands here. Whoever wrote it last time is no author of this time."""
        rows = self.answers.values_list("answered_by", "answered_at", "confirmed_by")
        authors = {by for by, at, _sure in rows if by and at and at >= self.created_at} | {sure for _by, _at, sure in rows if sure}
        return authors <= {user.pk}

    def readers(self) -> Any:
        """With whom it is shared now."""
        return self.shares.filter(ended_at__isnull=True).select_related("organisation").order_by("organisation__name")

    def standing(self) -> "Snapshot | None":
        """What was approved last: it stands until a later revision is approved."""
        return self.snapshots.filter(approval__isnull=False).first()

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
        """Approve exactly what was frozen when it was sent. Raises ``ValidationError`` when the answers are not those any more."""
        snapshot = self.snapshots.get(revision=self.revision)
        freezing.refuse_if_changed(self, snapshot)
        self.approved_at, self.approved_by = timezone.now(), by
        Approval.objects.create(snapshot=snapshot, by=by, at=self.approved_at, sha256=snapshot.sha256)
        return {"sha256": snapshot.sha256}

    @step("approved", "kept_private", "shared", to="shared", may=permissions.can_decide, label=_("Share"), is_grave=True)
    def share(self, organisations: Any, *, by: Any) -> dict[str, Any]:
        """Let these organisations read it: a named audience, never the public."""
        wanted = list(Organisation.objects.filter(pk__in=[row.pk for row in organisations], kind__in=AUDIENCES, status="active"))
        if not wanted or len(wanted) != len({row.pk for row in organisations}):
            raise ValidationError({"organisations": _("Choose who may read it.")})
        known = set(self.shares.filter(ended_at__isnull=True).values_list("organisation", flat=True))
        new = [organisation for organisation in wanted if organisation.pk not in known]
        Share.objects.bulk_create(Share(assessment=self, organisation=organisation, shared_by=by) for organisation in new)
        return {"with": [str(organisation.pk) for organisation in new]}

    @step("shared", to="shared", may=permissions.can_decide, label=_("Stop sharing with one reader"))
    def unshare(self, organisation: Any, *, by: Any) -> dict[str, Any]:
        """This organisation reads it no longer, from its next request on. The others go on."""
        ended = self.shares.filter(ended_at__isnull=True, organisation=organisation).update(ended_at=timezone.now())
        return {"with": [str(organisation.pk)] if ended else []}

    @step("approved", "shared", to="kept_private", may=permissions.can_decide, label=_("Keep private"))
    def keep_private(self, *, by: Any) -> dict[str, Any]:
        """Nobody outside reads it, from now on."""
        return {"with": self._end_shares()}

    def _end_shares(self) -> list[str]:
        """Take it back from every reader. Returns who they were."""
        open_shares = self.shares.filter(ended_at__isnull=True)
        readers = [str(pk) for pk in open_shares.values_list("organisation", flat=True)]
        open_shares.update(ended_at=timezone.now())
        return readers

    @step("approved", "shared", "kept_private", to="draft", may=permissions.can_decide, label=_("Reopen"), is_grave=True)
    def reopen(self, reason: str, *, by: Any) -> dict[str, Any]:
        """A new revision begins; what was approved stays as it was, in its snapshot."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it is opened again.")})
        self.remarks.create(text=reason, by=by, organisation_id=self.organisation_id)
        self.revision += 1
        self.approved_at = self.approved_by = self.submitted_at = self.submitted_by = None
        return {"with": self._end_shares()}

    @step("approved", "shared", "kept_private", to="archived", may=permissions.can_decide, label=_("Archive"), is_grave=True)
    def archive(self, *, by: Any) -> dict[str, Any]:
        """Put away: still readable by the organisation, in no list of current work."""
        return {"with": self._end_shares()}


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Frozen copies, by reader."""

    def visible_to(self, user: Any) -> "SnapshotQuerySet":
        """One's own, all of them; of what others share only the revision that they approved and share now."""
        own = models.Q(assessment__in=Assessment.objects.where(user, Can.READ))
        now = models.Q(
            assessment__in=Assessment.objects.shared_with(user), revision=models.F("assessment__revision"), approval__isnull=False
        )
        return self.filter(own | now)


class Snapshot(models.Model):
    """The whole assessment as it was sent, never worked out again from live rows. ``sha256`` is over ``content`` as canonical JSON.

    The database itself refuses to change or delete one (migration ``frozen_rows``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="snapshots")
    revision = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    receipt = models.CharField(max_length=12, unique=True)  # what people quote: letters and digits
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ("-revision",)
        verbose_name = _("snapshot")
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "revision"], name="assessments_snapshot_revision")]

    def __str__(self) -> str:
        return self.receipt

    @property
    def is_superseded(self) -> bool:
        """Whether a later revision has begun: this copy stays readable, and says so."""
        return self.revision != self.assessment.revision

    @property
    def spoken_receipt(self) -> str:
        """The receipt in groups of three, as people read it out."""
        return "-".join(self.receipt[at : at + 3] for at in range(0, len(self.receipt), 3))


class Approval(models.Model):
    """Somebody approved exactly this snapshot: ``sha256`` is what they approved. Never changed or deleted, as the snapshot."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="approval")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("approval")

    def __str__(self) -> str:
        return str(self.snapshot_id)


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
