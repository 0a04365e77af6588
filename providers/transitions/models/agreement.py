"""Consent as an object (B10): for what, to whom, which items, until when, and how it was given. Four states, never two."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.organisations.models import Organisation
from providers.transitions.codes import Basis, Item, Purpose
from providers.transitions.models.offers import Offer
from providers.transitions.models.records import Transition


class State(models.TextChoices):
    """What an item of consent is at an instant."""

    ABSENT = "absent", _("Never given")
    GIVEN = "given", _("Given until a day")
    INDEFINITE = "indefinite", _("Given without an end")
    EXPIRED = "expired", _("Run out")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Consent(models.Model):
    """She agreed that these items go to this receiver for this purpose. ``organisation`` empty: the guest of an offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("what for"), max_length=20, choices=Purpose.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, blank=True, related_name="consents")
    given_at = models.DateTimeField(_("when"))
    until = models.DateField(_("until"), null=True, blank=True)  # empty: without an end
    form = models.CharField(_("how"), max_length=20, choices=[("spoken", _("Spoken")), ("written", _("Written")), ("signed", _("Signed"))])
    language = models.CharField(_("in which language"), max_length=10)
    interpreter = models.BooleanField(_("with an interpreter"))
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-given_at",)
        verbose_name = _("consent")

    def __str__(self) -> str:
        return self.get_purpose_display()


class ConsentItem(models.Model):
    """One item of a consent. It can be withdrawn by itself, at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="items")
    item = models.CharField(max_length=20, choices=Item.choices)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("item of consent")
        constraints: ClassVar = [models.UniqueConstraint(fields=["consent", "item"], name="transitions_consent_item_once")]

    def __str__(self) -> str:
        return self.get_item_display()

    def state(self, at: datetime) -> State:
        """What it is at the instant ``at`` (aware)."""
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return State.WITHDRAWN
        if self.consent.given_at > at:
            return State.ABSENT
        if self.consent.until is None:
            return State.INDEFINITE
        return State.GIVEN if timezone.localdate(at) <= self.consent.until else State.EXPIRED


class Recall(models.Model):
    """After a withdrawal: the receiver confirms that it is deleted, or states a lawful ground to keep it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(ConsentItem, models.PROTECT, related_name="recalls")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="recalls")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)
    ground = models.CharField(max_length=20, choices=Basis.choices, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("recall")
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "offer"], name="transitions_recall_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Disclosure(models.Model):
    """Something was shared without consent, to keep somebody safe: a separate act with a ground, a reason and a review."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="disclosures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    items = models.JSONField()
    basis = models.CharField(_("on what ground"), max_length=20, choices=Basis.choices)
    reason_blob = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_outcome = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("disclosure without consent")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("by")), name="transitions_disclosure_reviewed"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
