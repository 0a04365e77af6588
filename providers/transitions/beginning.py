"""Beginning a transition: its key, its reference, its pathway, its first dates and its checklist, in one act."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from portal.vault import keyring
from providers.services.models import Service
from providers.transitions import checklists, clocks, pathways, permissions, reference, sections
from providers.transitions.models import Transition


@dataclass(frozen=True)
class Start:
    """What is known when a transition begins. ``family``: a record of somebody who moves along."""

    service: Service
    trigger: str
    trigger_on: date
    destination: str = ""
    letter_on: date | None = None
    is_open_case: bool = False
    family: Transition | None = None


def begin(start: Start, *, key: uuid.UUID, by: Any) -> Transition:
    """Make the record. The same ``key`` sent twice is one record. Raises ``PermissionDenied`` or ``ValidationError``.

    The record's own key is committed first, in the keyring: a key without a record is harmless.
    """
    if not permissions.can_begin(by, start.service.organisation_id):
        raise PermissionDenied
    if start.trigger_on > timezone.localdate():
        raise ValidationError({"trigger_on": _("This day lies in the future.")})
    if (sent_before := _sent_before(key, by)) is not None:
        return sent_before
    try:
        with transaction.atomic(using="keyring"):
            secret = keyring.make_key(key)
    except IntegrityError:
        secret = keyring.open_key(key)  # the first sending came no further than this
    with transaction.atomic():
        row = _made(start, key, secret, by)
        record("transitions.transition.begin", row, by=by, after=row.status, codes={"trigger": row.trigger, "pathway": row.pathway.version})
    return row


def _sent_before(key: uuid.UUID, by: Any) -> Transition | None:
    row: Transition | None = Transition.objects.filter(pk=key).first()
    if row is not None and row.worker_id != by.pk:
        raise ValidationError(_("This form cannot be sent again. Open it afresh."))
    return row


def _made(start: Start, pk: uuid.UUID, secret: keyring.Key, by: Any) -> Transition:
    given = reference.new_reference()
    row: Transition = Transition.objects.create(
        pk=pk, organisation=start.service.organisation, service=start.service, nation=start.service.nation, worker=by,
        pathway=pathways.in_force(timezone.localdate()), reference_index=sections.index_of(given), trigger=start.trigger,
        trigger_on=start.trigger_on, destination=start.destination, is_open_case=start.is_open_case, family=_family(start.family),
    )  # fmt: skip
    sections.first(row, secret, sections.REFERENCE, given, by)
    checklists.extend(row)
    clocks.start_from(row, "trigger", row.trigger_on)
    if start.letter_on:
        _letter(row, start.letter_on)
    row.exit_on = clocks.support_ends_on(row) or start.letter_on
    clocks.start_from(row, "exit", row.exit_on)
    clocks.settle(row)
    row.save()
    return row


def _letter(row: Transition, letter_on: date) -> None:
    """The date in her own letter wins over the rule's."""
    kinds = [rule["key"] for rule in clocks.rules_of(row) if rule.get("ends_support")]
    row.clocks.filter(kind__in=kinds).update(letter_on=letter_on)


def _family(other: Transition | None) -> uuid.UUID | None:
    """The mark that people who move together share."""
    if other is None:
        return None
    if other.family is None:
        other.family = uuid.uuid4()
        Transition.objects.filter(pk=other.pk).update(family=other.family)
    return other.family
