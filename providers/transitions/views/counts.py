"""Transitions in numbers, for who oversees services: quarters as they were frozen, as pages and as files. Nothing is counted here."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import hashing
from portal.accounts.roles import Can
from portal.audit.trail import record
from providers.organisations.permissions import can
from providers.transitions import figures
from providers.transitions.models import QuarterFigures

KINDS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest quarter, and the way to the others."""
    if not can(request.user, Can.READ_AGGREGATES):
        raise PermissionDenied
    return _page(request, QuarterFigures.objects.visible_to(request.user).first())


@require_safe
def quarter(request: HttpRequest, name: str) -> HttpResponse:
    """One quarter."""
    return _page(request, _seen(request, name))


@require_safe
def table(request: HttpRequest, name: str) -> HttpResponse:
    """The same figures as CSV."""
    return _file(request, _seen(request, name), "csv")


@require_safe
def data(request: HttpRequest, name: str) -> HttpResponse:
    """The same figures as JSON."""
    return _file(request, _seen(request, name), "json")


def _seen(request: HttpRequest, name: str) -> QuarterFigures:
    found: QuarterFigures = get_object_or_404(QuarterFigures.objects.visible_to(request.user), quarter=name)
    return found


def _page(request: HttpRequest, row: QuarterFigures | None) -> HttpResponse:
    """What does not match its hash is not shown."""
    context: dict[str, Any] = {"row": row, "quarters": QuarterFigures.objects.visible_to(request.user).values_list("quarter", flat=True)}
    if row is not None and hashing.is_intact(row):
        until = date.fromisoformat(row.content["counted_until"])
        context |= {"content": row.content, "parts": figures.parts(row.content), "until": until}
    return render(request, "providers/transitions/counts.html", context)


def _file(request: HttpRequest, row: QuarterFigures, ending: str) -> HttpResponse:
    """A file, and a line in the trail: who took which quarter, in which form."""
    if not hashing.is_intact(row):
        return HttpResponse(_("The figures do not match their hash. Tell an administrator."), status=409, content_type="text/plain")
    with transaction.atomic():
        record("transitions.quarterfigures.export", row, by=request.user, codes={"quarter": row.quarter, "format": ending})
    body = figures.table(row.content) if ending == "csv" else figures.data(row.content, row.sha256)
    headers = {"Content-Disposition": f'attachment; filename="transitions-{row.quarter}.{ending}"'}
    return HttpResponse(body, content_type=KINDS[ending], headers=headers)
