"""The gallery: every component on one page. Routed in demo and tests only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.design.icons import ICONS
from portal.languages import BY_CODE


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page, for designers and browser tests."""
    return render(request, "portal/design/gallery.html", {"language": BY_CODE["en"], "icons": sorted(ICONS)})
