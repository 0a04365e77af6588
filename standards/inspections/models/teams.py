"""What an inspection looks at, and who is on its team from when to when, with what they declared."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standards.catalogue.models import Standard


class Scope(models.Model):
    """A standard that this inspection looks at."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey("inspections.Inspection", models.CASCADE, related_name="scopes")
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
    inspection = models.ForeignKey("inspections.Inspection", models.CASCADE, related_name="team")
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

    @property
    def is_cleared(self) -> bool:
        """Declared, and nothing stands against it."""
        return self.conflict in self.CLEARED

    @property
    def has_ended(self) -> bool:
        """Taken off, or the window is over."""
        return self.ended_at is not None or self.ends_at <= timezone.now()
