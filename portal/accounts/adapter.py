"""How allauth signs people in here: by address and password, then the second factor; nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts import limits, recent, sessions
from portal.accounts.models import RecoveryDevice, User
from portal.audit.outbox import enqueue
from portal.audit.trail import record

WRONG = _("That e-mail address and password do not belong together.")
TOO_MANY = _("Too many tries. Please wait five minutes, then try again.")


class Adapter(DefaultAccountAdapter):
    """The answers to a known address, an unknown one and a closed account are the same, and are counted the same."""

    error_messages = DefaultAccountAdapter.error_messages | {"email_password_mismatch": WRONG, "too_many_login_attempts": TOO_MANY}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False

    def get_login_stages(self) -> list[str]:
        """allauth's own, then the second factor."""
        return [*super().get_login_stages(), "portal.accounts.stages.OTPStage"]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose password this is. Counted in the database per address, whether anybody has it or not."""
        whom = str(credentials.get("email", "")).strip().lower()
        if not limits.take(limits.PASSWORD, whom):
            raise self.validation_error("too_many_login_attempts")
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        limits.forget(limits.PASSWORD, whom)
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Both factors have been passed, or there is no second yet."""
        super().login(request, user)
        sessions.begin(request)
        recent.mark(request)
        if getattr(user, "otp_device", None) and not RecoveryDevice.objects.filter(user=user, confirmed=True).exists():
            request.session[recent.CODES_WAIT] = True
        record("accounts.user.sign_in", user, by=user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The start page of whoever it is."""
        return str(settings.LOGIN_REDIRECT_URL)

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of ours that begin with one slash."""
        return bool(url) and url.startswith("/") and not url.startswith(("//", "/\\")) and super().is_safe_url(url)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Later, by the outbox, so that known and unknown addresses are answered in the same time. The link is made then."""
        moment = int(recent.now())
        enqueue("accounts.send_reset", key=f"reset:{user.pk}:{moment}", user=str(user.pk))

    def send_notification_mail(self, *_: Any, **__: Any) -> None:
        """None of allauth's: they name the person's browser and address."""

    def add_message(self, *_: Any, **__: Any) -> None:
        """None of allauth's: our pages say themselves what happened."""
