"""A card to show, a page beside its English, and the guide on paper."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.languages import BY_CODE, FIRST_RELEASE, SOURCE
from survivors.carry import press, reading
from survivors.facts.models import Fact


@require_safe
def card(request: HttpRequest) -> HttpResponse:
    """Words to show somebody: large in English, small in the reader's language where they are translated."""
    language = BY_CODE[get_language() or SOURCE]
    own = _("I may be a victim of modern slavery.")
    with translation.override(SOURCE):
        is_translated = own != _("I may be a victim of modern slavery.")
    context = {
        "language": language,
        "is_translated": is_translated,
        "others": [other for other in FIRST_RELEASE if other.code != SOURCE],
        "facts": Fact.objects.register(language.code),
    }
    return render(request, "survivors/carry/card.html", context)


@require_safe
def both(request: HttpRequest, path: str) -> HttpResponse:
    """The page in the reader's language beside English. Where it is not ready: English alone, with the notice that says so."""
    page = reading.page_at(request, path)
    context = page.get_context(request)
    sides = [context]
    if page.locale.language_code != SOURCE:
        with translation.override(SOURCE):
            english = reading.page_at(request, path).get_context(request)
        sides.append(english | {"language": context["language"]})  # links stay in the reader's language
    context |= {"sides": sides, "rows": reading.rows(sides), "term_rows": reading.term_rows(sides)}
    return render(request, "survivors/carry/both.html", context)


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The whole guide as a file: how large, how many pages, from which day, and whether the site is newer."""
    language = BY_CODE[get_language() or SOURCE]
    context = {"language": language, "copy": press.copy_of(language), "facts": Fact.objects.register(language.code)}
    return render(request, "survivors/carry/paper.html", context)


@require_safe
def download(request: HttpRequest, kind: str) -> FileResponse:
    """The file itself, under a name that says nothing but the language. 404 until it is made."""
    language = BY_CODE[get_language() or SOURCE]
    path = press.path_of(language, kind)
    if not path.exists():
        raise Http404(path.name)
    content_type = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}[kind]
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type=content_type)
