"""One's own account: devices, sessions, password."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import enrolling, recent, sessions
from portal.accounts.forms import ChangePassword
from portal.accounts.models import SignedInSession, User
from portal.audit.trail import record


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What there is, and what can be changed."""
    user: User = request.user  # type: ignore[assignment]
    mine = sessions.hashed(request.session.session_key or "")
    rows = [(row, row.session_key == mine) for row in SignedInSession.objects.visible_to(user)]
    context = {"devices": enrolling.listed(user), "codes_left": enrolling.codes_left(user), "sessions": rows}
    return render(request, "portal/accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password. Every other session is over."""
    user: User = request.user  # type: ignore[assignment]
    form = ChangePassword(data=request.POST or None, user=user)
    if form.is_valid():
        form.save()
        recent.mark(request)
        sessions.end_sessions(user, request)
        record("accounts.user.change_password", user, by=user)
        messages.success(request, _("Your password is changed. Your other sessions were signed out."))
        return redirect("accounts:account")
    return render(request, "portal/accounts/change_password.html", {"form": form})


@require_POST
def end_session(request: HttpRequest, handle: str) -> HttpResponse:
    """Signs one other browser out."""
    found = [row for row in SignedInSession.objects.visible_to(request.user) if str(row.handle) == str(handle)]
    if not found:
        raise Http404
    found[0].delete()
    messages.success(request, _("That session is signed out."))
    return redirect("accounts:account")


@require_POST
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    """Signs out everywhere, here too."""
    user: User = request.user  # type: ignore[assignment]
    sessions.end_sessions(user)
    record("accounts.user.sign_out_everywhere", user, by=user)
    request.session.flush()
    return redirect("account_login")
