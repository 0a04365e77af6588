"""Coming in: the link of the mail, a name and a password, then a second factor."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts import invitations
from portal.accounts.adapter import Adapter
from portal.accounts.forms import ComeIn
from portal.accounts.middleware import before_second_factor
from portal.accounts.models import Invitation, User

KEY = "_invitation"


def _spent(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accounts/invitation_spent.html", status=410)


@require_safe
@login_not_required
@before_second_factor
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the token out of the address, so that no page, log or referrer ever holds it."""
    digest = invitations.digest_of(token)
    if invitations.standing(digest) is None:
        return _spent(request)
    request.session[KEY] = digest
    return redirect("accounts:invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@before_second_factor
def invitation(request: HttpRequest) -> HttpResponse:
    """A new person chooses a name and a password; somebody with an account signs in and says yes."""
    row = invitations.standing(request.session.get(KEY, ""))
    if row is None:
        return _spent(request)
    known = invitations.known(row)
    if known is not None:
        return _known(request, row, known)
    form = ComeIn(request.POST or None, email=row.email)
    if form.is_valid():
        names = {name: form.cleaned_data[name] for name in ("password", "first_name", "last_name")}
        return _come_in(request, row, None, **names)
    return render(request, "portal/accounts/invitation.html", _words(row) | {"form": form})


def _known(request: HttpRequest, row: Invitation, known: User) -> HttpResponse:
    if request.user.is_authenticated and request.user.pk != known.pk:
        logout(request)
        request.session[KEY] = row.digest
    if not request.user.is_authenticated:
        return redirect(f"/accounts/login/?next={request.path}")
    if not request.user.is_verified():  # type: ignore[attr-defined]  # set by django-otp's middleware
        return redirect("accounts:enrol")
    if request.method == "POST":
        return _come_in(request, row, known)
    return render(request, "portal/accounts/invitation_known.html", _words(row))


def _words(row: Invitation) -> dict[str, object]:
    return {"invitation": row, "organisation": invitations.organisations().name_of(row.organisation_id)}


def _come_in(request: HttpRequest, row: Invitation, known: User | None, **names: str) -> HttpResponse:
    try:
        user = invitations.accept(row, by=known, **names)
    except invitations.Spent:
        return _spent(request)
    except invitations.Known:
        return redirect("accounts:invitation")
    request.session.pop(KEY, None)
    if known is None:
        request.session.flush()
        Adapter(request).login(request, user)
        return redirect("accounts:enrol")
    messages.success(request, _("You have joined %(name)s.") % {"name": invitations.organisations().name_of(row.organisation_id)})
    return redirect("/workspace/")
