"""Proof that it is still the same person: the password, or a code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts import limits
from portal.accounts.models import RecoveryDevice, TOTPDevice, User

KINDS = (("password", _("Password")), ("code", _("Code from my authenticator app")), ("recovery", _("Recovery code")))
LONGEST = 128


def is_proof(user: User, kind: str, value: str) -> bool:
    """Whether this password or code is theirs. Counted like every other try to sign in as them."""
    if kind == "password":
        if not limits.take(limits.PASSWORD, user.email):
            raise ValidationError(_("Too many tries. Please wait five minutes, then try again."))
        if not user.check_password(value):
            return False
        limits.forget(limits.PASSWORD, user.email)
        return True
    model = TOTPDevice if kind == "code" else RecoveryDevice
    device = model.objects.filter(user=user, confirmed=True).first()
    return bool(device and device.verify_token(value))


class ProofForm(forms.Form):
    """One question: which proof, and the proof."""

    kind = forms.ChoiceField(label=_("Show that it is you with"), choices=KINDS, initial="password", widget=forms.RadioSelect)
    proof = forms.CharField(
        label=_("Password or code"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError`` in the same words whatever was wrong."""
        given = super().clean() or {}
        if given.get("proof") and given.get("kind") and not is_proof(self.user, given["kind"], given["proof"]):
            raise ValidationError(_("That is not right, or it has been used already. Please try again."))
        return given
