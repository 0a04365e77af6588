"""The public list of services. Typed words are compared on the phone and never leave it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.languages import BY_CODE, SOURCE
from providers.services.models import Service
from survivors.directory.nations import by_nation
from survivors.facts.models import Fact


@require_safe
def find_support(request: HttpRequest) -> HttpResponse:
    """By nation: whom to call for a place, then the services that may be known. Three queries."""
    language = BY_CODE[get_language() or SOURCE]
    facts = Fact.objects.register(language.code)
    nations = by_nation(Service.objects.public().select_related("organisation"), facts)
    context = {"language": language, "facts": facts, "nations": nations, "today": timezone.localdate()}
    return render(request, "survivors/directory/find_support.html", context)
