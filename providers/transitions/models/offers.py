"""Offers to the next service, its questions, and receivers without an account."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.transitions import permissions
from providers.transitions.codes import DeclineReason, NextStep
from providers.transitions.models.records import Transition

LIVE = ("offered", "accepted", "contact_confirmed")


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers, by side."""

    def received_by(self, user: Any, can: Can = Can.READ) -> "OfferQuerySet":
        """Made to an organisation of this person's."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def sent_by(self, user: Any, can: Can = Can.READ) -> "OfferQuerySet":
        """Made by an organisation of this person's."""
        return self.filter(transition__organisation__in=Organisation.objects.where(user, can))

    def live(self) -> "OfferQuerySet":
        """Neither refused nor taken back nor run out nor ended."""
        return self.filter(status__in=LIVE)

    def unanswered_since(self, moment: datetime) -> "OfferQuerySet":
        """Still waiting for an answer that was due before ``moment``."""
        return self.filter(status=Offer.Status.OFFERED, answer_due_at__lt=moment)


class Offer(Stepped):
    """One service asks another to take over. It moves nothing; accepting moves nothing; confirmed first contact does."""

    class Status(models.TextChoices):
        OFFERED = "offered", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted, not yet met")
        CONTACT_CONFIRMED = "contact_confirmed", pgettext_lazy("a person", "Met")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")
        EXPIRED = "expired", _("Ran out")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="offers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="offers")  # empty: a guest
    sender_id = models.UUIDField(editable=False)  # the organisation that offers; for the audit trail of both sides
    offered_at = models.DateTimeField(default=timezone.now, editable=False)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer_due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    by_phone = models.BooleanField(_("accepted on the telephone"), default=False)  # recorded with name and time, sealed (C29)
    start_on = models.DateField(_("first day"), null=True, blank=True)
    decline_reason = models.CharField(_("why not"), max_length=20, choices=DeclineReason.choices, blank=True)
    next_step = models.CharField(_("what could help instead"), max_length=40, blank=True)
    contact_at = models.DateTimeField(_("first contact"), null=True, blank=True)
    contact_confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OFFERED)

    objects: ClassVar[Any] = OfferQuerySet.as_manager()

    class Meta:
        ordering = ("-offered_at",)
        verbose_name = _("offer")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["transition"], condition=models.Q(status__in=("accepted", "contact_confirmed")), name="transitions_one_taker"
            )
        ]

    TONES: ClassVar[dict[str, str]] = {
        "offered": "care", "accepted": "steady", "contact_confirmed": "good", "declined": "care", "withdrawn": "plain", "ended": "plain",
    }  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_live(self) -> bool:
        """Neither refused nor taken back nor run out nor ended."""
        return self.status in LIVE

    @property
    def next_step_words(self) -> str:
        """What a service that said no offers instead."""
        return str(NextStep(self.next_step).label) if self.next_step in NextStep.values else ""

    # The steps below are taken through ``offering``, which locks the transition first: two locks, always in one order.

    @step("offered", to="accepted", may=permissions.can_answer, label=_("Accept"),
          explain=_("You are named as her worker. The other service stays responsible until you have met her and say so."))  # fmt: skip
    def accept(self, start_on: date, *, by: Any) -> None:
        """A named person takes her, from a day on. It moves nothing yet."""
        self._accepted(start_on, by)

    @step("offered", to="accepted", may=permissions.can_send, label=_("They accepted on the telephone"),
          explain=_("Write down who said so and when. Nobody approves in their place: they confirm first contact themselves."))  # fmt: skip
    def accept_by_phone(self, start_on: date, *, by: Any) -> None:
        """The sender writes down what the receiver said (C29)."""
        self._accepted(start_on, None)
        self.by_phone = True

    @step("offered", to="declined", may=permissions.can_answer, label=_("Decline"))
    def decline(self, reason: str, next_step: str, *, by: Any) -> dict[str, str]:
        """No, why, and what could help instead (C37)."""
        if reason not in DeclineReason.values or next_step not in NextStep.values:
            raise ValidationError(gettext("Choose why, and what could help instead."))
        self.decline_reason, self.next_step = reason, next_step
        self.answered_at, self.answered_by = timezone.now(), by
        self.transition.note_declined(by=by)
        return {"reason": reason, "next": next_step}

    @step("offered", "accepted", to="withdrawn", may=permissions.can_send, label=_("Take the offer back"), is_grave=True,
          explain=_("The other service no longer sees anything from now on. You stay responsible."))  # fmt: skip
    def withdraw(self, *, by: Any) -> None:
        """The sender takes it back."""
        self.transition.note_offer_ended(by=by)

    @step("offered", to="expired", may=permissions.only_waymark, label=_("Ran out"))
    def expire(self, *, by: Any) -> None:
        """Nobody answered in time."""
        self.transition.note_offer_ended(by=by)

    @step("accepted", to="contact_confirmed", may=permissions.can_answer, label=_("We have met her"),
          explain=_("From this moment your service is responsible for her, and the one that sent her is not any more."))  # fmt: skip
    def confirm_contact(self, contact_at: datetime, *, by: Any) -> None:
        """First contact. This alone moves responsibility."""
        self._met(contact_at, by)

    @step("accepted", to="contact_confirmed", may=permissions.can_hear_of_outside, label=_("They have met her, they say"))
    def confirm_by_phone(self, contact_at: datetime, *, by: Any) -> None:
        """As heard from a service outside the network, with name and time."""
        self._met(contact_at, by)

    @step("offered", "accepted", "contact_confirmed", to="ended", may=permissions.only_waymark, label=_("Ended"))
    def end(self, *, by: Any) -> None:
        """The transition has ended, or she was taken back."""

    def _accepted(self, start_on: date, by: Any) -> None:
        if start_on < timezone.localdate():
            raise ValidationError({"start_on": gettext("The first day lies in the past. Choose today or a later day.")})
        self.start_on, self.answered_at, self.answered_by = start_on, timezone.now(), by
        self.transition.note_accepted(by=by)

    def _met(self, contact_at: datetime, by: Any) -> None:
        if contact_at > timezone.now():
            raise ValidationError({"contact_at": gettext("This lies in the future. Say so when you have met her.")})
        self.contact_at, self.contact_confirmed_by = contact_at, by
        if by is not None and self.organisation_id and self.answered_by_id is None:
            self.answered_by = by  # accepted on the telephone: whoever met her is her worker from now on
        self.transition.note_met(self, by=by)


class Question(models.Model):
    """A question before answering an offer, and its answer. Sealed like everything that is about a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="questions")
    blob = models.BinaryField()
    answer_blob = models.BinaryField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")  # empty: the guest
    at = models.DateTimeField(default=timezone.now, editable=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("at",)
        verbose_name = _("question")

    def __str__(self) -> str:
        return str(self.pk)


class Guest(models.Model):
    """A receiver without an account: a one-time link to a verified mailbox, plus a code. Both are kept as hashes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.OneToOneField(Offer, models.PROTECT, related_name="guest")
    mailbox_blob = models.BinaryField()
    name_blob = models.BinaryField()
    token_sha256 = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=200)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    serial = models.PositiveSmallIntegerField(default=1)  # of the link: each one works once

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("guest")

    def __str__(self) -> str:
        return str(self.pk)
