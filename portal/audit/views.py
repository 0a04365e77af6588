"""A person's own notices; and for administrators, how the work in the background stands."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.audit.forms import ChoiceForm
from portal.audit.models import Job, Notice
from portal.audit.notices import mark_read, sentence_of
from portal.audit.overview import overview
from portal.audit.working import try_again

View = Callable[..., HttpResponse]
PAGE = 25


def may_administer(user: Any) -> bool:
    """Asked of the organisations' room, by the name in the settings."""
    return bool(import_string(settings.WAYMARK_MAY_ADMINISTER)(user))


def administrators_only(view: View) -> View:
    """For everybody else there is nothing here."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_administer(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices, the newest first, and the choice of e-mails."""
    mine = Notice.objects.visible_to(request.user)
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    lines = [(notice, sentence_of(notice.kind)) for notice in page]
    context = {"page": page, "lines": lines, "unread": mine.unread().count(), "form": ChoiceForm.of(request.user)}
    return render(request, "portal/audit/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go where a notice leads. From the list (POST) it is read now; from an e-mail (GET) nothing is written."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        mark_read(request.user, notice.pk)
    return redirect(notice.link)


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """All of them are read."""
    mark_read(request.user)
    messages.success(request, _("All notices are marked as read."))
    return redirect("audit:notices")


@require_POST
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Keep how this person wants to hear of notices by e-mail."""
    form = ChoiceForm.of(request.user, request.POST)
    if not form.is_valid():
        return render(request, "portal/audit/choose.html", {"form": form}, status=422)
    form.save()
    messages.success(request, _("Your choice is saved."))
    return redirect("audit:notices")


@require_safe
@administrators_only
def work(request: HttpRequest) -> HttpResponse:
    """What ran, what waits and what failed."""
    return render(request, "portal/audit/work.html", {"overview": overview(timezone.now())})


@require_POST
@administrators_only
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try a job once more that was given up."""
    job = get_object_or_404(Job.objects.failed(), pk=pk)
    try_again(job)
    messages.success(request, _("It will be tried again now."))
    return redirect("audit:work")
