"""Who may do what with a self-assessment."""

from typing import TYPE_CHECKING, Any

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from standards.assessments.models import Assessment


def can_write(by: Any, assessment: "Assessment") -> bool:
    """Work on this organisation's assessments at all, whatever their state."""
    return can(by, Can.ASSESS, assessment.organisation_id)


def can_answer(by: Any, assessment: "Assessment") -> bool:
    """Answer, comment, bring evidence: while it is a draft."""
    return assessment.status == "draft" and can(by, Can.ASSESS, assessment.organisation_id)


def can_submit(by: Any, assessment: "Assessment") -> bool:
    """Send it for review."""
    return can(by, Can.ASSESS, assessment.organisation_id)


def can_approve(by: Any, assessment: "Assessment") -> bool:
    """Approve it: somebody with that right who is not its only author."""
    return can(by, Can.APPROVE, assessment.organisation_id) and not assessment.is_only_author(by)


def can_return(by: Any, assessment: "Assessment") -> bool:
    """Send it back to its authors with a comment."""
    return can(by, Can.APPROVE, assessment.organisation_id)


def can_decide(by: Any, assessment: "Assessment") -> bool:
    """Share it, keep it private, reopen or archive it."""
    return can(by, Can.APPROVE, assessment.organisation_id)


def can_remark(by: Any, assessment: "Assessment") -> bool:
    """Write, settle and reopen remarks: whoever works on it, until it is put away."""
    return assessment.status != "archived" and can(by, Can.ASSESS, assessment.organisation_id)


def can_begin_again(by: Any, assessment: "Assessment") -> bool:
    """Start a new assessment from this one."""
    return can(by, Can.ASSESS, assessment.organisation_id)
