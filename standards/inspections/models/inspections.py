"""An inspection, its scope and its team. Nothing of it opens before the team has declared its interests."""

import uuid
from datetime import datetime
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
from standards.catalogue.models import Standard
from standards.inspections import permissions
from standards.inspections.models.regimes import Regime


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Inspections, by reader. Provider, team and planner see different things of one; each has a method of its own."""

    def opened_to(self, user: Any, at: datetime | None = None) -> "InspectionQuerySet":
        """Those whose content this person may read: on the team, cleared, not expired (PERM-14)."""
        if not user.is_authenticated:
            return self.none()
        now = at or timezone.now()
        members = TeamMember.objects.filter(
            user=user, conflict__in=TeamMember.CLEARED, ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now
        )
        inside = Organisation.objects.where(user, Can.INSPECT)
        return self.filter(pk__in=members.values("inspection"), organisation__in=inside)

    def planned_by(self, user: Any) -> "InspectionQuerySet":
        """Those whose plan (service, dates, team, state; no content) this person may see: who leads inspections there."""
        barred = TeamMember.objects.filter(user=user if user.is_authenticated else None, conflict=TeamMember.Conflict.BARRED)
        return self.filter(organisation__in=Organisation.objects.where(user, Can.LEAD_INSPECTION)).exclude(
            pk__in=barred.values("inspection")
        )

    def reviewable_by(self, user: Any) -> "InspectionQuerySet":
        """Those a quality reviewer may read: of their inspectorate, once it is being written up, never one they visited."""
        own = TeamMember.objects.filter(user=user if user.is_authenticated else None)
        return self.filter(organisation__in=Organisation.objects.where(user, Can.REVIEW_QUALITY), status__in=Inspection.WRITTEN_UP).exclude(
            pk__in=own.values("inspection")
        )

    def announced_to(self, user: Any) -> "InspectionQuerySet":
        """Those a provider knows of: announced ones from the notice on, others from the visit on."""
        return self.filter(
            models.Q(notified_at__isnull=False) | models.Q(status__in=Inspection.KNOWN_TO_PROVIDER),
            provider__in=Organisation.objects.where(user, Can.READ),
        )


class Inspection(Stepped):
    """One inspection of one service under one regime. ``organisation`` is the inspectorate."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        NOTIFIED = "notified", _("Announced")
        FIELDWORK = "fieldwork", _("Visit under way")
        FEEDBACK_GIVEN = "feedback_given", _("Feedback given")
        REPORTING = "reporting", _("Being written up")
        CLOSED = "closed", _("Closed")
        PAUSED = "paused", _("Paused")
        CALLED_OFF = "called_off", _("Called off")

    class Kind(models.TextChoices):
        FULL = "full", _("Full")
        FOCUSED = "focused", _("Focused")
        FOLLOW_UP = "follow_up", _("Follow-up")
        RESPONSIVE = "responsive", _("Responsive")

    class Notice(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        SHORT = "short", _("Short notice")
        NONE = "none", _("Unannounced")

    WRITTEN_UP = ("feedback_given", "reporting", "closed")
    KNOWN_TO_PROVIDER = ("fieldwork", "feedback_given", "reporting", "closed")
    WRITABLE = ("notified", "fieldwork", "feedback_given", "reporting")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True, editable=False)  # H-2026-014
    regime = models.ForeignKey(Regime, models.PROTECT, related_name="inspections")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="inspections")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    notice = models.CharField(_("notice"), max_length=20, choices=Notice.choices)
    reason = models.CharField(_("why now"), max_length=300, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    safe_talk_plan = models.CharField(_("how survivors can talk safely"), max_length=500, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    feedback_on = models.DateField(_("feedback given on"), null=True, blank=True)
    feedback_to = models.CharField(_("roles present at the feedback"), max_length=300, blank=True)
    paused_from = models.CharField(max_length=20, blank=True, editable=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        verbose_name = _("inspection")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="inspections_inspection_dates")
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "status", "starts_on"], name="inspections_plan")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_writable(self) -> bool:
        """Whether its team may still write."""
        return self.status in self.WRITABLE

    def is_open_to(self, user: Any, at: datetime | None = None) -> bool:
        """On its team, cleared and not expired at ``at`` (now)."""
        return user is not None and Inspection.objects.opened_to(user, at).filter(pk=self.pk).exists()

    def is_open_to_lead(self, user: Any) -> bool:
        """As ``is_open_to``, and leading it."""
        return self.is_open_to(user) and self.team.filter(user=user, is_lead=True, ended_at__isnull=True).exists()

    def is_barred(self, user: Any) -> bool:
        """Whether a conflict of interest keeps this person out."""
        return user is not None and self.team.filter(user=user, conflict=TeamMember.Conflict.BARRED).exists()

    def was_on_team(self, user: Any) -> bool:
        """Ever, also for a day."""
        return user is not None and self.team.filter(user=user).exists()

    def _require_declared_team(self) -> None:
        undeclared = [str(member.user) for member in self.team.filter(ended_at__isnull=True) if member.conflict not in TeamMember.CLEARED]
        if undeclared or not self.team.filter(ended_at__isnull=True, is_lead=True).exists():
            raise ValidationError(
                _("Every member of the team, one of them the lead, must have declared that there is no conflict of interest: %(names)s.")
                % {"names": ", ".join(undeclared) or _("no lead yet")}
            )
        if not self.scopes.exists():
            raise ValidationError(_("Choose at least one standard to inspect."))

    @step("planned", to="notified", may=permissions.can_plan, label=_("Announce to the provider"), is_grave=True)
    def announce(self, *, by: Any) -> None:
        """The provider learns of it. Not for unannounced inspections."""
        if self.notice == self.Notice.NONE:
            raise ValidationError(_("This inspection is unannounced: begin the visit instead."))
        self._require_declared_team()
        self.notified_at = timezone.now()

    @step("planned", "notified", to="fieldwork", may=permissions.can_lead, label=_("Begin the visit"))
    def begin_visit(self, *, by: Any) -> None:
        """The team is there. An announced one has been announced; survivors can talk safely."""
        if self.status == self.Status.PLANNED and self.notice != self.Notice.NONE:
            raise ValidationError(_("Announce it to the provider first, or change the notice to unannounced."))
        self._require_declared_team()
        if not self.safe_talk_plan:
            raise ValidationError(
                {"safe_talk_plan": _("Write down how survivors can talk safely, with interpreters, before the visit begins.")}
            )

    @step("fieldwork", to="feedback_given", may=permissions.can_lead, label=_("Feedback was given"))
    def give_feedback(self, feedback_on: Any, feedback_to: str, *, by: Any) -> None:
        """At the end of the visit: when, and to which roles."""
        self.feedback_on, self.feedback_to = feedback_on, feedback_to

    @step("feedback_given", to="reporting", may=permissions.can_lead, label=_("Begin the report"))
    def begin_report(self, *, by: Any) -> None:
        """From here the report has states of its own."""

    @step("reporting", to="closed", may=permissions.can_lead, label=_("Close"), is_grave=True)
    def close(self, *, by: Any) -> None:
        """The report is closed; the room above sees to that."""

    @step("notified", "fieldwork", "feedback_given", "reporting", to="paused", may=permissions.can_lead, label=_("Pause"), is_grave=True)
    def pause(self, *, by: Any) -> dict[str, str]:
        """For safeguarding or the police."""
        self.paused_from = self.status
        return {"from": self.paused_from}

    @step("paused", to=None, may=permissions.can_lead, label=_("Go on"))
    def resume(self, *, by: Any) -> None:
        """Back to where it was paused."""
        self.status, self.paused_from = self.paused_from, ""

    @step("planned", "notified", to="called_off", may=permissions.can_plan, label=_("Call off"), is_grave=True)
    def call_off(self, *, by: Any) -> None:
        """It will not take place."""


class Scope(models.Model):
    """A standard that this inspection looks at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="scopes")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("standard in scope")
        constraints: ClassVar = [models.UniqueConstraint(fields=["inspection", "standard"], name="inspections_scope_once")]

    def __str__(self) -> str:
        return str(self.standard)


class TeamMember(models.Model):
    """Somebody on the team, from when to when, and what they declared. Until cleared they see the plan's first line and nothing else."""

    class Conflict(models.TextChoices):
        UNDECLARED = "undeclared", _("Not declared yet")
        NONE = "none", _("No conflict")
        DECLARED = "declared", _("Conflict declared, not decided")
        ACCEPTED = "accepted", _("Declared and accepted")
        BARRED = "barred", _("Barred")

    CLEARED = ("none", "accepted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="inspection_teams")
    is_lead = models.BooleanField(default=False)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()  # access ends at this instant
    ended_at = models.DateTimeField(null=True, blank=True)  # taken off the team
    conflict = models.CharField(max_length=20, choices=Conflict.choices, default=Conflict.UNDECLARED)
    declaration = models.CharField(_("what the conflict is"), max_length=300, blank=True)
    declared_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("member of the team")
        constraints: ClassVar = [models.UniqueConstraint(fields=["inspection", "user"], name="inspections_team_once")]

    def __str__(self) -> str:
        return str(self.user)
