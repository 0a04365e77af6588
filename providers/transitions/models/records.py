"""The pseudonymous record of a transition, its sealed sections, and who is responsible from when on."""

import uuid
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.organisations.models import Organisation
from providers.services.models import Service
from providers.services.places import Nation
from providers.transitions.codes import Destination, Item, Trigger
from providers.transitions.models.agreed import anything_holds
from providers.transitions.models.ledger import Responsibility
from providers.transitions.models.steps import Course


class Pathway(models.Model):
    """States' clocks, checklist and blockers as dated data, one row a version. A running transition keeps the one it began with (C36)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(unique=True)
    valid_from = models.DateField()
    content = models.JSONField()  # {"clocks": [...], "checklist": [...], "follow_up": [...]}, as data/pathway-N.yaml
    sha256 = models.CharField(max_length=64)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("-version",)
        verbose_name = _("pathway")

    def __str__(self) -> str:
        return str(self.version)


class TransitionQuerySet(models.QuerySet["Transition"]):
    """Transitions, by reader. Nobody sees one because of a rank: only the two sides do, each for its time."""

    def held_by(self, user: Any, can: Can = Can.READ) -> "TransitionQuerySet":
        """Begun by an organisation of this person's. How much they see of it is ``permissions.sight``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def received_by(self, user: Any, can: Can = Can.READ) -> "TransitionQuerySet":
        """Offered to, or taken over by, an organisation of this person's."""
        return self.filter(pk__in=self._offered_to(user, can))

    def visible_to(self, user: Any, can: Can = Can.READ) -> "TransitionQuerySet":
        """The two sides."""
        mine = models.Q(organisation__in=Organisation.objects.where(user, can)) | models.Q(pk__in=self._offered_to(user, can))
        return self.filter(mine).exclude(status=Transition.Status.PURGING)

    def in_full(self) -> "TransitionQuerySet":
        """With what every page and every question about who may do what needs."""
        needed = ("offers__organisation", "ledger__organisation")
        return self.select_related("organisation", "service", "pathway", "worker").prefetch_related(*needed)

    def running(self) -> "TransitionQuerySet":
        """Not ended."""
        return self.exclude(status__in=Transition.TERMINAL)

    @staticmethod
    def _offered_to(user: Any, can: Can) -> Any:
        offers: Any = apps.get_model("transitions", "Offer")  # of a module that stands on this one
        return offers.objects.received_by(user, can).live().values("transition")


class Transition(Course):
    """One person's move, under a random reference. What is about her is sealed; what stands here in clear is what the work needs.

    States, guards and clocks: domain research on entitlements, part 7.4. ``organisation`` began it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PLANNING = "planning", _("Planning")
        CONSENTED = "consented", _("Sharing agreed")
        REFERRED = "referred", _("Offered to the next service")
        DECLINED = "declined", _("Declined")
        ACCEPTED = "accepted", _("Accepted")
        HANDOVER_BOOKED = "handover_booked", _("Joint meeting booked")
        MOVED = "moved", _("Moved")
        CONFIRMED_SAFE = "confirmed_safe", _("Arrived safely")
        SETTLING = "settling", _("Settling")
        AT_RISK = "at_risk", _("At risk")
        CONTACT_LOST = "contact_lost", _("Contact lost")
        ESCALATED = "escalated", _("With the manager")
        RE_ENTRY_REQUESTED = "re_entry_requested", _("Asks to come back")
        SUSTAINED = "sustained", _("Stable, in her own view")
        WITHDRAWN = "withdrawn", _("No follow-up wanted")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Expired")
        CLOSED_LOST = "closed_lost", _("Closed: contact lost")
        CLOSED_REENTERED = "closed_reentered", _("Closed: back in support")
        CLOSED_SUSTAINED = "closed_sustained", _("Closed: stable")
        PURGING = "purging", _("Being erased")

    TERMINAL = ("withdrawn", "cancelled", "expired", "closed_lost", "closed_reentered", "closed_sustained", "purging")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="transitions")
    service = models.ForeignKey(Service, models.PROTECT, related_name="transitions")
    pathway = models.ForeignKey(Pathway, models.PROTECT, related_name="+")
    reference_index = models.BinaryField(max_length=32, unique=True, editable=False)  # keyed hash; the reference itself is sealed
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices)
    trigger = models.CharField(_("why now"), max_length=20, choices=Trigger.choices)
    trigger_on = models.DateField(_("since"))
    destination = models.CharField(_("where to"), max_length=40, choices=Destination.choices, blank=True)
    exit_on = models.DateField(_("leaves on"), null=True, blank=True)
    family = models.UUIDField(null=True, blank=True, db_index=True)  # the same for people who move together
    is_open_case = models.BooleanField(_("an NRM decision is still open"), default=False)
    wants_follow_up = models.BooleanField(null=True, blank=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    next_due_on = models.DateField(null=True, blank=True)  # the earliest open clock, kept by the steps; for boards
    escalated_from = models.CharField(max_length=30, blank=True, editable=False)
    status = models.CharField(max_length=30, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_held = models.BooleanField(default=False)  # a legal hold: nothing of it is purged

    objects: ClassVar[Any] = TransitionQuerySet.as_manager()

    class Meta:
        ordering = ("next_due_on", "created_at")
        verbose_name = _("transition")
        indexes: ClassVar = [models.Index(fields=["organisation", "status", "next_due_on"], name="transitions_board")]

    def __str__(self) -> str:
        return str(self.pk)  # never the reference: strings reach logs

    TONES: ClassVar[dict[str, str]] = {
        "draft": "plain", "planning": "steady", "consented": "steady", "referred": "care", "declined": "care", "accepted": "steady",
        "handover_booked": "steady", "moved": "care", "confirmed_safe": "good", "settling": "good", "at_risk": "danger",
        "contact_lost": "danger", "escalated": "danger", "re_entry_requested": "care", "sustained": "good",
    }  # fmt: skip
    CHECKING: ClassVar[frozenset[str]] = frozenset(
        {"planning", "consented", "referred", "declined", "accepted", "handover_booked", "escalated"}
    )

    @property
    def live_offers(self) -> list[Any]:
        """Neither refused nor taken back nor run out nor ended."""
        return [offer for offer in self.offers.all() if offer.is_live]

    @property
    def taker(self) -> Any:
        """The offer that was accepted, or ``None``."""
        return next((offer for offer in self.live_offers if offer.status in {"accepted", "contact_confirmed"}), None)

    @property
    def has_taker(self) -> bool:
        """Whether a service has accepted."""
        return self.taker is not None

    @property
    def has_been_met(self) -> bool:
        """Whether the next service has confirmed first contact: from then on it is responsible."""
        return any(offer.status == "contact_confirmed" for offer in self.offers.all())

    @property
    def responsible(self) -> Responsibility | None:
        """The entry of the ledger that holds now."""
        return max(self.ledger.all(), key=lambda entry: entry.number, default=None)

    @property
    def responsible_id(self) -> uuid.UUID | None:
        """The organisation that is responsible now; ``None`` where it is outside the network, or nobody after the end."""
        entry = self.responsible
        return entry.organisation_id if entry else None

    @property
    def holder_id(self) -> uuid.UUID:
        """Whose people work on it: the responsible organisation; where that is outside or it has ended, the last one in the network."""
        held = [entry for entry in self.ledger.all() if entry.organisation_id]
        last = max(held, key=lambda entry: entry.number, default=None)
        return last.organisation_id if last and last.organisation_id else self.organisation_id

    @property
    def has_agreement(self) -> bool:
        """Whether anything that she agreed to holds now."""
        return anything_holds(self)


class SealedSection(models.Model):
    """One item of the record, sealed with the record's key. A change after sending is a new row with a reason; the old one stays (C34)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="sections")
    item = models.CharField(max_length=20)  # a code of Item, or "reference", "letter", "note"
    version = models.PositiveIntegerField()
    blob = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(max_length=40, blank=True)  # a code: why it was changed after sending
    is_current = models.BooleanField(default=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("item", "version")
        verbose_name = _("section")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transition", "item", "version"], name="transitions_section_version"),
            models.UniqueConstraint(fields=["transition", "item"], condition=models.Q(is_current=True), name="transitions_section_current"),
        ]

    def __str__(self) -> str:
        return self.item


ITEMS = tuple(Item.values)
