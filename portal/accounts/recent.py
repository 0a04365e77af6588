"""A recent sign-in, for acts that matter: ``@recent_sign_in_required`` under ``@require_…``, above the view.

Whoever signed in or confirmed within five minutes goes on. Otherwise a GET is answered by a page that asks for the password or a
code and then comes back; a POST is answered 403 by the same question, which carries everything that was sent along, so that
answering it does what was wanted in one go. Scripts get 403 with the header ``X-Confirm``: the address to confirm at.
"""

import functools
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.proofs import ProofForm

View = Callable[..., HttpResponseBase]
MINUTES = 5
KEY, CODES_WAIT = "_recent", "_codes_wait"  # CODES_WAIT: the recovery codes have not been kept yet
OWN = ("csrfmiddlewaretoken", "confirm-proof", "confirm-kind")


def now() -> float:
    """Seconds since 1970; tests move it."""
    return time.time()


def mark(request: HttpRequest) -> None:
    """They have just proved who they are."""
    request.session[KEY] = now()


def prove(request: HttpRequest) -> None:
    """As ``mark``, under a new session key: whoever knew the old one may not do what they may do now."""
    mark(request)
    request.session.cycle_key()


def is_recent(request: HttpRequest) -> bool:
    """Whether the last proof is at most five minutes old. A clock that went backwards proves nothing."""
    age = now() - request.session.get(KEY, 0)
    return bool(0 <= age <= MINUTES * 60)


def is_script(request: HttpRequest) -> bool:
    """Whether a script asks, which has no use for a page: htmx, or anything that speaks JSON."""
    speaks_json = "application/json" in (request.content_type, request.headers.get("Accept", "").split(";")[0].split(",")[0])
    return speaks_json or "HX-Request" in request.headers or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def recent_sign_in_required(view: View) -> View:
    """Ask for the password or a code first, unless that was done within five minutes."""

    @functools.wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_recent(request):
            return view(request, *args, **kwargs)
        if is_script(request):
            response = HttpResponse(status=403)
            response["X-Confirm"] = reverse("accounts:confirm")
            return response
        if request.method in ("GET", "HEAD"):
            return redirect(f"{reverse('accounts:confirm')}?{urlencode({'next': request.get_full_path()})}")
        form = ProofForm(request.POST if "confirm-proof" in request.POST else None, user=request.user, prefix="confirm")
        if form.is_bound and form.is_valid():
            prove(request)
            return view(request, *args, **kwargs)
        context = {"form": form, "kept": list(_kept(request)), "lost_files": bool(request.FILES)}
        return render(request, "portal/accounts/confirm.html", context, status=403)

    return confirmed


def _kept(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """What was sent, to be sent again."""
    for name, values in request.POST.lists():
        if name not in OWN:
            yield from ((name, str(value)) for value in values)
