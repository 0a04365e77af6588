"""Who may do what with a report: separate people draft, review, decide about comments and issue."""

from typing import TYPE_CHECKING, Any

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from standards.reports.models import Report


def can_draft(by: Any, report: "Report") -> bool:
    """Write it: the cleared team of its inspection."""
    return can(by, Can.INSPECT, report.organisation_id) and report.inspection.is_open_to(by)


def can_lead(by: Any, report: "Report") -> bool:
    """Move it on: the lead of its inspection, cleared."""
    return can(by, Can.LEAD_INSPECTION, report.organisation_id) and report.inspection.is_open_to_lead(by)


def can_review(by: Any, report: "Report") -> bool:
    """Approve the draft and decide about comments: a quality reviewer who was never on the team and is not barred."""
    return can(by, Can.REVIEW_QUALITY, report.organisation_id) and not report.inspection.was_on_team(by)


def can_answer(by: Any, report: "Report") -> bool:
    """Check its facts and answer for the provider: whoever approves there."""
    return can(by, Can.APPROVE, report.inspection.provider_id)


def can_publish(by: Any, report: "Report") -> bool:
    """Decide who gets it: a publisher who was never on the team and did not review it."""
    return can(by, Can.PUBLISH_REPORTS, report.organisation_id) and not report.inspection.was_on_team(by) and report.reviewed_by_id != by.pk


def is_clock(by: Any, report: "Report") -> bool:
    """The system itself, when a deadline has passed."""
    return by is None
