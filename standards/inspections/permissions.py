"""Who may do what with an inspection. Being in the inspectorate is not enough: one is on its team, has declared, and is cleared."""

from typing import TYPE_CHECKING, Any

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from standards.inspections.models import Inspection, TeamMember


def can_plan(by: Any, inspection: "Inspection") -> bool:
    """Plan it, choose its team and scope, call it off: whoever may lead inspections there and has no conflict declared."""
    return can(by, Can.LEAD_INSPECTION, inspection.organisation_id) and not inspection.is_barred(by)


def can_lead(by: Any, inspection: "Inspection") -> bool:
    """Move it on: its own lead, cleared."""
    return can(by, Can.LEAD_INSPECTION, inspection.organisation_id) and inspection.is_open_to_lead(by)


def can_change(by: Any, inspection: "Inspection") -> bool:
    """Change plan and scope: who plans it, or leads it."""
    return can_plan(by, inspection) or can_lead(by, inspection)


def can_record(by: Any, inspection: "Inspection") -> bool:
    """Write down activities, findings and judgements: its cleared team, while there is something to write."""
    return can(by, Can.INSPECT, inspection.organisation_id) and inspection.is_writable and inspection.is_open_to(by)


def can_review(by: Any, inspection: "Inspection") -> bool:
    """Comment on and approve its judgements: a quality reviewer who was not on the visit and is not barred."""
    return can(by, Can.REVIEW_QUALITY, inspection.organisation_id) and not inspection.was_on_team(by) and not inspection.is_barred(by)


def can_declare(by: Any, member: "TeamMember") -> bool:
    """Say whether there is a conflict of interest: for oneself only."""
    return by is not None and by.pk == member.user_id


def can_clear(by: Any, member: "TeamMember") -> bool:
    """Decide about a declared conflict: somebody who leads inspections there, never about oneself."""
    return by is not None and by.pk != member.user_id and can(by, Can.LEAD_INSPECTION, member.inspection.organisation_id)
