"""Taking an assessment away as a file."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.audit import files
from standards.assessments.exports import making
from standards.assessments.models import Assessment, Snapshot


def _assessment(request: HttpRequest, pk: UUID) -> Assessment:
    rows = Assessment.objects.visible_to(request.user).select_related("service", "organisation", "edition__framework")
    found: Assessment = get_object_or_404(rows, pk=pk)
    return found


def _order(request: HttpRequest, assessment: Assessment, export: UUID) -> files.Order[making.Kind]:
    found = making.order_of(assessment, export, request.user)
    if found is None:
        raise Http404
    return found


@require_safe
def exports(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The formats, and what each is good for."""
    return render(request, "standards/assessments/exports/exports.html", {"assessment": _assessment(request, pk)})


@require_safe
def download(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """A format that takes no time."""
    assessment, chosen = _assessment(request, pk), making.KINDS.get(kind)
    if chosen is None or chosen.is_slow:
        raise Http404
    try:
        content = making.make_now(assessment, chosen, request.user)
    except Snapshot.DoesNotExist as nothing:
        raise Http404 from nothing
    headers = {"Content-Disposition": f'attachment; filename="{making.file_name(assessment, chosen)}"'}
    return HttpResponse(content, content_type=chosen.media_type, headers=headers)


@require_POST
def order(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Ask the worker for a format that takes a while (C40)."""
    assessment, chosen = _assessment(request, pk), making.KINDS.get(kind)
    if chosen is None or not chosen.is_slow:
        raise Http404
    return redirect("assessments:waiting", pk, making.order(assessment, chosen, request.user))


@require_safe
def waiting(request: HttpRequest, pk: UUID, export: UUID) -> HttpResponse:
    """How far it is. htmx asks again every two seconds; without JavaScript there is a link to look again."""
    assessment = _assessment(request, pk)
    context = {"assessment": assessment, "order": _order(request, assessment, export)}
    template = STATE if request.headers.get("HX-Request") else WAITING
    return render(request, template, context)


WAITING, STATE = "standards/assessments/exports/waiting.html", "standards/assessments/exports/waiting_state.html"


@require_safe
def collect(request: HttpRequest, pk: UUID, export: UUID) -> FileResponse:
    """The finished file, for who asked for it and may still read the assessment (PERM-07)."""
    assessment = _assessment(request, pk)
    found = _order(request, assessment, export)
    if found.state != "ready":
        raise Http404
    name = making.file_name(assessment, found.kind)
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=name, content_type=found.kind.media_type)
