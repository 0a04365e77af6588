"""Who may do what with evidence."""

from typing import TYPE_CHECKING, Any

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from standards.evidence.models import Evidence


def can_change(by: Any, evidence: "Evidence") -> bool:
    """Edit it, bring another version, put it aside and take it back: whoever assesses for the organisation."""
    return can(by, Can.ASSESS, evidence.organisation_id)
