"""Inviting, taking back, sending again, and accepting. What joining an organisation means is the providers' room's matter.

The token of a link is worked out from the invitation, a serial number and the server's key, so that the job that mails it can make
it again; the database holds its SHA-256 only.
"""

import hashlib
import uuid
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import Invitation, User
from portal.accounts.models.invitations import in_seven_days
from portal.audit.outbox import enqueue
from portal.audit.trail import record


class Spent(Exception):  # noqa: N818 - no error of the program: somebody else was quicker, or it was taken back
    """The invitation can no longer be accepted."""


class Known(Exception):  # noqa: N818 - no error either: two invitations to one new address were accepted at the same moment
    """Somebody has an account with that address by now: they sign in and accept as themselves."""


def organisations() -> Any:
    """What knows of organisations: ``settings.ORGANISATIONS`` names a module with ``join`` and ``name_of``."""
    return import_module(settings.ORGANISATIONS)


def token_of(invitation: Invitation) -> str:
    """The 32 bytes of the link, in hexadecimal."""
    return salted_hmac("portal.accounts.invitation", f"{invitation.pk}:{invitation.serial}", algorithm="sha256").hexdigest()


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """The whole address, for the mail."""
    return str(settings.SITE_ADDRESS) + reverse("accounts:invitation_link", args=[token_of(invitation)])


def standing(digest: str) -> Invitation | None:
    """The invitation that this link still opens."""
    return Invitation.objects.open().filter(digest=digest).first()


def known(invitation: Invitation) -> User | None:
    """Who has an account with that address already."""
    return User.objects.filter(email=invitation.email).first()


def invite(email: str, organisation: uuid.UUID, role: str, *, by: User) -> Invitation:
    """Ask somebody in. The same invitation twice is the first one, sent again. Who may invite whom is asked before."""
    with transaction.atomic():
        address = email.strip().lower()
        waiting = Invitation.objects.waiting([organisation]).filter(email=address, role=role).first()
        if waiting is not None:
            return resend(waiting, by=by)
        invitation = Invitation(email=address, organisation_id=organisation, role=role, invited_by=by)
        invitation.digest = digest_of(token_of(invitation))
        invitation.save()
        _send(invitation)
        record("accounts.invitation.invite", invitation, by=by, codes={"role": role})
    return invitation


def resend(invitation: Invitation, *, by: User) -> Invitation:
    """A new link for seven more days; the old one is dead. Raises ``Spent``."""
    with transaction.atomic():
        row = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if row.accepted_at or row.revoked_at:
            raise Spent
        row.serial += 1
        row.digest, row.invited_by = digest_of(token_of(row)), by
        row.sent_at, row.expires_at = timezone.now(), in_seven_days()
        row.save()
        _send(row)
        record("accounts.invitation.resend", row, by=by)
    return row


def revoke(invitation: Invitation, *, by: User) -> None:
    """Take it back: the link is dead from now on. Raises ``Spent`` if it was accepted before."""
    with transaction.atomic():
        waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True)
        if waiting.update(revoked_at=timezone.now(), revoked_by=by) != 1:
            raise Spent
        record("accounts.invitation.revoke", invitation, by=by)


def accept(invitation: Invitation, *, by: User | None, password: str = "", first_name: str = "", last_name: str = "") -> User:
    """Come in: as ``by``, or as a new person with this password. Exactly once. Raises ``Spent`` or ``Known``; then nobody was made.

    Spent is also what somebody gave who may not give it any more. Raises ``PermissionDenied`` for somebody else's address.
    """
    if by is not None and by.email != invitation.email:
        raise PermissionDenied
    with transaction.atomic():
        now = timezone.now()
        if Invitation.objects.open(now).filter(pk=invitation.pk, digest=invitation.digest).update(accepted_at=now) != 1:
            raise Spent
        user = by or _new_person(invitation.email, password, first_name, last_name)
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        try:
            organisations().join(user, invitation.organisation_id, invitation.role, by=invitation.invited_by)
        except PermissionDenied as problem:
            raise Spent from problem
        Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
        record("accounts.invitation.accept", invitation, by=user, codes={"role": invitation.role})
    return user


def _new_person(email: str, password: str, first_name: str, last_name: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
    except IntegrityError as problem:
        raise Known from problem


def _send(invitation: Invitation) -> None:
    enqueue("accounts.send_invitation", key=f"invitation:{invitation.pk}:{invitation.serial}", invitation=str(invitation.pk))
