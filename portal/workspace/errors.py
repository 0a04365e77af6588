"""Pages for what went wrong, for people who sign in; every other address gets the public ones (``settings.PUBLIC_ERRORS``)."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.module_loading import import_string
from django.views.csrf import csrf_failure

from portal.middleware import is_staff_path
from portal.workspace.languages import CODES


def is_workspace(request: HttpRequest) -> bool:
    """Whether this address belongs to the workspace. Wagtail's own side has its own pages."""
    return request.path_info.startswith(settings.WORKSPACE_PREFIXES)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, "bad_request", 400) if is_workspace(request) else _public("bad_request", request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. On Wagtail's side this is for who signed in and has no work there."""
    return _page(request, "forbidden", 403) if is_staff_path(request.path_info) else _public("forbidden", request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. The same for what never was and for what one may not see."""
    return _page(request, "not_found", 404) if is_workspace(request) else _public("not_found", request, exception)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that came without its token, most often from a page left open for too long."""
    return _page(request, "forbidden", 403) if is_workspace(request) else csrf_failure(request, reason)


def conflict(request: HttpRequest, exception: Exception) -> HttpResponse:
    """409: somebody else was quicker."""
    return render(request, "portal/workspace/conflict.html", {"reason": str(exception)}, status=409)


def failed(request: HttpRequest) -> HttpResponse:
    """500. Drawn without the request: whatever failed, the database included, is not asked again."""
    if not is_workspace(request):
        return cast("HttpResponse", import_string(f"{settings.PUBLIC_ERRORS}.failed")(request))
    language = translation.get_language()
    with translation.override(language if language in CODES else "en"):
        return HttpResponse(render_to_string("portal/workspace/failed.html"), status=500)


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    if not hasattr(request, "user"):  # refused before anybody was recognised
        return HttpResponse(render_to_string(PAGES[name]), status=status)
    return render(request, PAGES[name], status=status)


def _public(name: str, request: HttpRequest, exception: Exception) -> HttpResponse:
    return cast("HttpResponse", import_string(f"{settings.PUBLIC_ERRORS}.{name}")(request, exception))


PAGES = {
    "bad_request": "portal/workspace/bad_request.html",
    "forbidden": "portal/workspace/forbidden.html",
    "not_found": "portal/workspace/not_found.html",
}
