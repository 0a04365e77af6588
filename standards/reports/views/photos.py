"""Photos of a report, each for whoever reads the text that holds it. Who may is asked each time."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from standards.inspections import photos
from standards.reports.freezing import Content
from standards.reports.models import Rendition
from standards.reports.views import access


@require_safe
def photo(request: HttpRequest, pk: UUID, photo: UUID) -> HttpResponseBase:
    """One of the frozen text that the provider and the publisher read."""
    version = access.seen(request, pk).version_for_provider()
    return _sent(version.content if version else {}, photo)


@require_safe
def issued_photo(request: HttpRequest, pk: UUID, photo: UUID) -> HttpResponseBase:
    """One of what was issued to an organisation of this person's."""
    found = get_object_or_404(Rendition.objects.issued_to(request.user), pk=pk)
    return _sent(found.content, photo)


def _sent(content: Content, photo: UUID) -> HttpResponseBase:
    if str(photo) not in {row["id"] for row in content.get("photos", ())}:
        raise Http404
    return photos.answer(photo)
