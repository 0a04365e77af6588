"""What is frozen, its renditions for different readers, the checks before it leaves, and to whom it went."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.organisations.models import Organisation
from standards.reports.models.reports import Report


class Version(models.Model):
    """A frozen text: the draft that was sent, the final, a correction. ``code`` is what the verification page asks for."""

    class Kind(models.TextChoices):
        DRAFT = "draft", _("Draft for the check of facts")
        FINAL = "final", _("Final")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("number",)
        verbose_name = _("version")
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="reports_version_number")]

    def __str__(self) -> str:
        return f"{self.number}"


class RenditionQuerySet(models.QuerySet["Rendition"]):
    """Renditions, by reader."""

    def issued_to(self, user: Any) -> "RenditionQuerySet":
        """Those sent to an organisation for which this person reads: never an administrator's, who sees every organisation by name."""
        mine = models.Q()
        for what in (Can.READ, Can.READ_SHARED, Can.READ_AGGREGATES):
            mine |= models.Q(organisation__in=Organisation.objects.where(user, what))
        issues = Issue.objects.filter(mine, ended_at__isnull=True)
        return self.filter(pk__in=issues.values("rendition"), withdrawn_at__isnull=True)

    def ever_public(self) -> "RenditionQuerySet":
        """What stands or stood on a public page: its address answers, if only that it is gone."""
        return self.filter(kind=Rendition.Kind.PUBLIC, published_at__isnull=False)

    def by_code(self, code: str) -> "Rendition | None":
        """What left the house under this code: issued to somebody, or published."""
        left = models.Q(issues__isnull=False) | models.Q(published_at__isnull=False)
        return self.filter(left, code=code).first()

    def in_full(self) -> "RenditionQuerySet":
        """With what pages say around it."""
        return self.select_related(
            "version__report__inspection__service", "version__report__inspection__regime", "made_by", "approved_by", "superseded_by"
        )

    def of_visible(self, user: Any) -> "RenditionQuerySet":
        """Of reports this person may see."""
        return self.filter(version__report__in=Report.objects.visible_to(user))

    def public(self) -> "RenditionQuerySet":
        """What everybody may read now."""
        return self.filter(kind=Rendition.Kind.PUBLIC, published_at__isnull=False, withdrawn_at__isnull=True)


class Rendition(models.Model):
    """One source, three renditions. The public one is destructive: what is left out is not in it (C25)."""

    class Kind(models.TextChoices):
        FULL = "full", _("Full report")
        SHARED = "shared", _("Summary for named organisations")
        PUBLIC = "public", _("Summary for everybody")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="renditions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    language = models.CharField(max_length=10, default="en")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    code = models.CharField(max_length=12, unique=True)  # for the verification page
    slug = models.SlugField(max_length=80, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")

    objects: ClassVar[Any] = RenditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rendition")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "kind", "language"], name="reports_rendition_once"),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True) | models.Q(kind="public"), name="reports_only_public_published"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("made_by")), name="reports_second_person"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class HarmAnswer(models.Model):
    """One question of the harm check before any wider audience, answered by a person with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rendition = models.ForeignKey(Rendition, models.PROTECT, related_name="harm_answers")
    question = models.SlugField(max_length=40)
    is_safe = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("answer of the harm check")
        constraints: ClassVar = [models.UniqueConstraint(fields=["rendition", "question"], name="reports_harm_once")]

    def __str__(self) -> str:
        return self.question


class DisclosureHitQuerySet(models.QuerySet["DisclosureHit"]):
    """Hits, by reader."""

    def of_visible(self, user: Any) -> "DisclosureHitQuerySet":
        """Of reports this person may see."""
        return self.filter(rendition__version__report__in=Report.objects.visible_to(user))


class Hit(models.Model):
    """Something the disclosure check found. A second person resolves each one."""

    class Resolution(models.TextChoices):
        REMOVED = "removed", _("Removed")
        REWORDED = "reworded", _("Reworded")
        HARMLESS = "harmless", _("Harmless, for the reason given")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.SlugField(max_length=30)  # postcode, address, phone, name, place, small_count, rare_combination …
    excerpt = models.CharField(max_length=200)
    place = models.CharField(max_length=60)  # which part of the content
    resolution = models.CharField(max_length=10, choices=Resolution.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.kind


class DisclosureHit(Hit):
    """A hit in a summary. "Nothing to redact" is typed, not ticked."""

    rendition = models.ForeignKey(Rendition, models.PROTECT, related_name="hits")

    objects: ClassVar[Any] = DisclosureHitQuerySet.as_manager()

    class Meta:
        ordering = ("place", "kind")
        verbose_name = _("hit of the disclosure check")


class Issue(models.Model):
    """A rendition went to an organisation, from when to when: a named audience."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rendition = models.ForeignKey(Rendition, models.PROTECT, related_name="issues")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("issue")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rendition", "organisation"], condition=models.Q(ended_at__isnull=True), name="reports_issue_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
