"""Who may let whom in, and what joining and leaving an organisation mean. Accounts call ``join`` and ``name_of`` by name."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import CAPABILITIES, ROLES_OF, Can, Role, keep_in_step, roles_that
from portal.audit.trail import record
from providers.organisations.models import Membership, Organisation, forget_roles
from providers.organisations.permissions import can


def name_of(organisation: UUID) -> str:
    """Its name, or nothing for one that is not there."""
    return Organisation.objects.filter(pk=organisation).values_list("name", flat=True).first() or ""


def may_manage_people(user: Any, organisation: Organisation) -> bool:
    """Its own managers, and administrators everywhere."""
    return can(user, Can.MANAGE_PEOPLE, organisation) or can(user, Can.ADMINISTER)


def grantable(user: Any, organisation: Organisation) -> list[Role]:
    """The roles this person may give and take there: of its kind, and never one that may do what they may not themselves."""
    if organisation.status != Organisation.Status.ACTIVE or not may_manage_people(user, organisation):
        return []
    if can(user, Can.ADMINISTER):
        return list(ROLES_OF[organisation.kind])
    return [role for role in ROLES_OF[organisation.kind] if all(can(user, what, organisation) for what in CAPABILITIES[role])]


def join(user: Any, organisation: UUID, role: str, *, by: Any) -> Membership:
    """Give ``user`` this role. Raises ``PermissionDenied`` if ``by`` may not give it now: rights are asked for again on acceptance."""
    with transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation)
        if by is None or role not in grantable(by, row):
            raise PermissionDenied
        return admit(user, row, role, by=by)


def admit(user: Any, organisation: Organisation, role: str, *, by: Any) -> Membership:
    """As ``join``, asking nobody: for seeds. The same role twice is one membership."""
    membership, new = Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, ended_at=None, defaults={"started_by": by}
    )
    if new:
        _follow(user, role)
        record("organisations.membership.join", membership, by=by, codes={"role": role})
    return membership


def is_last_manager(membership: Membership) -> bool:
    """Whether without this membership nobody of the organisation could let anybody in."""
    managers = roles_that(Can.MANAGE_PEOPLE)
    current = Membership.objects.current().filter(organisation=membership.organisation, role__in=managers)
    return membership.role in managers and not current.exclude(user=membership.user_id).exists()


def leave(membership: Membership, *, by: Any) -> None:
    """End a role, at the person's next request. Raises ``PermissionDenied``, or ``ValidationError`` for the last manager."""
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
        row = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if row.role not in grantable(by, organisation):
            raise PermissionDenied
        if row.ended_at is not None:
            raise ValidationError(_("This role has been removed already."))
        if is_last_manager(row):
            raise ValidationError(_("This is the last person who can invite others here. Invite another one with the same role first."))
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        _follow(row.user, row.role)
        forget_roles(by)  # who gives up a role of their own may do less from here on
        record("organisations.membership.leave", row, by=by, codes={"role": row.role})


def _follow(user: Any, role: str) -> None:
    """The editors' groups follow the roles that are held now."""
    held: Iterable[str] = Membership.objects.current().filter(user=user).values_list("role", flat=True)
    keep_in_step(user, held, role)
