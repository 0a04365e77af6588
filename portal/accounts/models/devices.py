"""Second factors of our own: an authenticator app whose secret is sealed, and recovery codes of which only hashes are kept.

Passkeys are ``django_otp_webauthn``'s. Both devices here accept a code exactly once, however many try at the same moment:
the claim is one conditional UPDATE.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.oath import hotp

from portal.accounts import limits
from portal.accounts.fields import SealedTextField

STEP = 30  # seconds a code of the app is shown
TOLERANCE = 1  # steps before and after: clocks of phones are not ours
CODES = 8
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"  # 5 bits each; no I, L, O, U, so that a written code is read one way only
CODE_LENGTH = 24  # 120 bits


def _new_secret() -> str:
    """160 random bits, as apps take them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


class TOTPDevice(Device):
    """An authenticator app. One that works and one that is being set up, at most."""

    secret = SealedTextField(default=_new_secret, editable=False)
    last_step = models.BigIntegerField(default=-1, editable=False)  # of the code used last: none at or before it is taken again
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "authenticator app"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "confirmed"], name="accounts_totpdevice_one")]

    def code(self, step: int | None = None) -> str:
        """The six digits of ``step``, of now by default."""
        number = int(time.time() // STEP) if step is None else step
        return f"{hotp(base64.b32decode(self.secret), number, 6):06d}"

    def address(self) -> str:
        """What the QR code holds."""
        query = urlencode({"secret": self.secret, "issuer": "Waymark", "algorithm": "SHA1", "digits": 6, "period": STEP})
        return f"otpauth://totp/{quote(f'Waymark:{self.user.email}')}?{query}"

    def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]:
        """Not after five wrong codes in a quarter of an hour, or ten in a day."""
        return (not limits.is_used_up(limits.CODE, str(self.user_id)), None)

    def verify_token(self, token: str) -> bool:
        """Whether ``token`` is a code of now that nobody has used. Wrong ones are counted per person, whatever the device."""
        if not limits.take(limits.CODE, str(self.user_id)):
            return False
        step = self._step_of("".join(token.split()))
        if step is None:
            return False
        mine = type(self).objects.filter(pk=self.pk, last_step__lt=step)
        if mine.update(last_step=step, last_used_at=timezone.now()) != 1:
            return False
        limits.forget(limits.CODE, str(self.user_id))
        return True

    def _step_of(self, token: str) -> int | None:
        """The step whose code this is, compared in constant time; ``None`` for a wrong one."""
        now, typed = int(time.time() // STEP), token.encode()  # bytes: text is compared only while all of it is ASCII
        found = [step for step in range(now - TOLERANCE, now + TOLERANCE + 1) if hmac.compare_digest(self.code(step).encode(), typed)]
        return found[-1] if found else None


class RecoveryDevice(Device):
    """A person's set of recovery codes. Confirmed once they said that they have kept them, or have used one."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "recovery codes"
        constraints: ClassVar = [models.UniqueConstraint(fields=["user"], name="accounts_recoverydevice_one")]

    @classmethod
    def renew(cls, user: Any, *, keeps_confirmed: bool = False) -> list[str]:
        """New codes in place of all old ones; returned here and never again. Call it inside a transaction.

        ``keeps_confirmed`` when the session that asks was verified by an old one: without it, asking would sign them out.
        """
        cls.objects.get_or_create(user=user, defaults={"name": "Recovery codes", "confirmed": False})
        device = cls.objects.select_for_update().get(user=user)
        device.codes.all().delete()
        if not keeps_confirmed:
            cls.objects.filter(pk=device.pk).update(confirmed=False)
        codes = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
        RecoveryCode.objects.bulk_create(RecoveryCode(device=device, digest=digest(code)) for code in codes)
        return ["-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4)) for code in codes]

    def left(self) -> int:
        """How many are unused."""
        return int(self.codes.filter(used_at__isnull=True).count())

    def verify_token(self, token: str) -> bool:
        """Whether ``token`` is one of the unused codes; it is used by this. Whoever can type one has kept them."""
        if not limits.take(limits.RECOVERY, str(self.user_id)):
            return False
        if self.codes.filter(digest=digest(token), used_at__isnull=True).update(used_at=timezone.now()) != 1:
            return False
        type(self).objects.filter(pk=self.pk).update(confirmed=True)
        self.confirmed = True
        limits.forget(limits.RECOVERY, str(self.user_id))
        return True


class RecoveryCode(models.Model):
    """The hash of one code. 120 random bits need no slow hash; the key keeps a dump from being searched all the same."""

    device = models.ForeignKey(RecoveryDevice, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "recovery code"
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "digest"], name="accounts_recoverycode_once")]

    def __str__(self) -> str:
        return "used" if self.used_at else "unused"


def digest(code: str) -> str:
    """What is kept of a recovery code. Case, blanks and dashes do not matter; O, I and L are read as the digits they look like."""
    plain = "".join(code.split()).replace("-", "").upper().translate(str.maketrans("OIL", "011"))
    return salted_hmac("portal.accounts.recovery", hashlib.sha256(plain.encode()).hexdigest(), algorithm="sha256").hexdigest()
