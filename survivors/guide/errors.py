"""Pages for what went wrong: what happened, what to do now, the helpline. They also work without a database."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from portal.languages import BY_CODE


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    # An error may come from a layer outside the one that sets the language, so the path is asked again.
    code = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(code):
        return render(request, template, {"language": BY_CODE[code]}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, "survivors/guide/failed.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(request, "survivors/guide/not_found.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. The same for what never was and for what one may not see."""
    return _page(request, "survivors/guide/not_found.html", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page(request, "survivors/guide/failed.html", 500)
