"""Events that nobody can change, jobs that must be done, and notices that people read.

An event is written in the transaction of the change it tells of. It holds who, what and when, in codes: never a text of
casework. The database itself refuses to change or delete one (migration 0002).
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    """Events, oldest first: the database counts them, so a clock that jumps cannot change their order."""

    def about(self, thing: models.Model) -> "EventQuerySet":
        """The history of one record."""
        return self.filter(subject_type=thing._meta.label_lower, subject_id=thing.pk)


class Event(models.Model):
    """Something that happened to a record. ``verb`` is ``app.model.step``; ``codes`` are short words and numbers."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=100)
    subject_type = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True, blank=True)  # whose work it is; no key, the building knows no organisations
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    codes = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("event")
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_event_subject"),
            models.Index(fields=["organisation_id", "id"], name="audit_event_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


class Job(models.Model):
    """Work that must happen, once in effect, whatever dies meanwhile. Celery carries the id; this row is the truth."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)  # the same work asked for twice is one row
    task = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict, blank=True)  # ids and codes only
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)  # percent, for whoever waits
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)  # given up; an administrator may try again
    problem = models.CharField(max_length=200, blank=True)  # the kind of failure, never its text

    class Meta:
        verbose_name = _("job")
        indexes: ClassVar = [
            models.Index(fields=["run_at"], condition=models.Q(done_at__isnull=True, failed_at__isnull=True), name="audit_job_due"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.key}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, by reader."""

    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """One's own, newest first."""
        return self.filter(to=user).order_by("-created_at")

    def unread(self) -> "NoticeQuerySet":
        """Not opened yet."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One sentence from a fixed list for one person, and where it leads. The e-mail that goes with it says less still."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=100)  # a key of the notices' catalogue
    link = models.CharField(max_length=300)  # a path of ours
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        constraints: ClassVar = [models.UniqueConstraint(fields=["to", "event", "kind"], name="audit_notice_once")]
        indexes: ClassVar = [models.Index(fields=["to", "-created_at"], name="audit_notice_reader")]

    def __str__(self) -> str:
        return self.kind

    def is_unread(self, at: datetime | None = None) -> bool:
        """Whether its reader has not opened it (by ``at``, now by default)."""
        return self.read_at is None or self.read_at > (at or timezone.now())
