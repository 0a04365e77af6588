"""Sessions: Django's, in a table that also says whose, since when, and from which kind of browser. Never from which address."""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone


class SignedInSessionQuerySet(models.QuerySet["SignedInSession"]):
    """Sessions, by reader."""

    def visible_to(self, user: Any) -> "SignedInSessionQuerySet":
        """One's own that are still good, the one used last first."""
        return self.filter(user=user, expire_date__gt=timezone.now()).order_by("-last_seen_at")


class SignedInSession(AbstractBaseSession):
    """One browser's session. The key is kept as a hash: who reads the database cannot sign in with it."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    browser = models.CharField(max_length=60, blank=True)

    objects: ClassVar[Any] = SignedInSessionQuerySet.as_manager()  # type: ignore[assignment]  # Django's base makes sessions by a manager of its own

    class Meta:
        verbose_name = "session"

    def __str__(self) -> str:
        return self.browser or "session"

    @property
    def handle(self) -> uuid.UUID:
        """What a page calls it by. Tells nothing of the key."""
        return uuid.UUID(bytes=hashlib.sha256(f"handle:{self.session_key}".encode()).digest()[:16])

    def ends_at(self, now: datetime | None = None) -> datetime:
        """When it is over if nothing more is heard from it after ``now``."""
        idle = (now or timezone.now()) + timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        return min(idle, self.started_at + timedelta(seconds=settings.SESSION_COOKIE_AGE))
