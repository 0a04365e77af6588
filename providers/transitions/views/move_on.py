"""Pages that make the move-on plan and the say-it-once card: on the screen to print, or as a tagged PDF. Nothing is stored."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.design.paper import pressed
from portal.workspace.posting import posted
from providers.transitions import move_on
from providers.transitions.looking import watched
from providers.transitions.models import Transition
from providers.transitions.move_on import Sheet
from providers.transitions.move_on_forms import CardForm, PlanForm
from providers.transitions.views.consent import workable

STYLE = settings.BASE_DIR / "providers/transitions/static/transitions/move_on.css"
PAPER = "providers/transitions/move_on_paper.html"


@watched
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The plan of where she sleeps, money, doctor, interpreter, lawyer, whom to call and how to come back."""
    row = _looked_at(request, pk, "move_on_plan")
    form = PlanForm(posted(request))
    if form.is_valid():
        sheet = move_on.plan_for(row, form.cleaned_data["language"], form.typed(), form.dates())
        return _paper(request, sheet, title="title", name="plan")
    return _ask(request, row, form, _("Move-on plan"))


@watched
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What she does not want to say again at the next place."""
    row = _looked_at(request, pk, "card")
    form = CardForm(posted(request))
    if form.is_valid():
        return _paper(request, move_on.card_for(form.cleaned_data["language"], form.typed()), title="k_title", name="card")
    return _ask(request, row, form, _("Say-it-once card"))


def _looked_at(request: HttpRequest, pk: UUID, why: str) -> Transition:
    """The form shows nothing of hers; the paper is a look."""
    return workable(request, pk, why if request.method == "POST" else "")


def _ask(request: HttpRequest, row: Transition, form: Any, heading: str) -> HttpResponse:
    context = {"form": form, "transition": row, "heading": heading}
    return render(request, "providers/transitions/move_on.html", context, status=422 if form.is_bound else 200)


def _paper(request: HttpRequest, sheet: Sheet, *, title: str, name: str) -> HttpResponse:
    """The paper: neither the site's name nor hers stands on it, and no copy stays here."""
    as_pdf = request.POST.get("as") == "pdf"
    context = {
        "sheet": sheet, "language": sheet.language, "title": sheet.words[title], "english_title": sheet.english[title], "as_pdf": as_pdf,
        "is_card": name == "card", "today": timezone.localdate(),
    }  # fmt: skip
    with translation.override(sheet.language.code):
        html = render_to_string(PAPER, context)
    if not as_pdf:
        return _private(HttpResponse(html))
    response = HttpResponse(pressed(html, styles=STYLE.read_text(encoding="utf-8")), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
