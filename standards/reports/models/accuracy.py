"""The check of facts (B1), and the sealed key to "which person do you mean?" (B2)."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standards.reports.models.reports import Report
from standards.reports.models.statements import Statement


class Recipient(models.Model):
    """Somebody to whom the draft is sent. The clock starts once it is proven to be available to every one of them (TIME-05)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="recipients")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    available_at = models.DateTimeField(null=True, blank=True)  # in the portal
    mail_accepted_at = models.DateTimeField(null=True, blank=True)  # by the mail relay
    opened_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("recipient of the draft")
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "user"], name="reports_recipient_once")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def proven_at(self) -> Any:
        """When it was first proven that the draft is there for them: opened, or the mail relay took the mail. ``None``: not yet."""
        return min((at for at in (self.mail_accepted_at, self.opened_at) if at is not None), default=None)


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Replies, by reader."""

    def of_visible(self, user: Any) -> "ReplyQuerySet":
        """Of reports this person may see."""
        return self.filter(statement__report__in=Report.objects.visible_to(user))


class Reply(models.Model):
    """What the provider says to one statement, without a limit of words, and what the reviewer decides."""

    class Verdict(models.TextChoices):
        AGREED = "agreed", _("Correct")
        INACCURATE = "inaccurate", _("Not accurate")
        INCOMPLETE = "incomplete", _("Incomplete")

    class Kind(models.TextChoices):
        TYPING = "a", _("A: a slip of the pen or a number")
        FACT = "b", _("B: a fact behind a judgement")
        OMISSION = "c", _("C: something left out")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        PARTLY = "partly", _("Partly accepted")
        NOT_ACCEPTED = "not_accepted", _("Not accepted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(_("your view"), max_length=20, choices=Verdict.choices, blank=True)
    kind = models.CharField(_("kind"), max_length=1, choices=Kind.choices, blank=True)
    claim = models.TextField(_("what is right"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("decision"), max_length=20, choices=Outcome.choices, blank=True)
    outcome_reason = models.TextField(_("reason"), blank=True)
    change_made = models.TextField(_("what was changed"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    shown = models.TextField(blank=True)  # the words that a later round is about; the first is about the frozen draft
    opened_for = models.CharField(_("what is new"), max_length=300, blank=True)  # why this statement was opened again
    due_at = models.DateTimeField(null=True, blank=True)  # of a later round: its own clock

    objects: ClassVar[Any] = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ("round",)
        verbose_name = _("reply to a statement")
        constraints: ClassVar = [models.UniqueConstraint(fields=["statement", "round"], name="reports_reply_once")]

    def __str__(self) -> str:
        return self.get_verdict_display()

    def is_open(self, now: Any = None) -> bool:
        """A later round whose clock still runs, and to which nothing was sent."""
        return self.due_at is not None and self.sent_at is None and (now or timezone.now()) <= self.due_at


class ReplyFileQuerySet(models.QuerySet["ReplyFile"]):
    """Files of replies."""

    def of_report(self, report: Report) -> "ReplyFileQuerySet":
        """Of one report, which its reader may see."""
        return self.filter(reply__statement__report=report)


class ReplyFile(models.Model):
    """Evidence that came with a reply, checked on arrival like any other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="files")
    stored_name = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shown_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=20, default="waiting")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ReplyFileQuerySet.as_manager()

    class Meta:
        ordering = ("added_at",)
        verbose_name = _("file of a reply")

    def __str__(self) -> str:
        return self.shown_name

    def is_open(self, *, has_scanner: bool) -> bool:
        """Whether it may be taken: clean, or nobody here scans."""
        return self.scan == "clean" or (self.scan == "not_required" and not has_scanner)


class KeyEntry(models.Model):
    """Which person a statement means: sealed with a key of its own, for the two sides only, never exported, destroyed on its day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="key_entries")
    blob = models.BinaryField()
    destroy_on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("key entry")
        verbose_name_plural = _("key entries")

    def __str__(self) -> str:
        return str(self.statement_id)
