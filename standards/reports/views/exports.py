"""Taking a rendition away as a file."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.audit import files
from standards.reports.exports import making
from standards.reports.models import Rendition


def _rendition(request: HttpRequest, pk: UUID) -> Rendition:
    found = making.readable_by(request.user, pk)
    if found is None:
        raise Http404
    return found


@require_POST
def order(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Ask the worker for a file."""
    found, chosen = _rendition(request, pk), making.KINDS.get(kind)
    if chosen is None:
        raise Http404
    return redirect("reports:waiting", pk, making.order(found, chosen, request.user))


def _order(request: HttpRequest, found: Rendition, export: UUID) -> files.Order[making.Kind]:
    order = making.order_of(found, export, request.user)
    if order is None:
        raise Http404
    return order


@require_safe
def waiting(request: HttpRequest, pk: UUID, export: UUID) -> HttpResponse:
    """How far it is. htmx asks again every two seconds; without JavaScript there is a link to look again."""
    found = _rendition(request, pk)
    template = STATE if request.headers.get("HX-Request") else WAITING
    return render(request, template, {"rendition": found, "order": _order(request, found, export)})


WAITING, STATE = "standards/reports/exports/waiting.html", "standards/reports/exports/waiting_state.html"


@require_safe
def collect(request: HttpRequest, pk: UUID, export: UUID) -> FileResponse:
    """The finished file, for who asked for it and may still read it."""
    found = _rendition(request, pk)
    order = _order(request, found, export)
    if order.state != "ready":
        raise Http404
    name = making.file_name(found, order.kind)
    response = FileResponse(order.path.open("rb"), as_attachment=True, filename=name, content_type=order.kind.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
