"""Default deny: under the addresses of people who sign in, nothing is shown before both factors have been passed.

A view is open before that only if it says so: ``@login_not_required`` (to who is not signed in) or ``@before_second_factor``
(to who has signed in with a password and has no second factor yet).
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from portal.accounts.recent import CODES_WAIT, is_script
from portal.accounts.stages import second_factors
from portal.middleware import is_staff_path

View = Callable[..., HttpResponseBase]


def before_second_factor(view: View) -> View:
    """Mark a view as open to who has no second factor yet: enrolling, and signing out."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def _is_open(request: HttpRequest, view: View) -> bool:
    """Whether who is not signed in may come here. On Wagtail's side only the way in: other libraries there mark views as open too."""
    if request.path_info.startswith(settings.EDITORS_PREFIX) and request.path_info != f"{settings.EDITORS_PREFIX}login/":
        return False
    return not getattr(view, "login_required", True)


def signed_out() -> JsonResponse:
    """For scripts: 403, and the header tells it from "you may not"."""
    return JsonResponse({"detail": "signed out"}, status=403, headers={"X-Signed-Out": "1"})


class RequireSecondFactor:
    """After OTPMiddleware. Also keeps the session alive, as far as this request is a sign of life."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """The answer in place of the view, or ``None`` to go on to it."""
        if not is_staff_path(request.path_info):
            return None
        if not request.user.is_authenticated:
            return None if _is_open(request, view) else self._stranger(request)
        refused = self._unverified(request, view) if self._is_unfinished(request) else None
        if refused is None and not _is_open(request, view):
            self._editing_only(request)
        if refused is None and not getattr(view, "is_no_sign_of_life", False):
            request.session.touch()  # type: ignore[attr-defined]
        return refused

    def _editing_only(self, request: HttpRequest) -> None:
        """Wagtail would send whoever has no work there to sign in, which they are: a circle. Raises ``PermissionDenied`` instead."""
        if request.path_info.startswith(settings.EDITORS_PREFIX) and not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied

    def _is_unfinished(self, request: HttpRequest) -> bool:
        return not request.user.is_verified() or bool(request.session.get(CODES_WAIT))  # type: ignore[union-attr]

    def _stranger(self, request: HttpRequest) -> HttpResponseBase:
        return signed_out() if is_script(request) else redirect_to_login(request.get_full_path(), settings.LOGIN_URL)

    def _unverified(self, request: HttpRequest, view: View) -> HttpResponseBase | None:
        verified = request.user.is_verified()  # type: ignore[union-attr]
        if not verified and second_factors(request.user):  # type: ignore[arg-type]
            logout(request)
            return self._stranger(request)
        if getattr(view, "before_second_factor", False):
            return None
        if is_script(request):
            return signed_out()
        return redirect("accounts:recovery_codes" if verified else "accounts:enrol")
