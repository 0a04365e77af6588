"""A second factor, set up in a few minutes: a passkey first, else an app; then codes for the day the phone is lost."""

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts import enrolling
from portal.accounts.forms import Code, KeptCodes
from portal.accounts.middleware import before_second_factor
from portal.accounts.models import TOTPDevice, User
from portal.accounts.recent import recent_sign_in_required
from portal.accounts.stages import second_factors


def picture(device: TOTPDevice) -> dict[str, object]:
    """The QR code as one path of an SVG: ``size`` in modules with the quiet zone, ``path`` for its ``d``. No HTML is made here."""
    code = segno.make(device.address(), error="m")
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix_iter(border=4)) for x, dark in enumerate(row) if dark)
    return {"size": code.symbol_size(border=4)[0], "path": path}


@require_http_methods(["GET", "HEAD"])
@before_second_factor
def enrol(request: HttpRequest) -> HttpResponse:
    """Which second factor to set up."""
    if second_factors(request.user):  # type: ignore[arg-type]
        return redirect("accounts:account")
    return render(request, "portal/accounts/enrol.html")


@require_http_methods(["GET", "HEAD", "POST"])
@before_second_factor
def enrol_app(request: HttpRequest) -> HttpResponse:
    """The first authenticator app: scan, type the code it shows."""
    if second_factors(request.user):  # type: ignore[arg-type]
        return redirect("accounts:add_app")
    return _set_up(request, is_first=True)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def add_app(request: HttpRequest) -> HttpResponse:
    """An app beside a passkey, or in place of the app until now."""
    return _set_up(request, is_first=False)


def _set_up(request: HttpRequest, *, is_first: bool) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    device = enrolling.begin_app(user)
    form = Code(request.POST or None, device=device)
    if form.is_valid():
        enrolling.confirm_app(request, device, is_first=is_first)
        if not is_first:
            messages.success(request, _("Your authenticator app is set up. Your other sessions were signed out."))
        return redirect("accounts:recovery_codes" if is_first else "accounts:account")
    groups = [device.secret[at : at + 4] for at in range(0, len(device.secret), 4)]
    context = {"form": form, "picture": picture(device), "groups": groups, "is_first": is_first}
    return render(request, "portal/accounts/enrol_app.html", context)


@require_http_methods(["GET", "HEAD"])
@recent_sign_in_required
def add_passkey(request: HttpRequest) -> HttpResponse:
    """One more passkey."""
    return render(request, "portal/accounts/add_passkey.html")


@require_http_methods(["GET", "HEAD", "POST"])
@before_second_factor
@recent_sign_in_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Makes new codes and shows them, once. Whoever leaves without keeping them is asked again."""
    if not second_factors(request.user):  # type: ignore[arg-type]
        return redirect("accounts:enrol")
    codes = enrolling.new_codes(request) if request.method == "POST" else []
    return render(request, "portal/accounts/recovery_codes.html", {"codes": codes, "form": KeptCodes()})


@require_POST
@before_second_factor
def codes_kept(request: HttpRequest) -> HttpResponse:
    """The codes are kept: on to the work."""
    if not KeptCodes(request.POST).is_valid():
        raise Http404
    enrolling.codes_kept(request)
    messages.success(request, _("Your account is protected. You sign in with your password and your second factor from now on."))
    return redirect("/workspace/")


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def remove_device(request: HttpRequest, handle: str) -> HttpResponse:
    """Asks, then takes one away."""
    found = [entry for entry in enrolling.listed(request.user) if entry.handle == handle]  # type: ignore[arg-type]
    if not found:
        raise Http404
    if request.method == "POST":
        try:
            enrolling.remove(request, found[0].device)
        except ValidationError as problem:
            messages.error(request, problem.message)
        else:
            messages.success(request, _("Removed. Your other sessions were signed out."))
        return redirect("accounts:account")
    return render(request, "portal/accounts/remove_device.html", {"entry": found[0]})
