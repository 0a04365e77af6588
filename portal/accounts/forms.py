"""What people type to sign in, to enrol, and to come in for the first time."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts import proofs
from portal.accounts.models import User
from portal.accounts.passwords import LONGEST

HELP = _("At least 12 characters. Three or four words that only you would put together are best. You may paste it.")


NEW, OLD = _("New password"), _("Password")


def _new_password(label: Any = NEW, help_text: Any = HELP) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "minlength": 12, "maxlength": LONGEST})
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, strip=False, widget=widget)


def _old_password(label: Any = OLD) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SignIn(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        )
        self.fields["password"] = _old_password()


class AskForReset(ResetPasswordForm):
    """The address to which the link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(
            label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        )


class _Checked:
    """allauth checks a new password in its own field, which ours replace: so it is checked here."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_password1(self) -> str:
        """Raises ``ValidationError`` for one that is too short, too long, common or expected."""
        given: str = self.cleaned_data["password1"]
        validate_password(given, self.user)
        return given


class Reset(_Checked, ResetPasswordKeyForm):
    """The new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"] = _new_password()
        self.fields["password2"] = _new_password(_("The same again"), "")


class ChangePassword(_Checked, ChangePasswordForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = _old_password(_("Password until now"))
        self.fields["password1"] = _new_password()
        self.fields["password2"] = _new_password(_("The same again"), "")

    def clean_oldpassword(self) -> str:
        """Counted like every other try."""
        given: str = self.cleaned_data["oldpassword"]
        if not proofs.is_proof(self.user, "password", given):
            raise ValidationError(_("That is not your password."))
        return given


class Code(forms.Form):
    """A code of an authenticator app or one of the recovery codes. ``device`` verifies it, once."""

    code = forms.CharField(label=_("Code"), max_length=60)

    def __init__(self, *args: Any, device: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.device = device
        of_app = {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.fields["code"].widget.attrs |= (of_app if device.model_label() == "accounts.totpdevice" else {"autocomplete": "off"}) | {
            "autofocus": True,
            "spellcheck": "false",
        }

    def clean_code(self) -> str:
        """Raises ``ValidationError`` for one that is wrong, spent, or one too many."""
        given: str = self.cleaned_data["code"]
        if not self.device.verify_is_allowed()[0]:
            raise ValidationError(
                _("Too many wrong codes. Use a passkey or a recovery code, or wait a quarter of an hour; after ten, a day.")
            )
        if not self.device.verify_token(given):
            raise ValidationError(_("That code is wrong, or it has been used already. Wait for the next one and try again."))
        return given


class KeptCodes(forms.Form):
    """They say that the recovery codes are kept."""

    kept = forms.BooleanField(label=_("I have printed these codes or written them down, and put them in a safe place."))


class ComeIn(forms.Form):
    """Accepting an invitation as a new person."""

    first_name = forms.CharField(label=_("First name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = forms.CharField(label=_("Last name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    password = _new_password(_("Choose a password"))

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The password is held against the new person's own names too."""
        given = super().clean() or {}
        if given.get("password"):
            who = User(email=self.email, first_name=given.get("first_name", ""), last_name=given.get("last_name", ""))
            try:
                validate_password(given["password"], who)
            except ValidationError as problem:
                self.add_error("password", problem)
        return given
