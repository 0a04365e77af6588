"""The first page of all: choose a language. It works without JavaScript, sets no cookie and guesses nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.languages import FIRST_RELEASE


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """Every language by its own name."""
    return render(request, "portal/cms/languages.html", {"choices": FIRST_RELEASE})
