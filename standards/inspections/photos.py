"""What others ask of photos of inspections: the sweep of the file store which are theirs, pages for the picture itself."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404

from standards.evidence import store
from standards.inspections.models import Photo


def names_kept(names: Iterable[Any]) -> set[UUID]:
    """Which of these stored names are photos."""
    return set(Photo.objects.filter(stored_name__in=list(names)).values_list("stored_name", flat=True))


def answer(pk: UUID) -> FileResponse:
    """The picture itself, in a box that can reach nothing. Whoever asks has looked whether the reader may. Raises ``Http404``."""
    row: Photo = get_object_or_404(Photo, pk=pk)
    try:
        content = store.opened(row.stored_name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    response = FileResponse(content, content_type=row.media_type)
    response["Content-Length"] = str(row.size)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Accept-Ranges"] = "none"
    return response
