"""The demo's short cut: sign in as any of the demo people with one click. It is not there unless ``settings.DEMO``."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.accounts.adapter import Adapter
from portal.accounts.middleware import before_second_factor
from portal.accounts.seed import PEOPLE, demo_devices, demo_password


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@before_second_factor
def demo(request: HttpRequest) -> HttpResponse:
    """All demo people, the password they share, and the code their authenticator shows now. POST ``email`` signs in as one."""
    if not settings.DEMO:
        raise Http404
    devices = {device.user.email: device for device in demo_devices()}
    chosen = devices.get(request.POST.get("email", "")) if request.POST.get("email") in {person.email for person in PEOPLE} else None
    if request.method == "POST" and chosen is not None:
        logout(request)
        chosen.user.otp_device = chosen
        Adapter(request).login(request, chosen.user)
        return redirect("/cms/" if request.POST.get("email") in {person.email for person in PEOPLE if person.is_editing} else "/workspace/")
    people = [(person, devices[person.email].code()) for person in PEOPLE if person.email in devices]
    return render(request, "portal/accounts/demo.html", {"people": people, "password": demo_password()})
