"""Everything that is kept about one person, for her alone: asked for by the reference of her record."""

from typing import Any

from portal.vault.keyring import open_key
from providers.transitions import follow_up_reading, looks, offering, sections
from providers.transitions.models import SealedSection, Transition
from providers.transitions.models.agreement import ConsentItem, Disclosure


def found(typed: str) -> Transition | None:
    """The record with this reference, whoever may see it: for an operator who was asked by her or by her service."""
    row: Transition | None = Transition.objects.filter(reference_index=sections.index_of(typed)).first()
    return row


def everything(row: Transition) -> dict[str, Any]:
    """In plain structures, dates as ISO. People of staff stay unnamed, as on the page that shows her who looked. Raises ``Unreadable``."""
    key = open_key(row.pk)
    written = SealedSection.objects.filter(transition=row).order_by("item", "version")
    return {
        "record": {
            "state": row.get_status_display(), "why": row.get_trigger_display(), "since": row.trigger_on.isoformat(),
            "where_to": row.get_destination_display(), "leaves_on": row.exit_on.isoformat() if row.exit_on else "",
        },
        "written": [
            {"item": one.item, "version": one.version, "at": one.at.isoformat(), "value": _opened(key, one)} for one in written
        ],
        "agreed": [_agreed(item) for item in ConsentItem.objects.of(row)],
        "shared_without_agreement": [
            {"what": one.items, "ground": one.get_basis_display(), "at": one.at.isoformat()} for one in Disclosure.objects.of(row)
        ],
        "offers": [
            {
                "to": str(offer.organisation or ""), "state": offer.get_status_display(), "at": offer.offered_at.isoformat(),
                "questions": [{"question": said["question"], "answer": said["answer"]} for said in offering.conversation(offer)],
            }
            for offer in row.offers.select_related("organisation")
        ],
        "responsible": [{"who": entry.holder, "from": entry.from_at.isoformat()} for entry in row.ledger.select_related("organisation")],
        "dates": [{"what": clock.kind, "on": clock.due_on.isoformat()} for clock in row.clocks.all()],
        "asked_afterwards": [
            {"when": one.point, "said": follow_up_reading.content_of(one, key)} for one in row.follow_ups.filter(done_at__isnull=False)
        ],
        "looks": [
            {"day": line.day.isoformat(), "whose": line.organisations, "what": line.why, "times": line.times} for line in looks.of(row)
        ],
    }  # fmt: skip


def _opened(key: Any, section: SealedSection) -> Any:
    return key.unseal(bytes(section.blob), field=section.item, version=section.version)


def _agreed(item: ConsentItem) -> dict[str, Any]:
    consent = item.consent
    return {
        "what": item.get_item_display(), "for": consent.get_purpose_display(), "to": str(consent.organisation or ""),
        "given": consent.given_at.isoformat(), "until": consent.until.isoformat() if consent.until else "",
        "taken_back": item.withdrawn_at.isoformat() if item.withdrawn_at else "",
    }  # fmt: skip
