"""Good practice of others: the list, one card, and its way from a proposal to being shown or taken back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.recent import recent_sign_in_required
from portal.audit.history import history_page
from portal.steps import Step, WrongState
from portal.workspace.posting import posted, taken
from standards.reports import cards, leaks, permissions
from standards.reports.editing import Outdated
from standards.reports.forms.practice import CARD_FORMS, CARD_WILL_HAPPEN, CardForm, Filter, HarmlessForm, ProposalForm, initial_of
from standards.reports.models import CardHit, GoodPracticeCard, Report, Statement
from standards.reports.views import access

PAGE = 20
either = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every card that others may read, by standard; before them those whose way this person goes along and that are not there yet."""
    if not permissions.reads_cards(request.user):
        raise Http404
    shown = GoodPracticeCard.objects.visible_to(request.user)
    form = Filter(request.GET or None, cards=shown)
    rows = form.narrow(shown.in_full().order_by("standard__chapter__order", "standard__order", "-shown_at", "pk"))
    context = {
        "form": form, "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "is_narrowed": bool(request.GET),
        "own": GoodPracticeCard.objects.handled_by(request.user).in_full().order_by("-offered_at")[:PAGE],
    }  # fmt: skip
    return render(request, "standards/reports/practice/index.html", context)


def _handled(request: HttpRequest, pk: UUID) -> GoodPracticeCard:
    found: GoodPracticeCard = get_object_or_404(GoodPracticeCard.objects.handled_by(request.user).in_full(), pk=pk)
    return found


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One card: with its whole way for whoever goes along it; for others as long as it is shown. What was taken back is gone (410)."""
    own = GoodPracticeCard.objects.handled_by(request.user).in_full().with_id(pk)
    if own is not None:
        return _own(request, own)
    found = get_object_or_404(GoodPracticeCard.objects.once_shown_to(request.user).in_full(), pk=pk)
    if not GoodPracticeCard.objects.visible_to(request.user).contains(found):
        return render(request, "standards/reports/practice/gone.html", status=410)
    return render(request, "standards/reports/practice/card.html", {"card": found})


def _own(request: HttpRequest, card: GoodPracticeCard) -> HttpResponse:
    context = {
        "card": card, "steps": [step for step in card.open_to(request.user) if step.name in CARD_FORMS],
        "may_answer": permissions.can_speak(request.user, card) and card.status in GoodPracticeCard.STEPS["consent"].sources,
        "may_check": card.status == card.Status.AGREED and permissions.can_check_card(request.user, card),
        "hits": [(row, leaks.KINDS.get(row.kind, row.kind)) for row in card.hits.select_related("resolved_by")],
        "is_out": GoodPracticeCard.objects.shown().contains(card),
    }  # fmt: skip
    return render(request, "standards/reports/practice/own.html", context)


@either
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The provider writes it in its own words, and agrees or only keeps what was written."""
    card = _handled(request, pk)
    if not permissions.can_speak(request.user, card):
        raise PermissionDenied
    name = "write" if "keep" in request.POST else "consent"
    if card.status not in GoodPracticeCard.STEPS[name].sources:
        raise WrongState(card, GoodPracticeCard.STEPS[name])
    form, theirs = CardForm(posted(request), initial=initial_of(card)), None
    if form.is_valid():
        try:
            sent = form.words(), form.cleaned_data["version"]
            if taken(form, lambda: getattr(card, name)(sent[0], base=sent[1], by=request.user)):
                messages.success(
                    request, _("Kept. Nothing is shared yet.") if name == "write" else _("Thank you. Somebody else checks it now.")
                )
                return redirect("reports:card", pk)
        except Outdated as newer:
            theirs = newer.row
            data = request.POST.copy()
            data["version"] = str(theirs.version)
            form = CardForm(data)
    context = {"card": card, "form": form, "theirs": theirs, "may_keep": card.status == card.Status.OFFERED}
    status = 409 if theirs else 422 if form.is_bound else 200
    return render(request, "standards/reports/practice/answer.html", context, status=status)


@either
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """A step of a card by its name. A grave one asks for a recent sign-in."""
    card = _handled(request, pk)
    if name not in CARD_FORMS:
        raise Http404
    found = GoodPracticeCard.STEPS[name]
    found.check(card, request.user)
    return _grave(request, card, found) if found.is_grave else _take(request, card, found)


def _take(request: HttpRequest, card: GoodPracticeCard, found: Step) -> HttpResponse:
    form = CARD_FORMS[found.name](posted(request))
    if form.is_valid() and taken(form, lambda: getattr(card, found.name)(*form.arguments(), by=request.user)):
        messages.success(request, _("Done: %(step)s.") % {"step": found.label})
        return redirect("reports:card", card.pk)
    context = {
        "card": card, "form": form, "step": found, "will_happen": CARD_WILL_HAPPEN[found.name],
        "back": reverse("reports:card", args=[card.pk]),
    }  # fmt: skip
    return render(request, "standards/reports/practice/step.html", context, status=422 if form.is_bound else 200)


_grave = recent_sign_in_required(_take)


@either
def resolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Why one hit can do no harm."""
    hit = get_object_or_404(CardHit.objects.of_handled(request.user), pk=pk)
    hit.card = _handled(request, hit.card_id)
    if not permissions.can_check_card(request.user, hit.card):
        raise PermissionDenied
    form = HarmlessForm(posted(request), initial={"reason": hit.reason})
    if form.is_valid() and taken(form, lambda: cards.resolve(hit, form.cleaned_data["reason"], by=request.user)):
        return redirect(f"{reverse('reports:card', args=[hit.card_id])}#hits")
    context = {"card": hit.card, "hit": hit, "kind": leaks.KINDS.get(hit.kind, hit.kind), "form": form}
    return render(request, "standards/reports/practice/hit.html", context, status=422 if form.is_bound else 200)


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened to a card, for those who go along its way."""
    card = _handled(request, pk)
    crumbs = [(reverse("reports:practice"), _("Good practice")), (reverse("reports:card", args=[pk]), card.title)]
    return history_page(request, card, crumbs=crumbs)


@require_safe
def of_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a report marks as good practice, and what became of each; for those inside."""
    report = access.inside(request, pk)
    if report.status not in Report.ISSUED:
        raise Http404
    rows = report.statements.good_practice()
    context = {"report": report, "rows": rows, "may_propose": permissions.can_draft(request.user, report)}
    return render(request, "standards/reports/practice/of_report.html", context)


@either
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the provider whether others may learn from this statement."""
    row: Statement = access.statement(request, pk)
    report = row.report
    if not permissions.reads_inside(request.user, report) or report.status not in Report.ISSUED or not cards.is_ripe(row):
        raise Http404
    if not permissions.can_draft(request.user, report):
        raise PermissionDenied
    form = ProposalForm(posted(request), initial={"text": row.text})
    made: list[Any] = []
    if form.is_valid() and taken(form, lambda: made.append(cards.propose(row, form.words(), by=request.user))):
        messages.success(request, _("The provider is asked. Nobody else reads it before they agree."))
        return redirect("reports:practice_of", report.pk)
    context = {"report": report, "row": row, "form": form}
    return render(request, "standards/reports/practice/propose.html", context, status=422 if form.is_bound else 200)
