"""Actions and the reasons for not acting. The source of an action is named by kind and id: an answer, a finding, an incident."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can, Role
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.actions import permissions
from standards.catalogue.models import Indicator


class Source(models.TextChoices):
    """What an action answers to."""

    ANSWER = "answer", _("A self-assessment")
    FINDING = "finding", _("An inspection")
    INCIDENT = "incident", _("An incident")


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions, by reader and date."""

    def visible_to(self, user: Any) -> "ActionQuerySet":
        """Of organisations whose work this person may read."""
        return self.filter(organisation__in=Organisation.objects.where(user, Can.READ))

    def where(self, user: Any, can: Can) -> "ActionQuerySet":
        """Of organisations for which this person may do ``can``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def unfinished(self) -> "ActionQuerySet":
        """Still to do."""
        return self.filter(status__in=(Action.Status.OPEN, Action.Status.IN_PROGRESS))

    def overdue(self, day: date) -> "ActionQuerySet":
        """Still to do and due before ``day``."""
        return self.unfinished().filter(due_on__lt=day)


class Action(Stepped):
    """Something that will be done. "Overdue" is worked out from the date, never stored."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done, not yet verified")
        VERIFIED = "verified", _("Verified")
        CANCELLED = "cancelled", _("Cancelled")

    class Priority(models.TextChoices):
        CRITICAL = "critical", _("Critical")
        HIGH = "high", _("High")
        NORMAL = "normal", _("Normal")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="actions")
    service = models.ForeignKey(Service, models.PROTECT, related_name="actions")
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True, related_name="actions")
    source = models.CharField(max_length=20, choices=Source.choices)
    source_id = models.UUIDField(null=True, blank=True)  # of the answer or finding; rooms above know what it is
    what = models.CharField(_("what will be done"), max_length=500)
    owner_role = models.CharField(_("who is responsible"), max_length=20, choices=Role.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="actions")
    start_on = models.DateField(_("start"))
    due_on = models.DateField(_("due"))
    priority = models.CharField(_("priority"), max_length=20, choices=Priority.choices, default=Priority.NORMAL)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPEN)
    completion = models.CharField(_("how it was completed"), max_length=500, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = ActionQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "created_at")
        verbose_name = _("action")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(due_on__gte=models.F("start_on")), name="actions_action_dates"),
            models.CheckConstraint(
                condition=models.Q(verified_by__isnull=True) | ~models.Q(verified_by=models.F("done_by")),
                name="actions_verified_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "status", "due_on"], name="actions_action_due"),
            models.Index(fields=["source", "source_id"], name="actions_action_source"),
        ]

    def __str__(self) -> str:
        return self.what

    def is_overdue(self, day: date | None = None) -> bool:
        """Still to do, and its date has passed."""
        return self.status in {self.Status.OPEN, self.Status.IN_PROGRESS} and self.due_on < (day or timezone.localdate())

    @step("open", to="in_progress", may=permissions.can_work_on, label=_("Start"))
    def begin(self, *, by: Any) -> None:
        """Somebody has begun."""

    @step("open", "in_progress", to="done", may=permissions.can_work_on, label=_("Mark as done"))
    def complete(self, completion: str, *, by: Any) -> None:
        """Done, says one person; another will verify."""
        self.completion, self.done_by, self.done_at = completion, by, timezone.now()

    @step("done", to="verified", may=permissions.can_verify, label=_("Verify"))
    def verify(self, *, by: Any) -> None:
        """A different person has seen that it is done."""
        self.verified_by, self.verified_at = by, timezone.now()

    @step("done", "verified", to="in_progress", may=permissions.can_send_back, label=_("Send back"))
    def send_back(self, *, by: Any) -> None:
        """Not done after all."""
        self.done_by = self.done_at = self.verified_by = self.verified_at = None

    @step("open", "in_progress", to="cancelled", may=permissions.can_work_on, label=_("Cancel"), is_grave=True)
    def cancel(self, reason: str, *, by: Any) -> None:
        """It will not be done, for this reason."""
        self.cancelled_reason = reason


class NoActionReason(models.Model):
    """Why nothing will be done about a gap: every critical gap has an action or one of these."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, choices=Source.choices)
    source_id = models.UUIDField()
    reason = models.CharField(_("why nothing will be done"), max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reason for no action")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "source_id"], name="actions_reason_once")]

    def __str__(self) -> str:
        return self.reason
