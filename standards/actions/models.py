"""Actions and the reasons for not acting. The source of an action is named by kind and id: an answer, a finding, an incident."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can, Role, roles_that
from portal.steps import Stepped, step
from providers.organisations.models import Membership, Organisation
from providers.services.models import Service
from standards.actions import permissions
from standards.catalogue.models import Indicator


class Source(models.TextChoices):
    """What an action answers to."""

    ANSWER = "answer", _("A self-assessment")
    FINDING = "finding", _("An inspection")
    INCIDENT = "incident", _("An incident")
    OWN = "own", _("Our own plan")


class Outdated(Exception):  # noqa: N818 - it is no error of the program: somebody else was quicker
    """Somebody else changed the row since its reader saw it. ``row`` is as it stands now; nothing was written."""

    def __init__(self, row: models.Model) -> None:
        self.row = row
        super().__init__("Somebody else changed this meanwhile. Nothing was overwritten.")


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

    def due_within(self, day: date, days: int) -> "ActionQuerySet":
        """Still to do and due from ``day`` to ``days`` later."""
        return self.unfinished().filter(due_on__gte=day, due_on__lte=day + timedelta(days=days))

    def of_source(self, source: str, ids: Iterable[uuid.UUID]) -> "ActionQuerySet":
        """Planned from these answers or findings."""
        return self.filter(source=source, source_id__in=list(ids))

    def mine_soon(self, user: Any, day: date, days: int) -> "ActionQuerySet":
        """What this person has to do by ``days`` after ``day``, late ones included, the earliest first."""
        return self.unfinished().filter(owner=user, due_on__lte=day + timedelta(days=days)).order_by("due_on")

    def to_verify_by(self, user: Any) -> "ActionQuerySet":
        """Said to be done by somebody else, the longest waiting first."""
        return self.filter(status=Action.Status.DONE).exclude(done_by=user).order_by("done_at")

    def without_owner(self) -> "ActionQuerySet":
        """Still to do, and nobody has it: never given, or its owner no longer assesses for the organisation (C32)."""
        still_here = Membership.objects.current().filter(
            user=models.OuterRef("owner"), organisation=models.OuterRef("organisation"), role__in=roles_that(Can.ASSESS)
        )
        return self.unfinished().filter(~models.Exists(still_here))


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
    returned_reason = models.CharField(_("what is still missing"), max_length=300, blank=True)  # of the last time it was sent back
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
            models.CheckConstraint(
                condition=~models.Q(status="verified") | models.Q(verified_by__isnull=False, done_by__isnull=False),
                name="actions_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done") | (models.Q(done_by__isnull=False) & ~models.Q(completion="")),
                name="actions_done_says_how",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="cancelled") | ~models.Q(cancelled_reason=""), name="actions_cancelled_says_why"
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

    def clean(self) -> None:
        """Dates in order, and the service belongs to the organisation."""
        if self.start_on and self.due_on and self.due_on < self.start_on:
            raise ValidationError({"due_on": _("The due date is before the start. Choose a later one, or an earlier start.")})
        if self.service_id and self.service.organisation_id != self.organisation_id:
            raise ValidationError(_("This service belongs to another organisation."))

    @step("open", "in_progress", to=None, may=permissions.can_work_on, label=_("Change"))
    def change(self, values: Mapping[str, Any], *, base: int, by: Any) -> dict[str, Any]:
        """Change what was planned. ``base`` is the version its writer had seen; raises ``Outdated`` when there is a newer one."""
        if self.version != base:
            raise Outdated(self)
        changed = sorted(name for name in PLANNED if name in values and getattr(self, name) != values[name])
        for name in changed:
            setattr(self, name, values[name])
        return {"fields": changed, "due": self.due_on.isoformat()}

    @step("open", to="in_progress", may=permissions.can_work_on, label=_("Start"))
    def begin(self, *, by: Any) -> None:
        """Somebody has begun."""

    @step(
        "open", "in_progress", to="done", may=permissions.can_work_on, label=_("Mark as done"),
        explain=_("Say how. Somebody else then looks and verifies it."),
    )  # fmt: skip
    def complete(self, completion: str, *, by: Any) -> None:
        """Done, says one person; another will verify."""
        if not completion.strip():
            raise ValidationError({"completion": _("Say how it was done, so that somebody else can verify it.")})
        self.completion, self.done_by, self.done_at = completion, by, timezone.now()
        self.returned_reason = ""

    @step(
        "done", to="verified", may=permissions.can_verify, label=_("Verify"),
        explain=_("You have seen for yourself that it is done. Your name and today's date are kept."),
    )  # fmt: skip
    def verify(self, *, by: Any) -> None:
        """A different person has seen that it is done."""
        self.verified_by, self.verified_at = by, timezone.now()

    @step(
        "done", "verified", to="in_progress", may=permissions.can_send_back, label=_("Send back"),
        explain=_("It is not done after all. Whoever did it is told what is still missing."),
    )  # fmt: skip
    def send_back(self, reason: str, *, by: Any) -> dict[str, Any]:
        """Not done after all; who had done it reads what is missing (C48)."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say what is still missing, so that it can be done.")})
        codes = {"done_by": self.done_by_id}
        self.done_by = self.done_at = self.verified_by = self.verified_at = None
        self.returned_reason = reason
        return codes

    @step(
        "open", "in_progress", to="cancelled", may=permissions.can_work_on, label=_("Cancel"), is_grave=True,
        explain=_("It will not be done. The action and your reason stay on record; this cannot be undone."),
    )  # fmt: skip
    def cancel(self, reason: str, *, by: Any) -> None:
        """It will not be done, for this reason."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it will not be done.")})
        self.cancelled_reason = reason


PLANNED = ("what", "owner_role", "owner", "start_on", "due_on", "priority")  # what a plan says; the rest follows from steps


class NoActionReasonQuerySet(models.QuerySet["NoActionReason"]):
    """Reasons, by reader and source."""

    def visible_to(self, user: Any) -> "NoActionReasonQuerySet":
        """Of organisations whose work this person may read."""
        return self.filter(organisation__in=Organisation.objects.where(user, Can.READ))

    def of_source(self, source: str, ids: Iterable[uuid.UUID]) -> "NoActionReasonQuerySet":
        """Given for these answers or findings."""
        return self.filter(source=source, source_id__in=list(ids))


class NoActionReason(models.Model):
    """Why nothing will be done about a gap: every critical gap has an action or one of these."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, choices=Source.choices)
    source_id = models.UUIDField()
    reason = models.CharField(_("why nothing will be done"), max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = NoActionReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for no action")
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "source_id"], name="actions_reason_once")]

    def __str__(self) -> str:
        return self.reason
