"""Services of an organisation. There is no field for an address, on purpose: a safehouse that is not stored cannot leak."""

import re
import uuid
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.services import disclosure, permissions
from providers.services.places import Kind, Nation, Region

NAMES_DIFFER = "services_service_name_any_case"  # the constraint: within an organisation
FINDINGS = {
    "postcode": _("a postcode"),
    "street": _("a street or a house number"),
    "place": _("a place on a map"),
    "phone": _("a telephone number"),
    "email": _("an e-mail address"),
    "url": _("a web address"),
}


def gives_nothing_away(text: str) -> None:
    """Refuses, in words, what could lead somebody to a door or hides what it says. Raises ``ValidationError``."""
    if disclosure.has_hidden(text):
        raise ValidationError(_("There are invisible signs in it. Type it anew instead of pasting it."), code="hidden")
    if found := disclosure.problems(text):
        words = _(
            "This seems to hold {what}. A place that becomes known puts people in danger, so it is never written here. Please take it out."
        )
        raise ValidationError(format_lazy(words, what=FINDINGS[found[0]]), code=found[0])


class ServiceQuerySet(models.QuerySet["Service"]):
    """Services, by reader."""

    def visible_to(self, user: Any) -> "ServiceQuerySet":
        """Those of organisations whose work this person may read."""
        return self.filter(organisation__in=Organisation.objects.where(user, Can.READ))

    def where(self, user: Any, can: Can) -> "ServiceQuerySet":
        """Those for which this person may do ``can``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def in_full(self) -> "ServiceQuerySet":
        """With what pages show beside the service."""
        return self.select_related("organisation").prefetch_related("contracts__commissioner")

    def open_everywhere(self) -> "ServiceQuerySet":
        """Open ones of all active providers, for whoever plans visits: a name, a kind, a nation. There is no address to see."""
        found = self.filter(status=Service.Status.OPEN, organisation__status=Organisation.Status.ACTIVE)
        return found.select_related("organisation").order_by("organisation__name", "name")

    def public(self) -> "ServiceQuerySet":
        """What everybody may read: made public by its manager, open, of an active organisation."""
        return self.filter(is_public=True, status=Service.Status.OPEN, organisation__status=Organisation.Status.ACTIVE)


class Service(Stepped):
    """One service. ``public_alias`` is all that anybody outside ever sees of a safehouse's name."""

    Kind = Kind

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    name = models.CharField(
        _("name"),
        max_length=100,
        validators=[gives_nothing_away],
        help_text=_("A name your staff use. Never an address, a street or a landmark."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    nation = models.CharField(_("nation"), max_length=20, choices=Nation.choices)
    region = models.CharField(_("region"), max_length=20, choices=Region.choices)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.OPEN)
    public_alias = models.CharField(_("name for the public"), max_length=100, blank=True, validators=[gives_nothing_away])
    public_summary = models.CharField(_("what the public reads"), max_length=300, blank=True, validators=[gives_nothing_away])
    shows_region = models.BooleanField(_("show the region too"), default=False)  # otherwise the public reads the nation only
    is_public = models.BooleanField(_("listed in public"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("service")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name=NAMES_DIFFER,
                violation_error_message=_("Your organisation has a service of this name already."),
            ),
            models.CheckConstraint(condition=~models.Q(is_public=True, public_alias=""), name="services_public_needs_alias"),
        ]

    def __str__(self) -> str:
        return self.name

    TONES: ClassVar[dict[str, str]] = {"open": "good", "paused": "care", "closed": "plain"}

    @property
    def is_listed(self) -> bool:
        """Whether everybody can read of it now."""
        return self.is_public and self.status == self.Status.OPEN

    @property
    def public_organisation(self) -> str:
        """Whose service it is, as far as everybody may know: for a safehouse nothing (docs/decisions/0015)."""
        return "" if self.kind == self.Kind.SAFEHOUSE else self.organisation.name

    def names_itself(self, text: str) -> bool:
        """Whether ``text`` holds what the public must not read of a safehouse: its own name, or whose it is."""
        words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
        names = (" ".join(re.findall(r"[^\W_]+", name.casefold())) for name in (self.name, self.organisation.name))
        return self.kind == self.Kind.SAFEHOUSE and any(name and f" {name} " in f" {words} " for name in names)

    @property
    def public_place(self) -> str:
        """The nation, and the region where the manager chose so and it says more than the nation."""
        nation = Nation(self.nation).label
        is_wanted = self.shows_region and self.nation == Nation.ENGLAND
        return f"{nation}, {Region(self.region).label}" if is_wanted else str(nation)

    @step(
        "open", to="paused", may=permissions.can_manage, label=_("Pause"),
        explain=_("It takes in nobody for a while. It leaves the public list until it is opened again. Its assessments stay."),
    )  # fmt: skip
    def pause(self, *, by: Any) -> None:
        """It takes in nobody for a while."""

    @step(
        "open", "paused", to="closed", may=permissions.can_manage, label=_("Close"),
        explain=_("It has ended. It leaves the public list, and comes back only if somebody lists it anew. Its assessments stay."),
    )  # fmt: skip
    def close(self, *, by: Any) -> None:
        """It has ended. A service that is opened again is listed again only by a new choice."""
        self.is_public = False

    @step("paused", "closed", to="open", may=permissions.can_manage, label=_("Open again"), explain=_("It takes people in again."))
    def reopen(self, *, by: Any) -> None:
        """It takes people in again."""


class Outdated(Exception):  # noqa: N818 - it is no error of the program: somebody else was quicker
    """The record was changed since this writer read it. ``row`` is how it stands now; nothing was written."""

    def __init__(self, row: models.Model) -> None:
        self.row = row
        super().__init__("changed since it was read")


class ContractQuerySet(models.QuerySet["Contract"]):
    """Contracts, by date and reader."""

    def on(self, day: date) -> "ContractQuerySet":
        """In force on ``day``."""
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day))

    def overlapping(self, start: date, end: date | None) -> "ContractQuerySet":
        """In force on at least one day from ``start`` to ``end`` (open without one)."""
        begun = self.filter(starts_on__lte=end) if end else self
        return begun.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=start))

    def visible_to(self, user: Any) -> "ContractQuerySet":
        """As the service."""
        return self.filter(service__in=Service.objects.visible_to(user))


class Contract(models.Model):
    """Under which contract a service works, from when to when: contracts end and services go on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="contracts")
    name = models.CharField(_("contract"), max_length=150, validators=[gives_nothing_away])
    commissioner = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="contracts")
    role = models.CharField(
        _("role"), max_length=20, choices=[("prime", _("Prime contractor")), ("subcontractor", _("Subcontractor")), ("grant", _("Grant"))]
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = ContractQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        verbose_name = _("contract")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")), name="services_contract_dates"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> uuid.UUID:
        """Of the service: whose work an event about it is."""
        return self.service.organisation_id
