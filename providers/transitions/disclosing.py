"""Sharing without agreement, to keep somebody safe: a separate act with a ground and a reason, and a second person looks at it.

It counts at once, because danger does not wait for a review. A review that says no ends access with that change.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from portal.vault.keyring import Key, open_key
from providers.organisations.models import Organisation
from providers.transitions import consent_permissions as permissions
from providers.transitions.codes import Basis, Item
from providers.transitions.models import Disclosure, Offer, Transition
from providers.transitions.models.agreement import Outcome, Outside

SHORTEST = 20  # characters of a reason: "safeguarding" alone is none
FIELD = "disclosure:{}"


def is_open(disclosure: Disclosure, at: datetime) -> bool:
    """Whether it lets its items be read at ``at``: done by then, and no review has ended it."""
    if disclosure.at > at:
        return False
    is_reviewed = disclosure.reviewed_at is not None and disclosure.reviewed_at <= at
    return not is_reviewed or disclosure.review_outcome == Outcome.UPHELD


def disclosed_to(offer: Offer, at: datetime) -> set[str]:
    """The items that may be read by the receiver of ``offer`` because of disclosures. A guest is told outside the portal."""
    if offer.organisation_id is None:
        return set()
    rows = Disclosure.objects.filter(transition=offer.transition_id, organisation=offer.organisation_id)
    return {item for row in rows if is_open(row, at) for item in row.items}


def disclose(
    transition: Transition, items: Iterable[str], *, basis: str, reason: str, organisation: Organisation | None = None, outside: str = "",
    by: Any,
) -> Disclosure:  # fmt: skip
    """Write it down, sealed with the record. Raises ``PermissionDenied`` or ``ValidationError``."""
    wanted, reason = sorted(set(items)), " ".join(reason.split())
    with database.atomic():
        row: Transition = Transition.objects.select_for_update(of=("self",)).get(pk=transition.pk)
        if not permissions.can_disclose(by, row):
            raise PermissionDenied
        if not wanted or not set(wanted) <= set(Item.values):
            raise ValidationError({"items": _("Choose what is shared, and no more than is needed.")})
        if basis not in Basis.values:
            raise ValidationError({"basis": _("Choose a ground in law.")})
        if len(reason) < SHORTEST:
            raise ValidationError({"reason": _("Say in a sentence what makes this necessary now. A second person reads it.")})
        if (organisation is None) == (not outside) or (outside and outside not in Outside.values):
            raise ValidationError({"receiver": _("Choose one receiver.")})
        disclosure = Disclosure(
            transition=row, organisation=organisation, outside=outside, items=wanted, basis=basis, by=by,
            discloser_id=row.holder_id,
        )  # fmt: skip
        disclosure.reason_blob = open_key(row.pk).seal(reason, field=FIELD.format(disclosure.pk), version=1)
        disclosure.save(force_insert=True)
        codes = {"disclosure": disclosure.pk, "items": wanted, "basis": basis, "to": outside or "organisation"}
        record("transitions.transition.disclosed", row, by=by, codes=codes)
    return disclosure


def reason_of(disclosure: Disclosure, key: Key) -> str:
    """Why, in the words of who did it. Raises ``Unreadable``."""
    return str(key.unseal(bytes(disclosure.reason_blob), field=FIELD.format(disclosure.pk), version=1))


def review(disclosure: Disclosure, outcome: str, *, by: Any) -> None:
    """A second person says whether it was right. Raises ``PermissionDenied`` or ``ValidationError``."""
    with database.atomic():
        row: Disclosure = Disclosure.objects.select_for_update(of=("self",)).select_related("transition").get(pk=disclosure.pk)
        if not permissions.can_review(by, row):
            raise PermissionDenied
        if row.reviewed_at is not None:
            raise ValidationError(_("This was reviewed already. Nothing was changed."), code="answered")
        if outcome not in Outcome.values:
            raise ValidationError({"outcome": _("Say whether it was right.")})
        row.reviewed_by, row.reviewed_at, row.review_outcome = by, timezone.now(), outcome
        row.save(update_fields=["reviewed_by", "reviewed_at", "review_outcome"])
        codes = {"disclosure": row.pk, "outcome": outcome}
        record("transitions.transition.disclosure_reviewed", row.transition, by=by, codes=codes)
    disclosure.refresh_from_db()
