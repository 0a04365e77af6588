"""Consent as an object (B10): for what, to whom, which items, until when, and how it was given. Four states, never two."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.organisations.models import Organisation
from providers.transitions.codes import Basis, Item, Purpose
from providers.transitions.consent_states import Grant, Standing, standing
from providers.transitions.models.offers import Offer
from providers.transitions.models.records import Transition


class State(models.TextChoices):
    """What an item of consent is at an instant, in words. The rules stand in ``consent_states``."""

    ABSENT = Standing.ABSENT.value, _("Never given")
    GIVEN = Standing.GIVEN.value, _("Given until a day")
    INDEFINITE = Standing.INDEFINITE.value, _("Given without an end")
    EXPIRED = Standing.EXPIRED.value, _("Run out")
    WITHDRAWN = Standing.WITHDRAWN.value, _("Withdrawn")


OPENS = frozenset({State.GIVEN, State.INDEFINITE})  # what may be shown
HOW = [("spoken", _("Spoken")), ("written", _("Written")), ("signed", _("Signed"))]


class Outside(models.TextChoices):
    """Who outside the network may have to be told to keep somebody safe. A code, never a name."""

    POLICE = "police", _("The police")
    AMBULANCE = "ambulance", _("Ambulance or hospital")
    ADULTS = "adult_social_care", _("Adult social care of a council")
    CHILDREN = "children_social_care", _("Children's social care of a council")
    COURT = "court", _("A court")
    OTHER = "other_authority", _("Another authority")


class Outcome(models.TextChoices):
    """What the second person said about a disclosure."""

    UPHELD = "upheld", _("It was right")
    TOO_MUCH = "too_much", _("It went too far: access ends")
    NOT_UPHELD = "not_upheld", _("It was not right: access ends")


class Consent(models.Model):
    """She agreed that these items go to this receiver for this purpose. ``organisation`` empty: the guest of an offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("what for"), max_length=20, choices=Purpose.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, blank=True, related_name="consents")
    given_at = models.DateTimeField(_("when"))
    until = models.DateField(_("until"), null=True, blank=True)  # empty: without an end
    form = models.CharField(_("how"), max_length=20, choices=HOW)
    language = models.CharField(_("in which language"), max_length=10)
    interpreter = models.BooleanField(_("with an interpreter"))
    explained_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("-given_at",)
        verbose_name = _("consent")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=True, offer__isnull=False)
                | models.Q(organisation__isnull=False, offer__isnull=True),
                name="transitions_consent_one_receiver",
            )
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()


class ConsentItemQuerySet(models.QuerySet["ConsentItem"]):
    """Items of consent, by receiver."""

    def of(self, transition: Transition) -> "ConsentItemQuerySet":
        """Everything she ever agreed to about this move."""
        return self.filter(consent__transition=transition).select_related("consent", "consent__organisation", "consent__offer")

    def towards(self, offer: Offer) -> "ConsentItemQuerySet":
        """Those whose receiver is the one of this offer: its organisation, or the guest of this very offer."""
        receiver = {"consent__organisation": offer.organisation_id} if offer.organisation_id else {"consent__offer": offer.pk}
        return self.filter(consent__transition=offer.transition_id, **receiver).select_related("consent")

    def not_withdrawn(self) -> "ConsentItemQuerySet":
        """Which she has not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class ConsentItem(models.Model):
    """One item of a consent. It can be withdrawn by itself, at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="items")
    item = models.CharField(max_length=20, choices=Item.choices)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = ConsentItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of consent")
        constraints: ClassVar = [models.UniqueConstraint(fields=["consent", "item"], name="transitions_consent_item_once")]

    def __str__(self) -> str:
        return self.get_item_display()

    @property
    def grant(self) -> Grant:
        """It, as the rules see it."""
        return Grant(self.consent.given_at, self.consent.until, self.withdrawn_at)

    def state(self, at: datetime) -> State:
        """What it is by itself at the instant ``at`` (aware). What counts is all of them together: ``consents.states``."""
        return State(standing([self.grant], at).value)


class KeptItemQuerySet(models.QuerySet["KeptItem"]):
    """Items of hand-overs."""

    def going(self, offer: Offer) -> set[str]:
        """What goes with ``offer`` now, as far as the sender is concerned."""
        return set(self.filter(offer=offer, left_out_at__isnull=True).values_list("item", flat=True))


class KeptItem(models.Model):
    """The sender keeps this item in this hand-over. Off until turned on (C30); trimming it (C33) or her withdrawal ends that.

    The row stays: it says that the receiver may have read the item, so that it can be called back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="kept")
    item = models.CharField(max_length=20, choices=Item.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    left_out_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = KeptItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item that is handed over")
        constraints: ClassVar = [models.UniqueConstraint(fields=["offer", "item"], name="transitions_kept_once")]

    def __str__(self) -> str:
        return self.get_item_display()


class RecallQuerySet(models.QuerySet["Recall"]):
    """Recalls, by side."""

    def open(self) -> "RecallQuerySet":
        """Not answered yet."""
        return self.filter(answered_at__isnull=True)

    def addressed_to(self, user: Any, can: Can = Can.READ) -> "RecallQuerySet":
        """To an organisation of this person's, whatever has become of the offer."""
        return self.filter(offer__organisation__in=Organisation.objects.where(user, can)).select_related(
            "item", "offer", "offer__organisation"
        )

    def of(self, transition: Transition) -> "RecallQuerySet":
        """Of this move, the newest first."""
        return self.filter(offer__transition=transition).select_related("item", "offer__organisation", "answered_by").order_by("-sent_at")


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

    objects: ClassVar[Any] = RecallQuerySet.as_manager()

    class Meta:
        ordering = ("sent_at",)
        verbose_name = _("recall")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "offer"], name="transitions_recall_once"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, deleted_at__isnull=True, ground="")
                | models.Q(answered_at__isnull=False, deleted_at__isnull=False, ground="")
                | (models.Q(answered_at__isnull=False, deleted_at__isnull=True) & ~models.Q(ground="")),
                name="transitions_recall_answer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Disclosures, by reader and state."""

    def of(self, transition: Transition) -> "DisclosureQuerySet":
        """Of this move, the newest first."""
        return self.filter(transition=transition).select_related("organisation", "by", "reviewed_by")

    def to_review_by(self, user: Any) -> "DisclosureQuerySet":
        """Waiting for a second person, who approves where it was done and did not do it."""
        mine = Organisation.objects.where(user, Can.APPROVE)
        return self.filter(reviewed_at__isnull=True, discloser__in=mine).exclude(by=user)


class Disclosure(models.Model):
    """Something was shared without consent, to keep somebody safe: a separate act with a ground, a reason and a review."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="disclosures")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    outside = models.CharField(_("to whom outside"), max_length=30, choices=Outside.choices, blank=True)
    discloser = models.ForeignKey(Organisation, models.PROTECT, null=True, editable=False, related_name="+")  # who did it
    items = models.JSONField()
    basis = models.CharField(_("on what ground"), max_length=20, choices=Basis.choices)
    reason_blob = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_outcome = models.CharField(_("review"), max_length=20, choices=Outcome.choices, blank=True)

    objects: ClassVar[Any] = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)
        verbose_name = _("disclosure without consent")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False, outside="") | (models.Q(organisation__isnull=True) & ~models.Q(outside="")),
                name="transitions_disclosure_one_receiver",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True, reviewed_at__isnull=True, review_outcome="")
                | (models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~models.Q(review_outcome="")),
                name="transitions_disclosure_whole_review",
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True) | ~models.Q(reviewed_by=models.F("by")), name="transitions_disclosure_reviewed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
