"""Pages of agreements: what she agreed to, giving, taking back, what goes, what a receiver reads."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.roles import Can
from portal.audit.trail import saw
from portal.workspace.posting import posted, taken
from providers.organisations.permissions import can
from providers.transitions import consent_permissions as permissions
from providers.transitions import consents, package
from providers.transitions.consent_forms import GiveForm, ItemsForm, choice_form
from providers.transitions.consent_reading import Line, agreements, now, receiver_of, receiver_of_offer, shown
from providers.transitions.looking import watched
from providers.transitions.models import ConsentItem, Disclosure, Offer, Recall, Transition


def held(request: HttpRequest, pk: UUID, why: str = "") -> Transition:
    """A transition for which this person's organisation is responsible now. Anything else is not there. ``why``: the look is written."""
    found: Transition = get_object_or_404(permissions.held_now(request.user), pk=pk)
    if why:
        saw(request.user, found, why)
    return found


def workable(request: HttpRequest, pk: UUID, why: str = "") -> Transition:
    """As ``held``, for whoever may work on it. Where it raises, the transaction of ``watched`` takes the look back."""
    row = held(request, pk, why)
    if not permissions.can_record(request.user, row):
        raise PermissionDenied
    return row


def offer_of(row: Transition, offer_pk: UUID) -> Offer:
    """An offer of this very transition (C19)."""
    found: Offer = get_object_or_404(row.offers.select_related("organisation", "transition"), pk=offer_pk)
    return found


@require_safe
@watched
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything she agreed to, in its state now; recalls and disclosures beside it."""
    row, at = held(request, pk, "consent"), now()
    context = {
        "transition": row, "agreements": agreements(row, at), "recalls": list(Recall.objects.of(row)), "at": at,
        "disclosures": [(found, permissions.can_review(request.user, found)) for found in Disclosure.objects.of(row)],
        "offers": [(offer, receiver_of_offer(offer)) for offer in row.offers.live().select_related("organisation")],
        "may_record": permissions.can_record(request.user, row),
    }  # fmt: skip
    return render(request, "providers/transitions/consent.html", context)


@watched
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down an agreement."""
    row = workable(request, pk, "agreeing")
    form = GiveForm(posted(request), transition=row, user=request.user)
    if form.is_valid() and taken(form, lambda: consents.give(row, form.given(), by=request.user)):
        messages.success(request, _("Written down. Nothing has been sent yet."))
        return redirect("consent:show", pk)
    context = {"form": form, "transition": row}
    return render(request, "providers/transitions/consent_give.html", context, status=422 if form.is_bound else 200)


def _withdrawable(request: HttpRequest, row: Transition, *, is_holder: bool) -> list[Line]:
    """What can be taken back: everything by the responsible side, what goes to itself by a receiver."""
    if is_holder:
        found = agreements(row, now())
    else:
        mine = permissions.received_now(request.user).filter(transition=row).values_list("organisation", flat=True)
        found = [group for organisation in set(mine) for group in agreements(row, now(), towards=organisation)]
    return [line for group in found for line in group.lines if line.may_withdraw]


@watched
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """She takes something back, with either side. Asked once more, since nothing brings it back but a new agreement."""
    row, is_holder = _either_side(request, pk)
    saw(request.user, row, "agreeing")
    lines = {line.key: line for line in _withdrawable(request, row, is_holder=is_holder)}
    names = [(key, f"{line.label} · {receiver_of(line.newest)}") for key, line in lines.items()]
    form = ItemsForm(posted(request), choices=names, label=_("What she takes back"))
    if form.is_valid():
        rows: list[ConsentItem] = [item for key in form.cleaned_data["items"] for item in lines[key].rows]
        sent = consents.withdraw(row, rows, by=request.user)
        messages.success(request, _("Taken back. Access ended with this. Receivers who are asked to delete it: %d.") % len(sent))
        return redirect("consent:show", pk) if is_holder else redirect("consent:recalls")
    back = reverse("consent:show", args=[pk]) if is_holder else reverse("consent:recalls")
    context = {"form": form, "transition": row, "back": back, "nothing": not lines}
    return render(request, "providers/transitions/consent_withdraw.html", context, status=422 if form.is_bound else 200)


def _either_side(request: HttpRequest, pk: UUID) -> tuple[Transition, bool]:
    """The transition, and whether this person's side is responsible. Whoever may only read is refused."""
    if (row := permissions.held_now(request.user).filter(pk=pk).first()) is not None:
        if not permissions.can_record(request.user, row):
            raise PermissionDenied
        return row, True
    offer = permissions.received_now(request.user).filter(transition=pk).first()
    if offer is None:
        raise Http404
    if not permissions.can_withdraw(request.user, offer.transition, offer.organisation_id):
        raise PermissionDenied
    return offer.transition, False


@watched
def choose(request: HttpRequest, pk: UUID, offer_pk: UUID) -> HttpResponse:
    """Every item before it goes, and what is trimmed (C33). What she does not agree to cannot be chosen."""
    row = workable(request, pk, "agreeing")
    offer = offer_of(row, offer_pk)
    choices = package.choices_for(offer)
    form = choice_form(posted(request), choices)
    if form.is_valid() and taken(form, lambda: package.keep(offer, form.cleaned_data["items"], by=request.user)):
        messages.success(request, _("Chosen. The next service can read exactly this now."))
        return redirect("consent:package", pk, offer_pk)
    context = {"form": form, "transition": row, "offer": offer, "receiver": receiver_of_offer(offer), "choices": choices}
    return render(request, "providers/transitions/consent_choose.html", context, status=422 if form.is_bound else 200)


@require_safe
@watched
def read_package(request: HttpRequest, pk: UUID, offer_pk: UUID) -> HttpResponse:
    """What the receiver may read now: for who works there, and exactly the same for who works at the sender's."""
    offer = permissions.received_now(request.user).filter(pk=offer_pk, transition=pk).first()
    is_receiver = offer is not None
    if offer is None:
        offer = offer_of(workable(request, pk), offer_pk)
    elif not can(request.user, Can.ASSESS, offer.organisation_id):
        raise PermissionDenied
    saw(request.user, offer.transition, "package")
    found = package.seen_by(package.package_for(offer), request.user)
    context = {
        "transition": offer.transition, "offer": offer, "is_receiver": is_receiver, "receiver": receiver_of_offer(offer),
        "parts": [(part, shown(part.item, part.value)) for part in found.parts], "at": found.at,
        "may_choose": not is_receiver and permissions.can_record(request.user, offer.transition),
        "may_withdraw": is_receiver and permissions.can_withdraw(request.user, offer.transition, offer.organisation_id),
    }  # fmt: skip
    return render(request, "providers/transitions/consent_package.html", context)
