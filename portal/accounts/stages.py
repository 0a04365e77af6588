"""The second factor as a stage of allauth's sign-in: until it is passed the session belongs to nobody."""

from allauth.account.internal.decorators import login_stage_required as _login_stage_required  # internal: allauth is pinned below 66
from allauth.account.stages import LoginStage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django_otp import devices_for_user
from django_otp.models import Device

from portal.accounts.models import RecoveryDevice, User

KEY = "otp"


def second_factors(user: User) -> list[Device]:
    """The confirmed devices of this person. Recovery codes alone are none: they only replace one that is lost."""
    return [device for device in devices_for_user(user, confirmed=True) if not isinstance(device, RecoveryDevice)]


class OTPStage(LoginStage):
    """Comes last. Whoever has a device is asked for it; whoever has none signs in and may then do nothing but enrol."""

    key = KEY
    urlname = "accounts:second_factor"

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        """Where to go on, and whether to go on at all."""
        return (redirect(self.urlname), True) if second_factors(self.login.user) else (None, True)

    def passed(self, device: Device) -> HttpResponseBase:
        """The second factor was shown. django-otp writes it into the session, whose key Django has changed by then."""
        self.login.user.otp_device = device
        response: HttpResponseBase = self.exit()
        return response


second_factor_stage = _login_stage_required(stage=KEY, redirect_urlname="account_login")


def stage_of(request: HttpRequest) -> OTPStage:
    """The stage of a view under ``second_factor_stage``."""
    stage: OTPStage = request._login_stage  # type: ignore[attr-defined]
    return stage
