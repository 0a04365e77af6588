"""Events that nobody can change, jobs that must be done, and notices that people read.

An event is written in the transaction of the change it tells of. It holds who, what and when, in codes: never a text of
casework. The database itself refuses to change or delete one (migration 0002).
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
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


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by what is to be done about them."""

    def waiting(self) -> "JobQuerySet":
        """Neither done nor given up."""
        return self.filter(done_at__isnull=True, failed_at__isnull=True)

    def due(self, at: datetime) -> "JobQuerySet":
        """Whose time has come and which nobody has in hand."""
        return self.waiting().filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at), run_at__lte=at)

    def unheard(self, at: datetime, patience: timedelta) -> "JobQuerySet":
        """Due, and the bell was not rung for them since they fell due, or long enough ago to have been lost."""
        return self.due(at).filter(Q(sent_at__isnull=True) | Q(sent_at__lt=at - patience) | Q(sent_at__lt=F("run_at")))

    def claim(self, pk: uuid.UUID, at: datetime, lease: timedelta) -> bool:
        """Take a job in hand until ``at + lease``: one conditional UPDATE, so of twenty who try at once, one has it."""
        return self.due(at).filter(pk=pk).update(lease_until=at + lease, attempts=F("attempts") + 1) == 1

    def failed(self) -> "JobQuerySet":
        """Given up, newest first."""
        return self.filter(failed_at__isnull=False).order_by("-failed_at")

    def done(self) -> "JobQuerySet":
        """Done, newest first."""
        return self.filter(done_at__isnull=False).order_by("-done_at")


class Job(models.Model):
    """Work that must happen, once in effect, whatever dies meanwhile. Celery carries the id; this row is the truth."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True)  # the same work asked for twice is one row
    task = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict, blank=True)  # ids and codes only
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    run_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)  # when the sweeper last rang for it
    lease_until = models.DateTimeField(null=True, blank=True)  # somebody has it in hand until then
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)  # percent, for whoever waits
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)  # given up; an administrator may try again
    problem = models.CharField(max_length=200, blank=True)  # the kind of failure, never its text

    objects: ClassVar[Any] = JobQuerySet.as_manager()

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
    once = models.CharField(max_length=250, unique=True, default=uuid.uuid4, editable=False)  # what makes this telling this one
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


class NoticeChoice(models.Model):
    """How one person wants to hear of their notices by e-mail. Without a row: at once."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("At once, one e-mail for each")
        DAILY = "daily", _("One e-mail each morning, when there is something new")
        NONE = "none", _("No e-mail; I look here")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_choice")
    mail = models.CharField(_("e-mail about notices"), max_length=10, choices=Mail.choices, default=Mail.AT_ONCE)

    class Meta:
        verbose_name = _("choice of notices")

    def __str__(self) -> str:
        return str(self.get_mail_display())

    @classmethod
    def of(cls, user: Any) -> str:
        """What this person chose, a value of ``Mail``."""
        return cls.objects.filter(pk=user.pk).values_list("mail", flat=True).first() or cls.Mail.AT_ONCE


class View(models.Model):
    """Somebody looked at a record that not everybody may see. Written by ``trail.saw``; the database refuses to change or delete one."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True, blank=True)
    why = models.CharField(max_length=80)  # a code

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("look")
        indexes: ClassVar = [models.Index(fields=["subject_type", "subject_id", "id"], name="audit_view_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.why}"


class Seal(models.Model):
    """A link of the chain over all events: which there were up to one of them, and a hash over their content and the link before.

    ``events`` maps each id to the first 16 hex digits of its own hash, so that a broken chain names the event (``seals.verify``).
    """

    up_to = models.BigIntegerField(unique=True)
    events = models.JSONField()
    previous = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("up_to",)
        verbose_name = _("seal")

    def __str__(self) -> str:
        return f"{self.up_to} {self.sha256}"
