"""The pseudonymous record of a transition, its sealed sections, and who is responsible from when on."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped
from providers.organisations.models import Organisation
from providers.services.models import Service
from providers.services.places import Nation
from providers.transitions.codes import Destination, Item, Trigger


class Pathway(models.Model):
    """States' clocks, checklist and blockers as dated data, one row a version. A running transition keeps the one it began with (C36)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveSmallIntegerField(unique=True)
    valid_from = models.DateField()
    content = models.JSONField()  # {"clocks": [...], "checklist": [...], "follow_up": [...]}, as data/pathway-N.yaml
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("-version",)
        verbose_name = _("pathway")

    def __str__(self) -> str:
        return str(self.version)


class TransitionQuerySet(models.QuerySet["Transition"]):
    """Transitions, by reader. Nobody sees one because of a rank: only the two sides do, each for its time."""

    def held_by(self, user: Any, can: Can = Can.READ) -> "TransitionQuerySet":
        """Of the sending service's people, until contact is confirmed; afterwards they have the thin view only."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def received_by(self, user: Any, can: Can = Can.READ) -> "TransitionQuerySet":
        """Offered to, or taken over by, an organisation of this person's."""
        live = ("offered", "accepted", "contact_confirmed")
        return self.filter(offers__organisation__in=Organisation.objects.where(user, can), offers__status__in=live).distinct()

    def visible_to(self, user: Any) -> "TransitionQuerySet":
        """The two sides."""
        return (self.held_by(user) | self.received_by(user)).exclude(status=Transition.Status.PURGING).distinct()


class Transition(Stepped):
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

    class Meta:
        ordering = ("item", "version")
        verbose_name = _("section")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transition", "item", "version"], name="transitions_section_version"),
            models.UniqueConstraint(fields=["transition", "item"], condition=models.Q(is_current=True), name="transitions_section_current"),
        ]

    def __str__(self) -> str:
        return self.item


class Responsibility(models.Model):
    """The ledger: from ``from_at`` on, ``organisation`` is responsible, until the next row begins.

    An entry has no end of its own, so there can be no gap and no overlap: they cannot be written down. Entries are only
    added, each later than the one before (a trigger refuses the rest). ``organisation`` is empty only in the last entry of a
    transition that has ended.
    """

    class Because(models.TextChoices):
        BEGAN = "began", _("The transition began")
        CONTACT_CONFIRMED = "contact_confirmed", _("First contact was confirmed")
        RE_ENTERED = "re_entered", _("Support was taken up again")
        ENDED = "ended", _("The transition ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="ledger")
    number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    outside = models.CharField(max_length=40, blank=True)  # a code of Destination, where the next service is outside the network
    from_at = models.DateTimeField()
    because = models.CharField(max_length=20, choices=Because.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("number",)
        verbose_name = _("entry of responsibility")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transition", "number"], name="transitions_ledger_number"),
            models.UniqueConstraint(fields=["transition", "from_at"], name="transitions_ledger_instant"),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | ~models.Q(outside="") | models.Q(because="ended"),
                name="transitions_ledger_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


ITEMS = tuple(Item.values)
