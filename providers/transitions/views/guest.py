"""Pages of a receiver without an account: the door, the minimum view, question, answer, first contact. Nothing to download."""

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.middleware import before_second_factor
from portal.steps import WrongState
from portal.workspace.posting import posted, taken
from providers.transitions import guests, needs, offering, package, recalls
from providers.transitions.consent_forms import RecallForm
from providers.transitions.models import Guest, Offer, Recall
from providers.transitions.offer_forms import ANSWERS, CodeForm, QuestionForm

Page = Callable[..., HttpResponseBase]


def guest_page(view: Page) -> Page:
    """Open to who has passed link and code; each look is written down with what it reads. Anybody else reads that it is closed."""

    @login_not_required
    @before_second_factor
    @functools.wraps(view)
    def entered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        guest = guests.inside(request)
        if guest is None:
            return render(request, "providers/transitions/guest_thanks.html", status=410)
        with transaction.atomic():
            guests.see(guest, view.__name__)
            return view(request, guest, *args, **named)

    return entered


@login_not_required
@before_second_factor
def door(request: HttpRequest, pk: UUID, token: str) -> HttpResponse:
    """The link of the mail asks for the code. A link that is spent, old or made up gets one and the same page."""
    guest = guests.at_door(pk, token)
    if guest is None:
        return render(request, "providers/transitions/guest_spent.html", {"pk": pk}, status=410)
    form = CodeForm(posted(request))
    if form.is_valid():
        if guests.enter(guest, form.cleaned_data["code"], request):
            return redirect("transitions:guest")
        form.add_error("code", _("This is not the code. After five wrong ones the door is shut; ask the service for a new code."))
    return render(request, "providers/transitions/guest_door.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@before_second_factor
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new link to the same mailbox. The answer is the same whether there is such a guest or not."""
    guests.ask_again(pk)
    return render(request, "providers/transitions/guest_sent.html")


@require_safe
@guest_page
def show(request: HttpRequest, guest: Guest) -> HttpResponse:
    """The minimum view."""
    return _page(request, guest)


def _page(request: HttpRequest, guest: Guest, *, problem: str = "", status: int = 200) -> HttpResponse:
    offer = guest.offer
    parts = [{"part": part, "pairs": needs.words_of(part.item, part.value)} for part in package.package_for(offer).parts]
    steps = [step for step in offer.open_to(None) if step.name in ANSWERS]
    context = {
        "offer": offer, "row": offer.transition, "parts": parts, "conversation": offering.conversation(offer), "steps": steps,
        "problem": problem, "minutes": guests.MINUTES, "recalls": list(offer.recalls.open().select_related("item")),
    }  # fmt: skip
    return render(request, "providers/transitions/guest.html", context, status=status)


@guest_page
def answer(request: HttpRequest, guest: Guest, name: str) -> HttpResponse:
    """Accept, decline, or confirm first contact."""
    if name not in ANSWERS:
        raise Http404
    offer, step = guest.offer, Offer.STEPS[name]
    if offer.status not in step.sources:
        return _page(request, guest, problem=str(WrongState(offer, step)), status=409)
    form = ANSWERS[name](posted(request))
    try:
        is_done = form.is_valid() and taken(form, lambda: offering.take(offer, name, *form.words(), by=None))
    except WrongState as wrong:
        return _page(request, guest, problem=str(wrong), status=409)
    if is_done and name == "decline":
        guests.leave(request)
        return render(request, "providers/transitions/guest_thanks.html")
    if is_done:
        messages.success(request, _("Saved: %(step)s.") % {"step": step.label})
        return redirect("transitions:guest")
    return render(request, "providers/transitions/guest_answer.html", {"form": form, "step": step}, status=422 if form.is_bound else 200)


@guest_page
def ask(request: HttpRequest, guest: Guest) -> HttpResponse:
    """A question before answering."""
    form = QuestionForm(posted(request))
    if form.is_valid() and taken(form, lambda: offering.ask(guest.offer, form.cleaned_data["text"], by=None)):
        messages.success(request, _("Sent, sealed."))
        return redirect("transitions:guest")
    return render(request, "providers/transitions/guest_question.html", {"form": form}, status=422 if form.is_bound else 200)


@guest_page
def taken_back(request: HttpRequest, guest: Guest, recall: UUID) -> HttpResponse:
    """She took something back: the guest has deleted it, or keeps it on a ground in law. The answer is final."""
    row: Recall | None = guest.offer.recalls.open().select_related("item").filter(pk=recall).first()
    if row is None:
        raise Http404
    form = RecallForm(posted(request))
    if form.is_valid() and taken(form, lambda: recalls.answer(row, ground=form.ground(), by=None, is_guest=True)):
        messages.success(request, _("Answered. The sender is told."))
        return redirect("transitions:guest")
    context = {"form": form, "recall": row, "back": reverse("transitions:guest"), "is_guest": True}
    return render(request, "providers/transitions/consent_answer.html", context, status=422 if form.is_bound else 200)


@login_not_required
@before_second_factor
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """The guest goes. Coming back takes a new link."""
    guests.leave(request)
    return render(request, "providers/transitions/guest_thanks.html")
