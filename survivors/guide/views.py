"""A to Z, which is also the search page: typed words are compared on the phone and never leave it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.languages import BY_CODE, SOURCE
from survivors.facts.models import Fact
from survivors.guide.models import Term, table_of_contents


@require_safe
def a_z(request: HttpRequest) -> HttpResponse:
    """Every page by title, in the reader's alphabet; the script filters this list."""
    language = BY_CODE[get_language() or SOURCE]
    topics = table_of_contents(language)
    pages = sorted((page for topic in topics for page in topic.pages), key=lambda page: page.title.casefold())
    context = {"language": language, "topics": topics, "pages": pages, "facts": Fact.objects.register(language.code)}
    return render(request, "survivors/guide/a_z.html", context)


@require_safe
def words(request: HttpRequest) -> JsonResponse:
    """The index of this language: path → every word a page may be looked for by. The glossary's words lead to the glossary."""
    language = BY_CODE[get_language() or SOURCE]
    pages = [page for topic in table_of_contents(language) for page in topic.pages]
    index = {page.path: f"{page.title} {page.summary} {page.search_words}" for page in pages}
    terms = " ".join(entry["word"] for entry in Term.objects.in_words_of(language.code))
    for page in pages:
        if page.slug == "easy-words":
            index[page.path] += " " + terms
    return JsonResponse(index, json_dumps_params={"ensure_ascii": False})
