"""Signing in, the second factor, signing out, a forgotten password, and showing again that it is oneself."""

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import (
    LoginView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import enrolling, forms, recent, sessions
from portal.accounts.middleware import before_second_factor
from portal.accounts.models import TOTPDevice
from portal.accounts.passkeys import Passkey
from portal.accounts.proofs import ProofForm
from portal.accounts.stages import second_factor_stage, stage_of
from portal.audit.trail import record

_sign_in = LoginView.as_view(
    template_name="portal/accounts/sign_in.html",
    form_class=forms.SignIn,
    extra_context={"demo": "/accounts/demo/" if settings.DEMO else ""},
)
ask_for_reset = login_not_required(
    PasswordResetView.as_view(template_name="portal/accounts/ask_for_reset.html", form_class=forms.AskForReset)
)
reset_asked = login_not_required(PasswordResetDoneView.as_view(template_name="portal/accounts/reset_asked.html"))
reset_done = login_not_required(PasswordResetFromKeyDoneView.as_view(template_name="portal/accounts/reset_done.html"))


@login_not_required
@before_second_factor
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Address and password. ``?again=1`` forgets a sign-in that stands at its second factor."""
    if "again" in request.GET:
        clear_login(request)
    response: HttpResponseBase = _sign_in(request)
    return response


class _Reset(PasswordResetFromKeyView):
    """The new password. Signs nobody in; every session of that person is over, and the second factor stays what it was."""

    template_name = "portal/accounts/reset.html"
    form_class = forms.Reset

    def form_valid(self, form: forms.Reset) -> HttpResponseBase:
        """Kept: the link is spent, because it was made from the old password."""
        response: HttpResponseBase = super().form_valid(form)
        user = self.reset_user
        sessions.end_sessions(user)
        record("accounts.user.reset_password", user, by=user)
        return response


reset = login_not_required(_Reset.as_view())


@require_POST
@before_second_factor
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session. ``?left``: the next page takes off the device what a room may have kept there."""
    logout(request)
    return redirect(f"{reverse('account_login')}?left")


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_stage
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """A passkey, a code of the app, or with ``?with=recovery`` a recovery code. Nobody is signed in before this is passed."""
    stage = stage_of(request)
    user = stage.login.user
    wants_recovery = "recovery" in (request.GET.get("with"), request.POST.get("with"))
    device = enrolling.recovery(user) if wants_recovery else enrolling.working(user, TOTPDevice)
    form = forms.Code(request.POST or None, device=device) if device else None
    if form and form.is_valid():
        return stage.passed(device)
    context = {"form": form, "passkeys": enrolling.working(user, Passkey) is not None, "wants_recovery": wants_recovery}
    return render(request, "portal/accounts/second_factor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@before_second_factor
def confirm(request: HttpRequest) -> HttpResponse:
    """Show again that it is you, then go on where you were going."""
    onward = request.POST.get("next") or request.GET.get("next") or ""
    if not (onward.startswith("/") and url_has_allowed_host_and_scheme(onward, allowed_hosts=None)):
        onward = reverse("accounts:account")
    form = ProofForm(request.POST or None, user=request.user, prefix="confirm")
    if form.is_valid():
        recent.prove(request)
        return redirect(onward)
    return render(request, "portal/accounts/confirm.html", {"form": form, "onward": onward})


@login_not_required
@before_second_factor
@require_http_methods(["GET", "HEAD", "POST"])
def alive(request: HttpRequest) -> JsonResponse:
    """Seconds until the session ends. GET only looks; POST is "I am still here". 0 when nobody is signed in."""
    session: sessions.SessionStore = request.session  # type: ignore[assignment]
    if request.method == "POST" and request.user.is_authenticated:
        session.stay()
    left = session.seconds_left() if request.user.is_authenticated else 0
    return JsonResponse({"seconds": left, "token": get_token(request)})


alive.is_no_sign_of_life = True  # type: ignore[attr-defined]


@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """After signing in again beside a page that stayed open."""
    return render(request, "portal/accounts/back.html")
