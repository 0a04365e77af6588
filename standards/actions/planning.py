"""What an action starts from: its source, the priority and dates it suggests, and who can have it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.roles import Can, Role, roles_that
from portal.audit.trail import record
from providers.organisations.models import Membership
from providers.services.models import Service
from standards.actions import permissions
from standards.actions.models import Action, NoActionReason, Outdated
from standards.catalogue.models import Indicator

DUE_AFTER = {Action.Priority.CRITICAL: 14, Action.Priority.HIGH: 42, Action.Priority.NORMAL: 90}  # days; a proposal, people choose
RESPONSIBLE = tuple((role.value, role.label) for role in Role if role in roles_that(Can.ASSESS))


@dataclass(frozen=True)
class Proposal:
    """Where an action comes from. The room above has looked at its source and says here what it is."""

    service: Service
    source: str
    source_id: uuid.UUID | None = None
    indicator: Indicator | None = None
    priority: str = Action.Priority.NORMAL

    @property
    def organisation_id(self) -> uuid.UUID:
        """Whose action it will be."""
        return self.service.organisation_id


def due_on(priority: str, day: date) -> date:
    """When an action of this priority should be done that begins on ``day``."""
    return day + timedelta(days=DUE_AFTER[Action.Priority(priority)])


def people_who_assess(organisations: Iterable[uuid.UUID]) -> models.QuerySet[User]:
    """Current members who may have an action (C32): nobody who has left, nobody who only reads."""
    return people_who(organisations, Can.ASSESS)


def people_who(organisations: Iterable[uuid.UUID], can: Can) -> models.QuerySet[User]:
    """Current members of these organisations who may do ``can``."""
    members = Membership.objects.current().filter(organisation__in=list(organisations), role__in=roles_that(can))
    return User.objects.filter(pk__in=members.values("user")).order_by("first_name", "last_name", "email")


def plan(proposal: Proposal, values: dict[str, Any], *, key: uuid.UUID, by: Any) -> Action:
    """Write a new action. The same ``key`` sent twice is one action. Raises ``PermissionDenied`` or ``ValidationError``."""
    if not permissions.can_plan(by, proposal.organisation_id):
        raise PermissionDenied
    action = Action(
        pk=key, organisation_id=proposal.organisation_id, service=proposal.service, indicator=proposal.indicator,
        source=proposal.source, source_id=proposal.source_id, created_by=by, **values,
    )  # fmt: skip
    action.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            action.save(force_insert=True)
            record("actions.action.plan", action, by=by, after=action.status, codes={"due": action.due_on.isoformat()})
    except IntegrityError:
        return _sent_before(proposal, key, by)
    return action


def _sent_before(proposal: Proposal, key: uuid.UUID, by: Any) -> Action:
    """The action that the first sending of a form made."""
    mine = Action.objects.filter(pk=key, created_by=by, organisation_id=proposal.organisation_id).first()
    if mine is None:
        raise ValidationError(_("This form cannot be sent again. Open it afresh."))
    return mine


def give_reason(service: Service, source: str, source_id: uuid.UUID, reason: str, *, base: int, by: Any) -> NoActionReason:
    """Say why nothing will be done about a gap, or change what was said. ``base``: the version seen, 0 for none yet.

    Raises ``PermissionDenied``, ``ValidationError``, and ``Outdated`` when somebody else has written meanwhile.
    """
    if not permissions.can_plan(by, service.organisation_id):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": _("Say why nothing will be done, or plan an action.")})
    with transaction.atomic():
        row, is_new = NoActionReason.objects.select_for_update().get_or_create(
            source=source, source_id=source_id, defaults={"organisation_id": service.organisation_id, "reason": reason, "given_by": by}
        )
        if not is_new:
            if row.version != base and row.reason != reason:
                raise Outdated(row)
            row.reason, row.given_by, row.version = reason, by, row.version + 1
            row.save()
        record("actions.noactionreason.give", row, by=by, codes={"source": source, "of": source_id})
    return row
