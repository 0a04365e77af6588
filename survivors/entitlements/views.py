"""The finder: one plain form, its result, and the data for the script that answers without asking us."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.languages import BY_CODE, SOURCE
from survivors.entitlements.content import Finder, for_script
from survivors.entitlements.forms import given
from survivors.entitlements.rules import decide

SECTIONS = (
    ("urgent", _("First")),
    ("gives", _("What you should get")),
    ("may", _("What you can ask for")),
    ("warn", _("Take care")),
)


@csp_replace({"form-action": ["'self'"]})  # the plain form is the one thing on public pages that is sent
@csrf_exempt  # nobody is signed in and nothing is changed: there is nothing that another site could make a reader do
@require_http_methods(["GET", "HEAD", "POST"])
def finder(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: what the answers mean, in the same page; stored and logged nowhere."""
    finder = Finder(BY_CODE[get_language() or SOURCE])
    context: dict[str, object] = {
        "section_titles": SECTIONS,
        "language": finder.language,
        "facts": finder.facts,
        "questions": finder.questions(),
    }
    if request.method == "POST":
        answers = given(request.POST)
        titles = dict(SECTIONS)
        context["sections"] = [(name, titles[name], items) for name, items in finder.result(answers, decide(answers))]
        return render(request, "survivors/entitlements/result.html", context)
    return render(request, "survivors/entitlements/finder.html", context | {"items": finder.items()})


@require_safe
def rules(request: HttpRequest) -> JsonResponse:
    """Rules and questions for the script, the same for everybody."""
    return JsonResponse(for_script(), json_dumps_params={"separators": (",", ":")})


@require_safe
def twins(request: HttpRequest) -> JsonResponse:
    """Every right and warning in English, to be printed beside the reader's language."""
    finder = Finder(BY_CODE[SOURCE])
    return JsonResponse({item["id"]: f"{item['words'].text} {item['words'].detail}".strip() for item in finder.items()})
