"""Second factors come and go: after each change every other session of that person is over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_otp import login as otp_login
from django_otp.models import Device

from portal.accounts import recent, sessions
from portal.accounts.models import RecoveryDevice, TOTPDevice, User
from portal.accounts.stages import second_factors
from portal.audit.trail import record


@dataclass(frozen=True)
class Listed:
    """A device as "My account" shows it. ``handle`` stands in addresses: ids of devices are counted, and so are not shown."""

    handle: str
    is_app: bool
    added_at: datetime | None
    last_used_at: datetime | None
    device: Device


def handle_of(device: Device) -> str:
    """What an address calls this device."""
    return salted_hmac("portal.accounts.device", device.persistent_id, algorithm="sha256").hexdigest()[:32]


def listed(user: User) -> list[Listed]:
    """The second factors of this person."""
    return [
        Listed(handle_of(device), isinstance(device, TOTPDevice), device.created_at, device.last_used_at, device)
        for device in second_factors(user)
    ]


def working(user: User, kind: type[Device]) -> Device | None:
    """The confirmed device of this kind, if there is one."""
    device: Device | None = kind.objects.filter(user=user, confirmed=True).first()
    return device


def recovery(user: User) -> RecoveryDevice | None:
    """The recovery codes, said to be kept or not: who printed them and closed the page before saying so is not locked out."""
    device: RecoveryDevice | None = RecoveryDevice.objects.filter(user=user).first()
    return device


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    device = working(user, RecoveryDevice)
    return device.left() if device else 0


def begin_app(user: User) -> TOTPDevice:
    """The app that is being set up: the same until it is confirmed, so that a reload shows the same code."""
    device: TOTPDevice
    device, _new = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "Authenticator app"})
    return device


def confirm_app(request: HttpRequest, device: TOTPDevice, *, is_first: bool) -> None:
    """The app has shown that it works. It takes the place of an older one."""
    with transaction.atomic():
        lock(device.user, is_first=is_first)
        TOTPDevice.objects.filter(user=device.user, confirmed=True).delete()
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        device.confirmed = True
        finish(request, device, is_first=is_first)


def lock(user: User, *, is_first: bool) -> None:
    """Changes of one person's factors stand in line. Raises ``PermissionDenied`` when a first one is no longer the first.

    Otherwise two who know the password alone could both enrol, the second in place of the first.
    """
    if second_factors(User.objects.select_for_update().get(pk=user.pk)) and is_first:
        raise PermissionDenied


def finish(request: HttpRequest, device: Device, *, is_first: bool) -> None:
    """A device was added: this session is verified by it and gets a new key; all others are over. The first one needs codes."""
    user: User = device.user
    if is_first or not request.user.is_verified():  # type: ignore[union-attr]
        otp_login(request, device)
    elif isinstance(device, TOTPDevice):
        otp_login(request, device)  # the app it was verified by may be the one just replaced
    if is_first and not RecoveryDevice.objects.filter(user=user, confirmed=True).exists():
        request.session[recent.CODES_WAIT] = True
    recent.mark(request)
    sessions.end_sessions(user, request)
    record("accounts.user.add_device", user, by=user, codes={"kind": "app" if isinstance(device, TOTPDevice) else "passkey"})


def remove(request: HttpRequest, device: Device) -> None:
    """Take a device away. Raises ``ValidationError`` for the last one: without any, nothing could be opened again."""
    user: User = device.user
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        others = [other for other in second_factors(user) if other.persistent_id != device.persistent_id]
        if not others:
            raise ValidationError(_("This is your only second factor. Add another one first, then remove this."))
        type(device).objects.filter(pk=device.pk).delete()
        if request.user.otp_device == device:  # type: ignore[union-attr]
            otp_login(request, others[0])
        sessions.end_sessions(user, request)
        kind: Any = "app" if isinstance(device, TOTPDevice) else "passkey"
        record("accounts.user.remove_device", user, by=user, codes={"kind": kind})


def new_codes(request: HttpRequest) -> list[str]:
    """New recovery codes for who asks; the old ones are worth nothing from now on."""
    user: User = request.user  # type: ignore[assignment]
    with transaction.atomic():
        codes = RecoveryDevice.renew(user, keeps_confirmed=isinstance(getattr(user, "otp_device", None), RecoveryDevice))
        request.session[recent.CODES_WAIT] = True
        record("accounts.user.renew_codes", user, by=user)
    return codes


def codes_kept(request: HttpRequest) -> None:
    """They say that the codes are kept: from now on these work."""
    user: User = request.user  # type: ignore[assignment]
    if RecoveryDevice.objects.filter(user=user).update(confirmed=True):
        request.session.pop(recent.CODES_WAIT, None)
