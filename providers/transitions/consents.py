"""What she agrees to, written down; and taken back, at once (B10).

Whoever records, withdraws or chooses locks the transition first, so that nothing is handed over while it is being taken back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Kind
from portal.audit.trail import record
from providers.organisations.models import Organisation
from providers.transitions import consent_permissions as permissions
from providers.transitions import guests, recalls
from providers.transitions.codes import Item, Purpose
from providers.transitions.consent_states import LONDON
from providers.transitions.models import Consent, ConsentItem, Offer, Recall, Transition
from providers.transitions.models.agreed import Key, standings
from providers.transitions.models.agreement import State


@dataclass(frozen=True)
class Given:
    """One agreement as she gave it. ``until`` None: without an end, which was said, not forgotten."""

    purpose: str
    items: tuple[str, ...]
    given_at: datetime
    until: date | None
    form: str
    language: str
    interpreter: bool
    explained_by: Any
    organisation: Organisation | None = None
    offer: Offer | None = None


def locked(transition: Transition) -> Transition:
    """The row, locked until the end of this change."""
    row: Transition = Transition.objects.select_for_update(of=("self",)).get(pk=transition.pk)
    return row


def give(transition: Transition, given: Given, *, by: Any) -> Consent:
    """Write down an agreement. Raises ``PermissionDenied`` or ``ValidationError``."""
    with database.atomic():
        row = locked(transition)
        if not permissions.can_record(by, row):
            raise PermissionDenied
        _refuse(row, given)
        receiver = {"organisation": given.organisation, "offer": given.offer}
        how = {"form": given.form, "language": given.language, "interpreter": given.interpreter, "explained_by": given.explained_by}
        consent = Consent(transition=row, purpose=given.purpose, given_at=given.given_at, until=given.until, **receiver, **how)
        consent.full_clean()
        consent.save(force_insert=True)
        items = sorted(set(given.items))
        ConsentItem.objects.bulk_create(ConsentItem(consent=consent, item=item) for item in items)
        codes = {"consent": consent.pk, "purpose": given.purpose, "items": items, "form": given.form}
        record("transitions.transition.consent_given", row, by=by, codes=codes)
    return consent


def _refuse(row: Transition, given: Given) -> None:
    now = timezone.now()
    if row.status in Transition.TERMINAL:
        raise ValidationError(_("This transition has ended. Nothing more is shared from it."))
    if not given.items or not set(given.items) <= set(Item.values):
        raise ValidationError({"items": _("Choose at least one thing she agrees to.")})
    if given.given_at > now:
        raise ValidationError({"given_at": _("This has not happened yet. Write down an agreement after it was given.")})
    if given.until is not None and given.until < given.given_at.astimezone(LONDON).date():
        raise ValidationError({"until": _("It would have ended before it began.")})
    if given.offer is not None and (given.offer.transition_id != row.pk or given.offer.organisation_id is not None):
        raise ValidationError({"receiver": _("This receiver is not part of this move.")})
    if (organisation := given.organisation) is not None and (
        organisation.kind != Kind.PROVIDER or organisation.status != Organisation.Status.ACTIVE or organisation.pk == row.holder_id
    ):
        raise ValidationError({"receiver": _("Choose another organisation that supports people.")})


def withdraw(transition: Transition, items: Iterable[ConsentItem], *, by: Any) -> list[Recall]:
    """She takes these items back. Access ends with this change, and whoever was sent one is asked to delete it.

    Raises ``PermissionDenied``; then nothing is withdrawn. What was withdrawn before stays as it was.
    """
    wanted = {item.pk for item in items}
    with database.atomic():
        row = locked(transition)
        found = list(ConsentItem.objects.of(row).not_withdrawn().filter(pk__in=wanted))
        for item in found:
            if not permissions.can_withdraw(by, row, item.consent.organisation_id):
                raise PermissionDenied
        now = timezone.now()
        ConsentItem.objects.filter(pk__in=[item.pk for item in found]).update(withdrawn_at=now, withdrawn_by=by)
        sent = recalls.send(row, found)
        if sent:
            guests.call_back(row)
        if found:
            codes = {"items": sorted({item.item for item in found}), "recalls": [recall.pk for recall in sent]}
            record("transitions.transition.consent_withdrawn", row, by=by, codes=codes)
    return sent


def states(items: Iterable[ConsentItem], at: datetime) -> Mapping[Key, State]:
    """What all agreements come to at ``at``, for each receiver, purpose and item that was ever named."""
    return {key: State(found.value) for key, found in standings(items, at).items()}


def states_for(offer: Offer, at: datetime, purpose: str = Purpose.HAND_OVER) -> dict[str, State]:
    """For each item of the list: what her agreements towards the receiver of ``offer`` come to at ``at``. One query."""
    found: dict[str, State] = dict.fromkeys(Item.values, State.ABSENT)
    for key, state in states(ConsentItem.objects.towards(offer).filter(consent__purpose=purpose), at).items():
        found[key[3]] = state
    return found
