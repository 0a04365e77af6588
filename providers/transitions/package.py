"""The hand-over package, computed from her agreements each time somebody reads (B10). What is not agreed is absent, not hidden.

Every reader and every export of a hand-over goes through ``package_for``: the receiver's page, a guest's, paper, data. An item is in
it only while she agrees (or a disclosure is recorded), the sender keeps it in this hand-over, and the record holds it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from portal.vault.keyring import open_key
from portal.vault.sealing import Unreadable
from providers.transitions import consent_permissions as permissions
from providers.transitions import consents
from providers.transitions.codes import Item
from providers.transitions.disclosing import disclosed_to
from providers.transitions.models import KeptItem, Offer, SealedSection, Transition
from providers.transitions.models.agreement import OPENS, State

CONSENT, DISCLOSURE = "consent", "disclosure"
KEPT_BACK = "keep_back"  # the section with items that she wants passed on to nobody
ON_ACCEPTING = frozenset({Item.CONTACT.value, Item.CARD.value, Item.LEGAL.value})  # whoever has not accepted her needs none of this


@dataclass(frozen=True)
class Part:
    """One item of the package. ``because``: her consent, or a disclosure without it."""

    item: str
    value: Any
    version: int
    because: str

    @property
    def label(self) -> str:
        """What it is called."""
        return str(Item(self.item).label)


@dataclass(frozen=True)
class Package:
    """What a receiver may read at one instant, in the order of the list."""

    offer: Offer
    at: datetime
    parts: tuple[Part, ...]

    def value(self, item: str) -> Any:
        """The content of ``item``, or nothing."""
        return next((part.value for part in self.parts if part.item == item), None)


@dataclass(frozen=True)
class Choice:
    """One line of the page on which the sender trims: the state of consent, whether the record holds it, whether it goes."""

    item: str
    state: State
    is_held: bool
    is_kept: bool
    is_disclosed: bool

    @property
    def label(self) -> str:
        """What it is called."""
        return str(Item(self.item).label)

    @property
    def may_go(self) -> bool:
        """Whether it can be chosen at all."""
        return self.state in OPENS and self.is_held


def package_for(offer: Offer, at: datetime | None = None) -> Package:
    """What the receiver of ``offer`` may read at ``at``, now unless said otherwise. Nothing once the offer or the record has ended."""
    at = at or timezone.now()
    nothing = Package(offer, at, ())
    current = Offer.objects.filter(pk=offer.pk).live().exclude(transition__status=Transition.Status.PURGING).first()
    if current is None:
        return nothing
    grounds = _grounds(current, at)
    rows = SealedSection.objects.filter(transition=offer.transition_id, is_current=True, item__in=[*grounds, KEPT_BACK])
    if not grounds or not (sections := {row.item: row for row in rows}):
        return nothing
    try:
        key = open_key(offer.transition_id)
    except Unreadable:  # erased meanwhile
        return nothing
    held = {item: key.unseal(bytes(row.blob), field=item, version=row.version) for item, row in sections.items()}
    hers = set(held.pop(KEPT_BACK, ()))
    return Package(offer, at, tuple(
        Part(item, held[item], sections[item].version, grounds[item])
        for item in Item.values
        if item in held and not (item in hers and grounds[item] == CONSENT)
    ))  # fmt: skip


def seen_by(package: Package, by: Any) -> Package:
    """The package as this person reads it: how to reach her is absent for everybody but the named workers."""
    if permissions.can_see_contact(by, package.offer):
        return package
    return replace(package, parts=tuple(part for part in package.parts if part.item != Item.CONTACT))


def _grounds(offer: Offer, at: datetime) -> dict[str, str]:
    """Item → why it may be read. Consent counts only for what the sender keeps; a disclosure names its items itself.

    Before a receiver has accepted her, it reads what it needs to decide: not how to reach her, nor her card, nor her lawyer.
    """
    kept = KeptItem.objects.going(offer)
    agreed = {item for item, state in consents.states_for(offer, at).items() if state in OPENS}
    if offer.status == Offer.Status.OFFERED:
        agreed -= ON_ACCEPTING
    disclosed = disclosed_to(offer, at)
    return {**dict.fromkeys(disclosed, DISCLOSURE), **dict.fromkeys(agreed & kept, CONSENT)}


def choices_for(offer: Offer, at: datetime | None = None) -> list[Choice]:
    """Every item of the list, for whoever trims."""
    at = at or timezone.now()
    kept = KeptItem.objects.going(offer)
    held = set(SealedSection.objects.filter(transition=offer.transition_id, is_current=True).values_list("item", flat=True))
    disclosed = disclosed_to(offer, at)
    return [
        Choice(item, state, item in held, item in kept and state in OPENS, item in disclosed)
        for item, state in consents.states_for(offer, at).items()
    ]


def keep(offer: Offer, items: Iterable[str], *, by: Any) -> None:
    """From now on exactly these items go. Raises ``PermissionDenied``, or ``ValidationError`` for one she does not agree to."""
    wanted = set(items)
    with database.atomic():
        transition = consents.locked(offer.transition)
        if not permissions.can_record(by, transition):
            raise PermissionDenied
        if not Offer.objects.filter(pk=offer.pk).live().exists():
            raise ValidationError(_("This offer has ended. Nothing more is shared with it."))
        now = timezone.now()
        states = consents.states_for(offer, now)
        if refused := sorted(item for item in wanted if states.get(item) not in OPENS):
            names = ", ".join(str(Item(item).label) for item in refused if item in Item.values)
            raise ValidationError(_("She does not agree to this: %(items)s.") % {"items": names})
        before = KeptItem.objects.going(offer)
        KeptItem.objects.filter(offer=offer, item__in=before - wanted).update(left_out_at=now)
        for item in sorted(wanted - before):
            KeptItem.objects.update_or_create(offer=offer, item=item, defaults={"by": by, "at": now, "left_out_at": None})
        if wanted != before:
            codes = {"offer": offer.pk, "added": sorted(wanted - before), "left_out": sorted(before - wanted)}
            record("transitions.transition.package_chosen", transition, by=by, codes=codes)
