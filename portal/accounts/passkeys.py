"""Passkeys: django-otp-webauthn's ceremonies, led through our sign-in stage. A passkey alone signs nobody in."""

import json
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django_otp_webauthn import exceptions
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import AbstractWebAuthnCredential
from django_otp_webauthn.utils import get_credential_model
from django_otp_webauthn.views import (
    BeginCredentialAuthenticationView,
    BeginCredentialRegistrationView,
    CompleteCredentialAuthenticationView,
    CompleteCredentialRegistrationView,
)
from webauthn.helpers.structs import UserVerificationRequirement

from portal.accounts import enrolling, recent
from portal.accounts.middleware import before_second_factor
from portal.accounts.models import User
from portal.accounts.stages import KEY, OTPStage, second_factors

Passkey: Any = get_credential_model()


class Helper(WebAuthnHelper):
    """Asks the device to check its owner (finger, face, number), and refuses an answer in which it did not (AUTH-19)."""

    def get_generate_registration_options_kwargs(self, *, user: Any) -> dict[str, Any]:
        """Asked for when the passkey is made."""
        options: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        options["authenticator_selection"].user_verification = UserVerificationRequirement.REQUIRED
        return options

    def get_generate_authentication_options_kwargs(self, *, user: Any = None, require_user_verification: bool) -> dict[str, Any]:
        """And each time it is used."""
        options: dict[str, Any] = super().get_generate_authentication_options_kwargs(user=user, require_user_verification=True)
        return options


class _Staged:
    """Who is asked: the person at our second-factor stage, and nobody else."""

    request: HttpRequest

    def stage(self) -> OTPStage | None:
        """The stage this session stands at."""
        from allauth.account.stages import LoginStageController  # read at the request: allauth's modules need its models

        found: OTPStage | None = LoginStageController.enter(self.request, KEY)
        return found

    def get_user(self) -> User | None:
        """Of that stage."""
        stage = self.stage()
        user: User | None = stage.login.user if stage else None
        return user


@method_decorator(login_not_required, name="dispatch")
class BeginAuthentication(_Staged, BeginCredentialAuthenticationView):
    """The question for the passkey."""


@method_decorator(login_not_required, name="dispatch")
class CompleteAuthentication(_Staged, CompleteCredentialAuthenticationView):
    """The passkey's answer: passes the stage."""

    def complete_auth(self, device: AbstractWebAuthnCredential) -> None:
        """Raises for a passkey of somebody else, whatever the browser sent."""
        stage = self.stage()
        if stage is None or device.user_id != stage.login.user.pk:
            raise exceptions.CredentialNotFound()
        self.onward = stage.passed(device)

    def get_success_data(self, device: AbstractWebAuthnCredential) -> dict[str, str]:
        """Where to go on."""
        return {"onward": self.onward.headers.get("Location", "/workspace/")}


class _Enrolling:
    """A first passkey while enrolling, or one more after a recent sign-in."""

    request: HttpRequest

    def check_can_register(self) -> None:
        """Raises ``NotVerified`` when the last proof is too old."""
        if second_factors(self.request.user) and not recent.is_recent(self.request):  # type: ignore[arg-type]
            raise exceptions.NotVerified()


@method_decorator(before_second_factor, name="dispatch")
class BeginRegistration(_Enrolling, BeginCredentialRegistrationView):
    """The question that makes a passkey."""


@method_decorator(before_second_factor, name="dispatch")
class CompleteRegistration(_Enrolling, CompleteCredentialRegistrationView):
    """The new passkey."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Kept; this session is verified by it if it was not before."""
        user = cast("User", self.request.user)
        was_first = not second_factors(user)
        with transaction.atomic():
            enrolling.lock(user, is_first=was_first)
            made = super().post(*args, **kwargs)
            device = Passkey.objects.get(pk=json.loads(made.content)["id"], user=user)
            enrolling.finish(self.request, device, is_first=was_first)
        return JsonResponse({"onward": reverse("accounts:recovery_codes" if was_first else "accounts:account")})
