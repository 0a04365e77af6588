"""Who may do what with a service."""

from typing import TYPE_CHECKING, Any

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from providers.services.models import Service


def can_manage(by: Any, service: "Service") -> bool:
    """Change it, its contracts and what the public sees of it."""
    return can(by, Can.MANAGE_SERVICES, service.organisation_id)
