"""Who may do what for an organisation: one question, asked everywhere."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from portal.accounts.roles import CAPABILITIES, Can
from providers.organisations.models import roles_of

if TYPE_CHECKING:
    from providers.organisations.models import Organisation


def can(user: Any, what: Can, organisation: "Organisation | UUID | None" = None) -> bool:
    """Whether ``user`` may do ``what`` for this organisation; without one: for any organisation at all. ``None`` may nothing."""
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    wanted = getattr(organisation, "pk", organisation)
    return any(
        what in CAPABILITIES[membership.role] and (wanted is None or membership.organisation_id == wanted) for membership in roles_of(user)
    )


def administers(user: Any) -> bool:
    """Whether this person looks after the whole portal: people, settings and the work in the background, never casework."""
    return can(user, Can.ADMINISTER)
