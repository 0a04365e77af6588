"""Good practice that others may learn from: in the provider's own words, only with its consent, gone when it takes that back (B8)."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.organisations.permissions import can
from standards.catalogue.models import Standard
from standards.reports import cards, permissions
from standards.reports.models.issuing import Hit
from standards.reports.models.reports import Report
from standards.reports.models.statements import Statement


class GoodPracticeCardQuerySet(models.QuerySet["GoodPracticeCard"]):
    """Cards, by reader."""

    def shown(self) -> "GoodPracticeCardQuerySet":
        """What others may read now: the provider agreed to these words, and the report they come from stands."""
        return self.filter(status=GoodPracticeCard.Status.SHOWN).exclude(statement__report__status=Report.Status.WITHDRAWN)

    def visible_to(self, user: Any) -> "GoodPracticeCardQuerySet":
        """The shown ones, for whoever works with the Standards in any organisation."""
        return self.shown() if permissions.reads_cards(user) else self.none()

    def once_shown_to(self, user: Any) -> "GoodPracticeCardQuerySet":
        """What this person could read at some time: its address says that it is gone."""
        return self.filter(shown_at__isnull=False) if permissions.reads_cards(user) else self.none()

    def where(self, user: Any, what: Can) -> "GoodPracticeCardQuerySet":
        """Of providers for which this person may do ``what``."""
        return self.filter(provider__in=Organisation.objects.where(user, what))

    def handled_by(self, user: Any) -> "GoodPracticeCardQuerySet":
        """Those whose way this person goes along: whoever speaks for the provider, and who sees the report in its inspectorate."""
        mine = models.Q(provider__in=Organisation.objects.where(user, Can.APPROVE))
        if inside := [what for what in (Can.INSPECT, Can.REVIEW_QUALITY, Can.PUBLISH_REPORTS) if can(user, what)]:
            homes = models.Q()
            for what in inside:
                homes |= models.Q(statement__report__organisation__in=Organisation.objects.where(user, what))
            mine |= homes & models.Q(statement__report__in=Report.objects.visible_to(user).values("pk"))
        return self.filter(mine)

    def with_id(self, pk: uuid.UUID) -> "GoodPracticeCard | None":
        """The one, if it is among these."""
        return self.filter(pk=pk).first()

    def in_full(self) -> "GoodPracticeCardQuerySet":
        """With what pages say around it."""
        return self.select_related(
            "standard__chapter", "provider", "statement__report__inspection__service", "offered_by", "consented_by", "shown_by"
        )

    def said(self, words: str) -> "GoodPracticeCardQuerySet":
        """In which these words stand."""
        return self.filter(models.Q(title__icontains=words) | models.Q(text__icontains=words))

    def newest_of_each(self, standards: Any, most: int) -> "GoodPracticeCardQuerySet":
        """The newest ``most`` of each of these standards. One query, however many there are."""
        place = models.Window(RowNumber(), partition_by="standard", order_by=("-shown_at", "pk"))
        return self.filter(standard__in=standards).annotate(place=place).filter(place__lte=most).order_by("-shown_at")


class GoodPracticeCard(Stepped):
    """A passage marked as good practice, in the provider's own anonymous words, under a standard."""

    class Status(models.TextChoices):
        OFFERED = "offered", _("The provider is asked")
        DECLINED = "declined", _("The provider declined")
        AGREED = "agreed", _("Agreed, to be checked")
        SHOWN = "shown", _("Others can read it")
        WITHDRAWN = "withdrawn", _("Taken back")

    TONES: ClassVar[dict[str, str]] = {"agreed": "steady", "shown": "good", "declined": "care", "withdrawn": "care"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="card")
    standard = models.ForeignKey(Standard, models.PROTECT, related_name="good_practice_cards")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    status = models.CharField(max_length=40, choices=Status.choices, default=Status.OFFERED)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what others can learn"))
    names_provider = models.BooleanField(_("name us"), default=False)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(max_length=300, blank=True)  # why it was declined, returned or taken down
    consented_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    consented_at = models.DateTimeField(null=True, blank=True)
    consented_sha256 = models.CharField(max_length=64, blank=True, editable=False)  # over the words and the choice that were agreed to
    shown_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    shown_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = GoodPracticeCardQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        verbose_name = _("good-practice card")
        indexes: ClassVar = [models.Index(fields=["standard", "status"], name="reports_card_shown")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(status="shown") | models.Q(consented_at__isnull=False, shown_by__isnull=False),
                name="reports_card_shown_with_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(shown_by__isnull=True)
                | ~models.Q(shown_by=models.F("consented_by")) & ~models.Q(shown_by=models.F("offered_by")),
                name="reports_card_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def organisation_id(self) -> uuid.UUID:
        """Whose it is: the provider's."""
        found: uuid.UUID = self.provider_id
        return found

    @property
    def shared_by(self) -> str:
        """The provider's name, where it chose to be named."""
        return self.provider.name if self.names_provider else ""

    @step("offered", to=None, may=permissions.can_speak, label=_("Change the words"))
    def write(self, words: cards.Words, *, base: int, by: Any) -> None:
        """Keep what was written, without agreeing to anything yet."""
        cards.take(self, words, base)

    @step("offered", "declined", to="agreed", may=permissions.can_speak, label=_("Agree to share it"))
    def consent(self, words: cards.Words, *, base: int, by: Any) -> dict[str, Any]:
        """Exactly these words, named or not named. They are looked through anew, whatever was resolved before."""
        cards.take(self, words, base)
        self.consented_by, self.consented_at, self.consented_sha256 = by, timezone.now(), cards.digest(self)
        self.reason, self.withdrawn_at = "", None
        return {"sha256": self.consented_sha256, "hits": cards.look(self)}

    @step("offered", to="declined", may=permissions.can_speak, label=_("Do not share it"))
    def decline(self, reason: str, *, by: Any) -> None:
        """Nobody asks why. A reason is kept if one is given."""
        self.reason = reason.strip()

    @step("agreed", to="offered", may=permissions.can_check_card, label=_("Return it to the provider"))
    def give_back(self, reason: str, *, by: Any) -> None:
        """What would have to change. The agreement was to other words, so it counts no more."""
        cards.reason_given(reason)
        self.reason = reason.strip()
        self.consented_by = self.consented_at = None
        self.consented_sha256 = ""

    @step("agreed", to="shown", may=permissions.can_check_card, label=_("Show it to others"), is_grave=True)
    def show(self, typed: str, *, by: Any) -> dict[str, str]:
        """A second person looked at every hit. It is shown as it was agreed to, to the letter."""
        cards.refuse_if_unready(self, typed)
        self.shown_by, self.shown_at = by, timezone.now()
        return {"sha256": self.consented_sha256}

    @step("agreed", "shown", to="withdrawn", may=permissions.can_speak, label=_("Take the card back"))
    def withdraw(self, *, by: Any) -> None:
        """The provider's consent ends, and with it the card: at once."""
        self.withdrawn_at = timezone.now()

    @step("shown", to="withdrawn", may=permissions.can_check_card, label=_("Take it down"))
    def take_down(self, reason: str, *, by: Any) -> None:
        """The inspectorate saw something that may harm."""
        cards.reason_given(reason)
        self.reason, self.withdrawn_at = reason.strip(), timezone.now()


class CardHitQuerySet(models.QuerySet["CardHit"]):
    """Hits, by reader."""

    def of_handled(self, user: Any) -> "CardHitQuerySet":
        """Of cards whose way this person goes along."""
        return self.filter(card__in=GoodPracticeCard.objects.handled_by(user).values("pk"))


class CardHit(Hit):
    """A hit in the words of a card."""

    card = models.ForeignKey(GoodPracticeCard, models.PROTECT, related_name="hits")

    objects: ClassVar[Any] = CardHitQuerySet.as_manager()

    class Meta:
        ordering = ("place", "kind")
        verbose_name = _("hit in a good-practice card")
