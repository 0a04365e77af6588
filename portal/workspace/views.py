"""The start page, the list of tasks, and the choice of language."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.middleware import before_second_factor
from portal.workspace.forms import TaskFilter
from portal.workspace.languages import CODES, choose
from portal.workspace.needs import needs_of, panels_of

FIRST = 6  # as many needs as a start page shows before it says how many more there are
PAGE = 25


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """What needs this person now, then the overviews of their roles."""
    day = timezone.localdate()
    needs = needs_of(request.user, day)
    context = {"needs": needs[:FIRST], "more": max(len(needs) - FIRST, 0), "day": day, "panels": panels_of(request.user)}
    return render(request, "portal/workspace/start.html", context)


@require_safe
@login_required
def tasks(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, narrowed by kind and date."""
    day = timezone.localdate()
    needs = needs_of(request.user, day)
    form = TaskFilter(request.GET or None, kinds=sorted({need.kind for need in needs if need.kind}))
    page = Paginator(form.narrow(needs, day), PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/workspace/tasks.html", {"page": page, "filter": form, "day": day, "total": len(needs)})


@login_not_required
@before_second_factor
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Work in English or Welsh from now on, and go on where one was. Also for who is about to sign in."""
    if request.POST.get("language") not in CODES:
        raise BadRequest
    choose(request, request.POST["language"])
    onward = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(onward, allowed_hosts=None) and onward.startswith("/")
    return redirect(onward if is_ours else reverse("workspace:start"))
