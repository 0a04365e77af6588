"""Beginning a self-assessment."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.roles import Can
from providers.organisations.permissions import can
from standards.assessments.forms.beginning import BeginForm


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Which service, which standards, which period."""
    if not can(request.user, Can.ASSESS):
        raise PermissionDenied
    form = BeginForm(
        request.POST or None, user=request.user, initial={name: request.GET[name] for name in ("service",) if name in request.GET}
    )
    if form.is_valid() and (assessment := form.save(by=request.user)):
        messages.success(request, _("Begun. Everything you write is saved as you type."))
        return redirect("assessments:overview", assessment.pk)
    return render(request, "standards/assessments/begin.html", {"form": form}, status=422 if form.is_bound else 200)
