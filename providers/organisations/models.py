"""Organisations and who is what in them."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can, Kind, Role, roles_that

if TYPE_CHECKING:
    from portal.accounts.models import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations, by reader."""

    def where(self, user: Any, can: Can) -> "OrganisationQuerySet":
        """Those for which this person may do ``can`` now."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        members = Membership.objects.current().filter(user=user, role__in=roles_that(can))
        return self.filter(status=Organisation.Status.ACTIVE, pk__in=members.values("organisation"))

    def with_people_managed_by(self, user: Any) -> "OrganisationQuerySet":
        """Those whose people this person looks after: their own, or all for an administrator."""
        return self.all() if self.where(user, Can.ADMINISTER).exists() else self.where(user, Can.MANAGE_PEOPLE)

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Those of which this person is a member; an administrator sees all, by name and people only."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        mine = Membership.objects.current().filter(user=user)
        if mine.filter(role__in=roles_that(Can.ADMINISTER)).exists():
            return self.all()
        return self.filter(pk__in=mine.values("organisation"))


class Organisation(models.Model):
    """A provider, an inspectorate, a commissioner or the office of Waymark itself."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=150, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.ACTIVE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_id(self) -> uuid.UUID:
        """Its own: whose work an event about it is."""
        return self.pk


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, now and then."""

    def current(self) -> "MembershipQuerySet":
        """Not ended, of people who may sign in."""
        return self.filter(ended_at__isnull=True, user__is_active=True)

    def list_of(self, organisation: Organisation) -> "MembershipQuerySet":
        """The roles held there now, with their people, by name."""
        found = self.current().filter(organisation=organisation).select_related("user", "organisation")
        return found.order_by("user__last_name", "user__first_name", "user__email", "role")

    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """People are seen by those who share an organisation with them, and by administrators."""
        return self.filter(organisation__in=Organisation.objects.visible_to(user))


class Membership(models.Model):
    """A person's role in an organisation, from when to when. A removed role is ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=models.Q(ended_at__isnull=True), name="organisations_membership_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation}"


def roles_of(user: "User") -> list[Membership]:
    """This person's current memberships, read once per request (``request.user`` is loaded afresh for each)."""
    found: list[Membership] | None = getattr(user, "_memberships", None)
    if found is None:
        found = list(Membership.objects.current().filter(user=user, organisation__status="active").select_related("organisation"))
        user._memberships = found  # type: ignore[attr-defined]
    return found


def forget_roles(user: "User") -> None:
    """Read them again at the next question: they were changed within this request."""
    if hasattr(user, "_memberships"):
        del user._memberships
