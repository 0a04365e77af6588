"""After a withdrawal: whoever was sent the item deletes it and says so, or states a lawful ground to keep it."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from providers.transitions import consent_permissions as permissions
from providers.transitions.codes import Basis, Purpose
from providers.transitions.models import ConsentItem, KeptItem, Offer, Recall, Transition


def send(transition: Transition, items: Iterable[ConsentItem]) -> list[Recall]:
    """A recall for every hand-over in which one of these items was kept. The item leaves the hand-over: it needs a new choice to go again.

    Called inside the change that withdraws. Offers that were refused or have ended count too: somebody there has read them.
    """
    sent: dict[tuple[Any, str], Recall] = {}
    kept = {(row.offer_id, row.item) for row in KeptItem.objects.filter(offer__transition=transition)}
    offers = list(Offer.objects.filter(transition=transition))
    for item in items:
        if item.consent.purpose != Purpose.HAND_OVER:
            continue
        for offer in offers:
            is_receiver = (
                offer.organisation_id == item.consent.organisation_id if offer.organisation_id else offer.pk == item.consent.offer_id
            )
            if is_receiver and (offer.pk, item.item) in kept:
                sent[offer.pk, item.item] = Recall(item=item, offer=offer)
    Recall.objects.bulk_create(sent.values())
    for offer_pk, code in sent:
        KeptItem.objects.filter(offer=offer_pk, item=code, left_out_at__isnull=True).update(left_out_at=timezone.now())
    return list(sent.values())


def answer(recall: Recall, *, ground: str = "", by: Any, is_guest: bool = False) -> None:
    """The receiver has deleted it, or keeps it on ``ground``. ``is_guest``: the guest's own page has made sure who it is.

    Raises ``PermissionDenied``, or ``ValidationError`` for a ground that is none and when it was answered already.
    """
    with database.atomic():
        row: Recall = Recall.objects.select_for_update(of=("self",)).select_related("offer", "offer__transition").get(pk=recall.pk)
        if not (is_guest and row.offer.organisation_id is None) and not permissions.can_answer(by, row):
            raise PermissionDenied
        if row.answered_at is not None:
            raise ValidationError(_("This was answered already. Nothing was changed."), code="answered")
        if ground and ground not in Basis.values:
            raise ValidationError({"ground": _("Choose a ground in law.")})
        row.answered_at = timezone.now()
        row.answered_by = None if is_guest else by
        row.ground, row.deleted_at = ground, None if ground else row.answered_at
        row.save(update_fields=["answered_at", "answered_by", "ground", "deleted_at"])
        codes = {"recall": row.pk, "item": row.item.item, "ground": ground or "deleted"}
        record("transitions.transition.recall_answered", row.offer.transition, by=row.answered_by, codes=codes)
    recall.refresh_from_db()
