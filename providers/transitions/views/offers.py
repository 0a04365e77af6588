"""Offers of one transition: sending, answering, questions, the telephone, guests; always found through the record (C19)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.recent import recent_sign_in_required
from portal.steps import WrongState
from portal.workspace.posting import posted, taken
from providers.transitions import guests, offering, permissions
from providers.transitions.looking import of_record
from providers.transitions.models import Guest, Offer, Question, Transition
from providers.transitions.offer_forms import (
    ANSWERS,
    HeardAcceptForm,
    HeardMetForm,
    InviteForm,
    QuestionForm,
    SendForm,
)
from providers.transitions.permissions import Sight
from providers.transitions.views.records import record_page


def offer_of(request: HttpRequest, row: Transition, offer: UUID) -> Offer:
    """An offer of this record that this person's side has to do with. Any other is not there."""
    found: Offer | None = next((one for one in row.offers.all() if one.pk == offer), None)
    if found is None:
        raise Http404
    found.transition = row
    if not (permissions.can_send(request.user, found) or (found.is_live and permissions.can_answer(request.user, found))):
        raise Http404
    return found


def _back(row: Transition) -> str:
    return reverse("transitions:show", args=[row.pk])


def _may_send(request: HttpRequest, row: Transition) -> None:
    if permissions.sight(request.user, row) != Sight.FULL or not permissions.can_work_on(request.user, row):
        raise PermissionDenied


@of_record("offer")
def send(request: HttpRequest, row: Transition) -> HttpResponse:
    """Ask a service in the network."""
    _may_send(request, row)
    form = SendForm(posted(request), row=row)
    sent: list[Offer] = []
    try:
        is_done = form.is_valid() and taken(form, lambda: sent.append(_sent(row, form.cleaned_data, request.user)))
    except WrongState as wrong:
        return record_page(request, row, problem=str(wrong), status=409)
    if is_done:
        messages.success(request, _("Offered. Nothing about her goes before you choose it. You stay responsible until they have met her."))
        return redirect("consent:choose", row.pk, sent[0].pk)
    context = {"form": form, "row": row, "back": _back(row)}
    return render(request, "providers/transitions/offer.html", context, status=422 if form.is_bound else 200)


def _sent(row: Transition, said: Any, by: Any) -> Offer:
    return offering.send(row, said["organisation"], wanted=said["wanted"], by=by)


@of_record("offer")
def invite(request: HttpRequest, row: Transition) -> HttpResponse:
    """Ask a service outside the network. The code is on the answer, once."""
    _may_send(request, row)
    form = InviteForm(posted(request))
    invited: list[guests.Invited] = []
    try:
        is_done = form.is_valid() and taken(form, lambda: invited.append(guests.invite(row, **form.cleaned_data, by=request.user)))
    except WrongState as wrong:
        return record_page(request, row, problem=str(wrong), status=409)
    if is_done:
        return _code_page(request, row, invited[0])
    context = {"form": form, "row": row, "back": _back(row)}
    return render(request, "providers/transitions/invite.html", context, status=422 if form.is_bound else 200)


def _code_page(request: HttpRequest, row: Transition, invited: guests.Invited) -> HttpResponse:
    """Not redirected, on purpose: the code must be kept nowhere, so it can be shown on this answer only."""
    spoken = f"{invited.code[:4]} {invited.code[4:]}"
    return render(request, "providers/transitions/code.html", {"row": row, "spoken": spoken, "back": _back(row)})


def _guest_of(request: HttpRequest, row: Transition, offer: UUID) -> Guest:
    found = offer_of(request, row, offer)
    if not permissions.can_send(request.user, found):
        raise Http404
    guest: Guest | None = getattr(found, "guest", None)
    if guest is None:
        raise Http404
    return guest


@require_POST
@of_record("guest")
def renew(request: HttpRequest, row: Transition, offer: UUID) -> HttpResponse:
    """A new link and a new code."""
    try:
        return _code_page(request, row, guests.renew(_guest_of(request, row, offer), by=request.user))
    except ValidationError as wrong:
        return record_page(request, row, problem=" ".join(wrong.messages), status=409)


@require_POST
@of_record("guest")
def revoke(request: HttpRequest, row: Transition, offer: UUID) -> HttpResponse:
    """The guest's way in is closed at once."""
    guests.revoke(_guest_of(request, row, offer), by=request.user)
    messages.success(request, _("Closed. Neither the link nor an open page works any more."))
    return redirect(_back(row))


@of_record("answer")
def answer(request: HttpRequest, row: Transition, offer: UUID, name: str) -> HttpResponse:
    """Accept, decline, or confirm first contact: the receiver's own act."""
    found = offer_of(request, row, offer)
    if name not in ANSWERS:
        raise Http404
    step = Offer.STEPS[name]
    if not step.may(request.user, found) or found.organisation_id is None:
        raise PermissionDenied
    if found.status not in step.sources:
        return record_page(request, row, problem=str(WrongState(found, step)), status=409)
    form = ANSWERS[name](posted(request))
    return _answered(request, row, found, name, form, lambda: offering.take(found, name, *form.words(), by=request.user))


def _answered(request: HttpRequest, row: Transition, offer: Offer, name: str, form: Any, act: Any) -> HttpResponse:
    try:
        is_done = form.is_valid() and taken(form, act)
    except WrongState as wrong:
        return record_page(request, row, problem=str(wrong), status=409)
    if is_done:
        messages.success(request, _("Saved: %(step)s.") % {"step": Offer.STEPS[name].label})
        gone = name == "decline" and permissions.can_answer(request.user, offer)
        return redirect("transitions:index" if gone else _back(row))
    context = {"form": form, "row": row, "offer": offer, "step": Offer.STEPS[name], "back": _back(row)}
    return render(request, "providers/transitions/answer.html", context, status=422 if form.is_bound else 200)


@of_record("phone")
def phone(request: HttpRequest, row: Transition, offer: UUID, name: str) -> HttpResponse:
    """What was heard on the telephone: accepted; or, from a service outside the network, that it has met her."""
    found = offer_of(request, row, offer)
    kinds = {"accept_by_phone": (HeardAcceptForm, offering.hear_acceptance), "confirm_by_phone": (HeardMetForm, offering.hear_contact)}
    if name not in kinds:
        raise Http404
    step = Offer.STEPS[name]
    if not step.may(request.user, found):
        raise PermissionDenied
    if found.status not in step.sources:
        return record_page(request, row, problem=str(WrongState(found, step)), status=409)
    shape, act = kinds[name]
    form: Any = shape(posted(request))
    field = "start_on" if name == "accept_by_phone" else "contact_at"
    return _answered(request, row, found, name, form, lambda: act(found, form.cleaned_data[field], form.heard(), by=request.user))


@of_record("withdraw")
def withdraw(request: HttpRequest, row: Transition, offer: UUID) -> HttpResponseBase:
    """The sender takes the offer back: what the other service saw, it sees no longer."""
    found = offer_of(request, row, offer)
    if not permissions.can_send(request.user, found):
        raise PermissionDenied
    if found.status not in Offer.STEPS["withdraw"].sources:
        return record_page(request, row, problem=str(WrongState(found, Offer.STEPS["withdraw"])), status=409)
    return recent_sign_in_required(_withdraw)(request, row, found)


def _withdraw(request: HttpRequest, row: Transition, offer: Offer) -> HttpResponse:
    if request.method == "POST":
        try:
            offering.take(offer, "withdraw", by=request.user)
        except WrongState as wrong:
            return record_page(request, row, problem=str(wrong), status=409)
        messages.success(request, _("Taken back."))
        return redirect(_back(row))
    return render(request, "providers/transitions/withdraw.html", {"row": row, "offer": offer, "back": _back(row)})


@of_record("question")
def ask(request: HttpRequest, row: Transition, offer: UUID) -> HttpResponse:
    """The receiver asks."""
    found = offer_of(request, row, offer)
    if found.organisation_id is None or not permissions.can_answer(request.user, found):
        raise PermissionDenied
    return _spoken(request, row, _("Ask a question"), lambda text: offering.ask(found, text, by=request.user))


@of_record("question")
def reply(request: HttpRequest, row: Transition, offer: UUID, question: UUID) -> HttpResponse:
    """The sender answers."""
    found = offer_of(request, row, offer)
    asked: Question | None = found.questions.filter(pk=question).first()
    if asked is None:
        raise Http404
    if not permissions.can_send(request.user, found):
        raise PermissionDenied
    return _spoken(request, row, _("Answer the question"), lambda text: offering.reply(asked, text, by=request.user))


def _spoken(request: HttpRequest, row: Transition, label: str, act: Any) -> HttpResponse:
    form = QuestionForm(posted(request))
    form.fields["text"].label = label
    if form.is_valid() and taken(form, lambda: act(form.cleaned_data["text"])):
        messages.success(request, _("Sent, sealed."))
        return redirect(_back(row))
    context = {"form": form, "row": row, "label": label, "back": _back(row)}
    return render(request, "providers/transitions/question.html", context, status=422 if form.is_bound else 200)
