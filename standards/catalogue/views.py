"""Pages of the catalogue: what survivors can expect (public), and the Standards for everybody who signs in. Nothing is written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.languages import BY_CODE, SOURCE
from standards.catalogue import reader
from standards.catalogue.models import Edition, Standard
from standards.catalogue.promises import promises


@require_safe
def expect(request: HttpRequest) -> HttpResponse:
    """What you can expect from a service: public, in the reader's language, asks and keeps nothing."""
    language = BY_CODE[get_language() or SOURCE]
    found = promises(language.code)
    context = {"language": language, "promises": found, "is_missing": found.is_missing, "state": found.state}
    return render(request, "standards/catalogue/expect.html", context)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Frameworks and their editions."""
    return render(request, "standards/catalogue/index.html", {"editions": Edition.objects.public().listed()})


@require_safe
def edition(request: HttpRequest, code: str) -> HttpResponse:
    """One edition: chapters and where each comes from, or what a search finds in it."""
    found = get_object_or_404(Edition.objects.public().listed(), code=code)
    words = " ".join(request.GET.get("q", "").split())[: reader.LONGEST_SEARCH]
    context = {"edition": found, "q": words, "found": reader.search(found, words) if words else []}
    return render(request, "standards/catalogue/edition.html", context | reader.around(found) | {"chapters": reader.chapters(found)})


@require_safe
def printed(request: HttpRequest, code: str) -> HttpResponse:
    """The whole edition on one page, for paper."""
    found = get_object_or_404(Edition.objects.public().listed(), code=code)
    context = {"edition": found, "chapters": reader.chapters(found, whole=True)}
    return render(request, "standards/catalogue/printed.html", context | reader.around(found))


@require_safe
def standard(request: HttpRequest, code: str, standard: str) -> HttpResponse:
    """One standard with its indicators."""
    found = get_object_or_404(Edition.objects.public().listed(), code=code)
    row = get_object_or_404(Standard.objects.of(found), code=standard)
    context = {"edition": found, "standard": row, "titles": reader.titles(found)}
    return render(request, "standards/catalogue/standard.html", context | reader.around(found, row) | reader.neighbours(found, row))
