"""The first page of all: choose a language. It works without JavaScript, sets no cookie and guesses nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.cms.readable import public_languages


@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    """Every public language by its own name; all of them where drafts are shown."""
    return render(request, "portal/cms/languages.html", {"choices": public_languages()})
