"""What every request of the workspace passes: its language, and the page for whoever came too late."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from portal.steps import WrongState
from portal.workspace import errors
from portal.workspace.languages import language_of


class Workspace:
    """Activates the person's language under ``settings.WORKSPACE_PREFIXES``, and answers a step taken too late with 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.WORKSPACE_PREFIXES):
            translation.activate(language_of(request))
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Somebody else was quicker: say so, and change nothing."""
        return errors.conflict(request, exception) if isinstance(exception, WrongState) else None
