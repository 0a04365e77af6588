"""The session engine (``settings.SESSION_ENGINE``), and the ways in which sessions end.

Idle for a quarter of an hour or twelve hours old: the database itself no longer finds it. Everything else that ends sessions
moves the person's epoch on, which is part of what Django checks at each request.
"""

import hashlib
from typing import Any

from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.accounts.models import SignedInSession, User

STARTED, BROWSER = "_started", "_browser"
TOUCH = 60  # seconds: "last seen" is no finer than this, so that not every request writes


def hashed(key: str) -> str:
    """What is kept of a session key."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(DatabaseStore):
    """Django's database sessions in ``SignedInSession``, found by the hash of their key."""

    row: SignedInSession | None = None

    @classmethod
    def get_model_class(cls) -> type[SignedInSession]:
        """The table."""
        return SignedInSession

    def _get_session_from_db(self) -> SignedInSession | None:
        found: SignedInSession | None = SignedInSession.objects.filter(
            session_key=hashed(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None
        self.row = found
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is one with this key."""
        return bool(SignedInSession.objects.filter(session_key=hashed(session_key)).exists())

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        key = session_key or self.session_key
        if key is not None:
            SignedInSession.objects.filter(session_key=hashed(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> SignedInSession:
        """The row as it will be saved."""
        now = timezone.now()
        row = SignedInSession(
            session_key=hashed(self._get_or_create_session_key()),  # type: ignore[attr-defined]  # Django's own, left out of its stubs
            session_data=self.encode(data),
            user_id=data.get(SESSION_KEY),
            started_at=parse_datetime(data.get(STARTED, "")) or (self.row.started_at if self.row else now),
            last_seen_at=now,
            browser=data.get(BROWSER, ""),
        )
        row.expire_date = row.ends_at(now)
        return row

    def touch(self) -> None:
        """Something was heard from this browser: the quarter of an hour begins anew."""
        if self.row is not None and (timezone.now() - self.row.last_seen_at).total_seconds() >= TOUCH:
            self.stay()

    def stay(self) -> None:
        """As ``touch``, however short ago the last sign of life was."""
        row, now = self.row, timezone.now()
        if row is not None:
            row.last_seen_at, row.expire_date = now, row.ends_at(now)
            SignedInSession.objects.filter(pk=row.pk).update(last_seen_at=now, expire_date=row.expire_date)

    def seconds_left(self) -> int:
        """Until it ends if nothing more is heard; 0 for none."""
        return max(0, int((self.row.expire_date - timezone.now()).total_seconds())) if self.row and self._session_key else 0


def begin(request: HttpRequest) -> None:
    """Note on a session that has just been signed in since when it lasts and in which kind of browser. Sweeps what is over."""
    request.session[STARTED] = timezone.now().isoformat()
    request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
    SessionStore.clear_expired()


def end_sessions(user: User, request: HttpRequest | None = None) -> None:
    """End all sessions of this person, but for the one that asks, if one does. It gets a new key."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        user.refresh_from_db(fields=["session_epoch"])
        SignedInSession.objects.filter(user=user).delete()
        if request is not None:
            request.user.session_epoch = user.session_epoch  # type: ignore[union-attr]
            update_session_auth_hash(request, user)
            request.session.save()


BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> str:
    """The family in words ("Firefox on Windows"), or nothing: no version, nothing that tells one machine from the next."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if browser and system else browser or system
