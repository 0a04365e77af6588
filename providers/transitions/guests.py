"""Receivers without an account (B11): a link that works once, bound to a mailbox, and a code that goes another way.

The link is mailed to the mailbox that the sender wrote down; the code is shown to the sender once, to be said on the telephone.
Whoever has both sees the minimum, for half an hour at a time. Nothing can be downloaded. Five wrong codes close the door; the sender
opens it again. The database holds neither link nor code, and the mailbox is sealed.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from portal.accounts.limits import Limit
from portal.audit.outbox import enqueue
from portal.audit.trail import record
from portal.vault import keyring
from providers.transitions import offering, permissions
from providers.transitions.models import Guest, Offer, Transition

DAYS, MINUTES, MOST_WRONG = 14, 30, 5
KEY = "_guest"  # of the session: which guest, and since when
AGAIN = Limit("guest-link", 3, 60 * 60)  # links to one mailbox within an hour


@dataclass(frozen=True)
class Invited:
    """The guest, and the code in clear: it is shown once and kept nowhere."""

    guest: Guest
    code: str


def token_of(guest: Guest) -> str:
    """The secret part of the link, worked out from the server's key, so that the job that mails it can make it again."""
    return salted_hmac("transitions.guest", f"{guest.pk}:{guest.serial}", algorithm="sha256").hexdigest()


def digest_of(token: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(guest: Guest) -> str:
    """The whole address, for the mail."""
    return str(settings.SITE_ADDRESS) + reverse("transitions:guest_door", args=[guest.pk, token_of(guest)])


def invite(row: Transition, *, mailbox: str, name: str, wanted: Any = None, by: Any) -> Invited:
    """Ask a service outside the network. Raises as ``offering.send``."""
    with transaction.atomic():
        offer = offering.send(row, None, wanted=wanted, by=by)
        code, key = _new_code(), keyring.open_key(row.pk)
        guest = Guest(offer=offer, code_hash=make_password(code), expires_at=_until())
        guest.mailbox_blob = key.seal(mailbox.strip().lower(), field=f"guest:{guest.pk}:mailbox", version=1)
        guest.name_blob = key.seal(name.strip(), field=f"guest:{guest.pk}:name", version=1)
        guest.token_sha256 = digest_of(token_of(guest))
        guest.save(force_insert=True)
        _mail(guest)
        record("transitions.guest.invite", offer, by=by)
    return Invited(guest, code)


def _new_code() -> str:
    return f"{secrets.randbelow(10**8):08d}"


def _until() -> Any:
    return timezone.now() + timedelta(days=DAYS)


def renew(guest: Guest, *, by: Any) -> Invited:
    """A new link and a new code; the old ones are dead, and so is every open page."""
    with transaction.atomic():
        row = _locked(guest)
        if not permissions.can_send(by, row.offer):
            raise PermissionDenied
        if row.offer.status not in {"offered", "accepted"}:
            raise ValidationError(_("This offer has ended."))
        code = _new_code()
        row.code_hash, row.wrong_codes, row.verified_at, row.revoked_at, row.expires_at = make_password(code), 0, None, None, _until()
        _fresh_link(row)
        record("transitions.guest.renew", row.offer, by=by)
    return Invited(row, code)


def revoke(guest: Guest, *, by: Any) -> None:
    """From now on neither link nor code nor an open page is good for anything."""
    with transaction.atomic():
        row = _locked(guest)
        if not permissions.can_send(by, row.offer):
            raise PermissionDenied
        row.revoked_at = timezone.now()
        row.save()
        record("transitions.guest.revoke", row.offer, by=by)


def _locked(guest: Guest) -> Guest:
    row: Guest = Guest.objects.select_for_update(of=("self",)).select_related("offer__transition").get(pk=guest.pk)
    return row


def _fresh_link(row: Guest) -> None:
    row.serial += 1
    row.token_sha256 = digest_of(token_of(row))
    row.save()
    _mail(row)


def _mail(row: Guest) -> None:
    enqueue("transitions.mail_guest", key=f"guest:{row.pk}:{row.serial}", guest=str(row.pk), serial=row.serial)


def is_open(guest: Guest) -> bool:
    """Whether the door can be opened at all: not revoked, not run out, not shut by wrong codes, and there is something behind it.

    That is an offer that stands, or something she took back and the guest has not answered for. The package of an offer that has
    ended is empty.
    """
    shut = guest.revoked_at or guest.expires_at <= timezone.now() or guest.wrong_codes >= MOST_WRONG
    if shut or guest.offer.transition.status == Transition.Status.PURGING:
        return False
    return guest.offer.is_live or bool(guest.offer.recalls.open().exists())


def call_back(row: Transition) -> None:
    """She took something back: a guest who has not answered for it is sent a new link, and has two weeks. The code stays as it was.

    Called inside the change that withdraws. A way in that the sender closed stays closed: then it is asked on the telephone.
    """
    waiting = Guest.objects.filter(offer__transition=row, offer__recalls__answered_at=None, offer__recalls__isnull=False)
    for guest in waiting.filter(revoked_at=None).distinct():
        locked = _locked(guest)
        locked.expires_at = max(locked.expires_at, _until())
        _fresh_link(locked)


def at_door(pk: UUID, token: str) -> Guest | None:
    """Whose link this is, while it is good."""
    found: Guest | None = Guest.objects.select_related("offer__transition").filter(pk=pk, token_sha256=digest_of(token)).first()
    return found if found is not None and is_open(found) else None


def enter(guest: Guest, code: str, request: HttpRequest) -> bool:
    """The code: right, and the link is spent and the session a guest's; wrong, and it is counted before anything else is said."""
    allowed = Guest.objects.filter(pk=guest.pk, wrong_codes__lt=MOST_WRONG).update(wrong_codes=F("wrong_codes") + 1)
    row = Guest.objects.select_related("offer__transition").get(pk=guest.pk)
    is_right = check_password("".join(sign for sign in code if sign.isdigit()), row.code_hash)
    if not allowed or not is_right:
        record("transitions.guest.wrong_code", row.offer, by=None, codes={"wrong": row.wrong_codes})
        return False
    with transaction.atomic():
        row = _locked(row)
        if not constant_time_compare(row.token_sha256, guest.token_sha256):
            return False  # the same link was used a moment ago
        row.wrong_codes, row.verified_at, row.last_seen_at = 0, timezone.now(), timezone.now()
        row.serial += 1  # the link has been used: nobody has the next one until it is mailed
        row.token_sha256 = digest_of(token_of(row))
        row.save()
        record("transitions.guest.enter", row.offer, by=None)
    request.session.cycle_key()
    request.session[KEY] = [str(row.pk), row.serial, time.time()]
    return True


def leave(request: HttpRequest) -> None:
    """The guest goes."""
    request.session.pop(KEY, None)


def inside(request: HttpRequest) -> Guest | None:
    """The guest of this session, while everything still holds. Asked anew at each request: revoking works at once."""
    held = request.session.get(KEY)
    if not held or not 0 <= time.time() - held[2] <= MINUTES * 60:
        return None
    found: Guest | None = Guest.objects.select_related("offer__transition__pathway").filter(pk=held[0], serial=held[1]).first()
    if found is None or not is_open(found) or found.verified_at is None:
        return None
    request.session[KEY] = [held[0], held[1], time.time()]
    return found


def see(guest: Guest, what: str) -> None:
    """A guest looked: who (which guest), what, when. Call it in the transaction that reads what they see."""
    Guest.objects.filter(pk=guest.pk).update(last_seen_at=timezone.now())
    record("transitions.guest.look", guest.offer, by=None, codes={"what": what, "guest": guest.pk})


def ask_again(pk: UUID) -> None:
    """A used link asks for a new one, to the same mailbox, three times an hour at most. Nobody is told whether there is such a guest."""
    guest = Guest.objects.select_related("offer__transition").filter(pk=pk).first()
    if guest is not None and is_open(guest) and AGAIN.take(str(pk)):
        with transaction.atomic():
            _fresh_link(_locked(guest))


def mailbox_of(guest: Guest) -> str:
    """Where the link goes."""
    key = keyring.open_key(guest.offer.transition_id)
    return str(key.unseal(bytes(guest.mailbox_blob), field=f"guest:{guest.pk}:mailbox", version=1))


def name_of(guest: Guest) -> str:
    """What the service is called."""
    key = keyring.open_key(guest.offer.transition_id)
    return str(key.unseal(bytes(guest.name_blob), field=f"guest:{guest.pk}:name", version=1))


def receiver_of(offer: Offer) -> str:
    """To whom an offer goes, in words, for the sender."""
    if offer.organisation_id:
        return str(offer.organisation)
    guest = Guest.objects.filter(offer=offer).first()
    return name_of(guest) if guest else _("A service outside the network")
