"""Who may do what with an action."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from standards.actions.models import Action


def can_plan(by: Any, organisation_id: UUID) -> bool:
    """Plan an action for this organisation, or say why there is none: whoever assesses for it."""
    return can(by, Can.ASSESS, organisation_id)


def can_work_on(by: Any, action: "Action") -> bool:
    """Begin, change, complete or cancel it: whoever assesses for the organisation."""
    return can(by, Can.ASSESS, action.organisation_id)


def can_verify(by: Any, action: "Action") -> bool:
    """Say that it is really done: somebody who assesses, and never the one who said it first."""
    return can(by, Can.ASSESS, action.organisation_id) and by.pk != action.done_by_id


def can_send_back(by: Any, action: "Action") -> bool:
    """Say that it is not done after all."""
    return can(by, Can.ASSESS, action.organisation_id)
