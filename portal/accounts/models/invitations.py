"""Invitations: the only way in. Bound to one address, one organisation and one role, for seven days and one use."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Role

DAYS = 7


def in_seven_days() -> datetime:
    """When an invitation that is sent now runs out."""
    return timezone.now() + timedelta(days=DAYS)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations, by state."""

    def open(self, at: datetime | None = None) -> "InvitationQuerySet":
        """Those that somebody may still accept."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at or timezone.now())

    def waiting(self, organisations: Iterable[Any]) -> "InvitationQuerySet":
        """Those of these organisations that were neither accepted nor taken back, run out or not, newest first."""
        return self.filter(organisation_id__in=organisations, accepted_at__isnull=True, revoked_at__isnull=True).order_by("-sent_at")


class Invitation(models.Model):
    """Somebody was asked to come in. ``digest`` is the SHA-256 of the link's token; the token itself is nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField(max_length=64, unique=True)
    serial = models.PositiveSmallIntegerField(default=1)  # sent again is a new link, and the old one is dead
    email = models.EmailField(_("e-mail address"))
    organisation_id = models.UUIDField(db_index=True)  # no key: the building knows no organisations
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_seven_days)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email", "organisation_id", "role"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_invitation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether it may still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > (at or timezone.now())
