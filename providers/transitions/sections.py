"""Sealed sections: writing, reading, amending after sending, and finding a record by its reference.

Everything that is about a person is sealed with the record's own key. In clear stands only which section it is, who wrote it and when.
"""

import hmac
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.audit.trail import record
from portal.vault import keyring
from portal.vault.sealing import Unreadable
from providers.services.models import Outdated
from providers.transitions import permissions, reference
from providers.transitions.codes import AmendReason
from providers.transitions.models import SealedSection, Transition

REFERENCE, BACK = "reference", "keep_back"  # the reference; items that she wants passed on to nobody
INDEX = uuid.UUID("6c1a9c60-1d5e-4f2b-9b1c-6d61726b6578")  # the record under which the keyring keeps the key of the index


def index_of(typed: str) -> bytes:
    """The keyed hash by which a reference is found. Without the keyring nobody can try references against a copy of the database."""
    try:
        secret = keyring.open_key(INDEX).secret
    except Unreadable:
        try:
            secret = keyring.make_key(INDEX).secret
        except IntegrityError:  # another process made it in this moment
            secret = keyring.open_key(INDEX).secret
    return hmac.digest(secret, b"reference|" + reference.normalised(typed).encode(), "sha256")


def find(user: Any, typed: str) -> Transition | None:
    """The record with this reference, if this person may see it."""
    if not reference.is_reference(typed):
        return None
    row: Transition | None = Transition.objects.visible_to(user).filter(reference_index=index_of(typed)).first()
    return row


def read(row: Transition, items: Any = None) -> dict[str, Any]:
    """What the current sections hold, by item; ``items``: these only. One query for sections, one for the key."""
    return {item: value for item, (_version, value) in read_versions(row, items).items()}


def read_versions(row: Transition, items: Any = None) -> dict[str, tuple[int, Any]]:
    """As ``read``, each with its version. Empty where the record has been erased."""
    chosen = SealedSection.objects.filter(is_current=True, transition=row)
    found = list(chosen if items is None else chosen.filter(item__in=list(items)))
    try:
        key = keyring.open_key(row.pk) if found else None
    except Unreadable:
        return {}
    return {
        section.item: (section.version, key.unseal(bytes(section.blob), field=section.item, version=section.version))
        for section in found
        if key is not None
    }


def references(rows: list[Transition]) -> dict[uuid.UUID, str]:
    """The references of the rows of one page, spaced; one query each for sections and keys."""
    if not rows:
        return {}
    sections = SealedSection.objects.filter(is_current=True, transition__in=rows, item=REFERENCE)
    keys = keyring.open_keys([row.pk for row in rows])
    return {
        section.transition_id: reference.spaced(
            keys[section.transition_id].unseal(bytes(section.blob), field=REFERENCE, version=section.version)
        )
        for section in sections
        if section.transition_id in keys
    }


def first(row: Transition, key: keyring.Key, item: str, value: Any, by: Any) -> SealedSection:
    """The first version of a section of a record that is being made."""
    blob = key.seal(value, field=item, version=1)
    section: SealedSection = SealedSection.objects.create(transition=row, item=item, version=1, blob=blob, by=by)
    return section


def write(row: Transition, item: str, value: Any, *, base: int, by: Any, reason: str = "") -> SealedSection:
    """A new version of a section. ``base``: the version that was read, 0 for none. While an offer stands, ``reason`` says why (C34).

    Raises ``PermissionDenied``, ``Outdated`` with the section as it stands, or ``ValidationError``.
    """
    with transaction.atomic():
        locked = Transition.objects.select_for_update().get(pk=row.pk)
        if not may_write(by, locked, item):
            raise PermissionDenied
        current = SealedSection.objects.filter(is_current=True, transition=locked, item=item).first()
        if (current.version if current else 0) != base:
            raise Outdated(current or locked)
        was_sent = bool(locked.live_offers)
        if was_sent and reason not in AmendReason.values:
            raise ValidationError({"reason": _("It was sent to another service. Say why it is changed.")})
        if current:
            current.is_current = False
            current.save(update_fields=["is_current"])
        version = locked.sections.filter(item=item).count() + 1
        blob = keyring.open_key(locked.pk).seal(value, field=item, version=version)
        section: SealedSection = SealedSection.objects.create(
            transition=locked, item=item, version=version, blob=blob, by=by, reason=reason if was_sent else ""
        )
        verb = "amend" if was_sent else "write"
        record(f"transitions.section.{verb}", locked, by=by, codes={"item": item, "version": version, "reason": section.reason})
    return section


def may_write(by: Any, row: Transition, item: str) -> bool:
    """Who works for the responsible service; how to reach her is for the named worker alone."""
    if row.status in row.TERMINAL or not permissions.can_work_on(by, row):
        return False
    seen = permissions.sight(by, row)
    if item == "contact" and not permissions.can_see_contact(by, row):
        return False
    return seen in {permissions.Sight.FULL, permissions.Sight.PACKAGE}
