"""Offers: sending one, answering it, questions, and hearing of an answer on the telephone. Each act locks the transition first.

Nothing here moves responsibility but ``confirm_contact`` and, for services outside the network, ``confirm_by_phone``.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can, Kind, roles_that
from portal.audit.trail import record
from portal.calendar.working_days import OF_NATION, add_working_days, deadline, end_of
from portal.vault import keyring
from providers.organisations.models import Membership, Organisation
from providers.transitions import permissions
from providers.transitions.models import Offer, Question, SealedSection, Transition
from providers.transitions.permissions import Sight, sight

PHONE = "phone"  # the sealed section of what was heard on the telephone: who said it, and when


@dataclass(frozen=True)
class Heard:
    """Who said something on the telephone, as whom, and when (C29)."""

    name: str
    role: str
    at: datetime


def receivers(sender: Organisation) -> Any:
    """Providers that can be asked: active, another one, and with somebody there who may answer (C32)."""
    answering = Membership.objects.current().filter(role__in=roles_that(Can.ASSESS)).values("organisation")
    found = Organisation.objects.filter(kind=Kind.PROVIDER, status=Organisation.Status.ACTIVE, pk__in=answering)
    return found.exclude(pk=sender.pk)


def answer_due(row: Transition, wanted: date | None = None) -> datetime:
    """The last instant for an answer: the pathway's, or an earlier day that the sender asks for."""
    rule = row.pathway.content["offers"]["answer"]
    latest = deadline(timezone.now(), rule["count"], OF_NATION[row.nation]).at
    return min(latest, end_of(wanted).at) if wanted else latest


def runs_out_on(offer: Offer) -> date:
    """The day at whose end an offer without an answer has run out."""
    row = offer.transition
    count = row.pathway.content["offers"]["runs_out"]["count"]
    return add_working_days(timezone.localdate(offer.offered_at), count, OF_NATION[row.nation])


def send(row: Transition, organisation: Organisation | None, *, wanted: date | None = None, by: Any) -> Offer:
    """Ask a service to take over. One at a time: nobody's needs go round. ``organisation`` None: a service outside the network."""
    with transaction.atomic():
        locked = _lock(row)
        if sight(by, locked) != Sight.FULL:
            raise PermissionDenied
        if organisation is not None and not receivers(locked.organisation).filter(pk=organisation.pk).exists():
            raise ValidationError({"organisation": _("This service cannot be asked.")})
        if locked.offers.live().exists():
            raise ValidationError(_("A service has been asked already. Wait for its answer, or take that offer back."))
        if not locked.destination:
            raise ValidationError(_("Say first where she goes."))
        if wanted and wanted < timezone.localdate():
            raise ValidationError({"wanted": _("This day has passed.")})
        if organisation is not None and not locked.has_agreement:
            raise ValidationError(_("Nothing that she agreed to holds now. Nothing is offered before she agrees."))
        offer: Offer = Offer.objects.create(
            transition=locked, organisation=organisation, sender_id=locked.organisation_id, offered_by=by,
            answer_due_at=answer_due(locked, wanted),
        )  # fmt: skip
        locked.refer(by=by)
        record("transitions.offer.send", offer, by=by, after=offer.status, codes={"transition": locked.pk})
    return offer


def _lock(row: Transition) -> Transition:
    locked: Transition = Transition.objects.select_for_update(of=("self",)).get(pk=row.pk)
    return locked


def take(offer: Offer, name: str, *words: Any, by: Any) -> None:
    """A step of an offer: the transition is locked first, then the offer."""
    with transaction.atomic():
        _lock(offer.transition)
        getattr(offer, name)(*words, by=by)


def hear_acceptance(offer: Offer, start_on: date, heard: Heard, *, by: Any) -> None:
    """They said yes on the telephone: who and when is sealed; the receiver still confirms first contact itself."""
    with transaction.atomic():
        _lock(offer.transition)
        offer.accept_by_phone(start_on, by=by)
        _note(offer, "accepted", heard, by)


def hear_contact(offer: Offer, contact_at: datetime, heard: Heard, *, by: Any) -> None:
    """A service outside the network says that it has met her."""
    with transaction.atomic():
        _lock(offer.transition)
        offer.confirm_by_phone(contact_at, by=by)
        _note(offer, "met", heard, by)


def _note(offer: Offer, what: str, heard: Heard, by: Any) -> None:
    if heard.at > timezone.now():
        raise ValidationError({"heard_at": _("This lies in the future.")})
    row = offer.transition
    SealedSection.objects.filter(is_current=True, transition=row, item=PHONE).update(is_current=False)
    version = row.sections.filter(item=PHONE).count() + 1
    value = {"offer": str(offer.pk), "what": what, "name": heard.name, "role": heard.role, "at": heard.at.isoformat()}
    blob = keyring.open_key(row.pk).seal(value, field=PHONE, version=version)
    SealedSection.objects.create(transition=row, item=PHONE, version=version, blob=blob, by=by)


# --- Questions ---------------------------------------------------------------------------------------------------------------


def ask(offer: Offer, text: str, *, by: Any) -> Question:
    """A question before answering. Sealed like everything that is about a person."""
    if not permissions.can_answer(by, offer):
        raise PermissionDenied
    if offer.status not in {"offered", "accepted"}:
        raise ValidationError(_("This offer has ended."))
    pk = uuid.uuid4()
    with transaction.atomic():
        blob = keyring.open_key(offer.transition_id).seal(text, field=f"question:{pk}", version=1)
        question: Question = Question.objects.create(pk=pk, offer=offer, blob=blob, by=by)
        record("transitions.offer.ask", offer, by=by)
    return question


def reply(question: Question, text: str, *, by: Any) -> None:
    """The sender answers. Once: a second thought is a new answer to a new question."""
    offer = question.offer
    with transaction.atomic():
        row = Question.objects.select_for_update().get(pk=question.pk)
        if not permissions.can_send(by, offer):
            raise PermissionDenied
        if row.answered_at:
            raise ValidationError(_("Somebody has answered already."))
        row.answer_blob = keyring.open_key(offer.transition_id).seal(text, field=f"answer:{row.pk}", version=1)
        row.answered_by, row.answered_at = by, timezone.now()
        row.save()
        record("transitions.offer.reply", offer, by=by)


def conversation(offer: Offer) -> list[dict[str, Any]]:
    """Questions and answers, opened."""
    rows = list(offer.questions.select_related("by", "answered_by"))
    if not rows:
        return []
    key = keyring.open_key(offer.transition_id)
    return [
        {
            "row": row,
            "question": key.unseal(bytes(row.blob), field=f"question:{row.pk}", version=1),
            "answer": key.unseal(bytes(row.answer_blob), field=f"answer:{row.pk}", version=1) if row.answer_blob else "",
        }
        for row in rows
    ]
