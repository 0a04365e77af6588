"""The clean-up that the browser is asked for after leaving. Leaving never waits for it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def clean_up(request: HttpRequest) -> HttpResponse:
    """Ask the browser to drop its cache of this site (QX-24). Fetched in the background, never navigated to (PRIV-13)."""
    response = HttpResponse(status=204)
    response["Clear-Site-Data"] = '"cache"'
    return response
