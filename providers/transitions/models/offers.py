"""Offers to the next service, its questions, and receivers without an account."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped
from providers.organisations.models import Organisation
from providers.transitions.codes import DeclineReason
from providers.transitions.models.records import Transition


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers, by side."""

    def received_by(self, user: Any, can: Can = Can.READ) -> "OfferQuerySet":
        """Made to an organisation of this person's."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def sent_by(self, user: Any, can: Can = Can.READ) -> "OfferQuerySet":
        """Made by an organisation of this person's."""
        return self.filter(transition__organisation__in=Organisation.objects.where(user, can))

    def live(self) -> "OfferQuerySet":
        """Neither refused nor taken back nor run out."""
        return self.filter(status__in=(Offer.Status.OFFERED, Offer.Status.ACCEPTED, Offer.Status.CONTACT_CONFIRMED))


class Offer(Stepped):
    """One service asks another to take over. It moves nothing; accepting moves nothing; confirmed first contact does."""

    class Status(models.TextChoices):
        OFFERED = "offered", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted, not yet met")
        CONTACT_CONFIRMED = "contact_confirmed", _("Met")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")
        EXPIRED = "expired", _("Ran out")

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

    def __str__(self) -> str:
        return str(self.pk)


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

    class Meta:
        verbose_name = _("guest")

    def __str__(self) -> str:
        return str(self.pk)
