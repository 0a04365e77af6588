"""Who may do what with a report: separate people draft, review, decide about comments and issue."""

from typing import TYPE_CHECKING, Any

from portal.accounts.roles import Can
from providers.organisations.permissions import can

if TYPE_CHECKING:
    from collections.abc import Callable

    from standards.reports.models import GoodPracticeCard, NationalSummary, Report

CARD_READERS = (Can.READ, Can.READ_SHARED, Can.INSPECT, Can.REVIEW_QUALITY, Can.PUBLISH_REPORTS, Can.READ_AGGREGATES)


def _asked(by: Any, report: "Report", question: str, ask: "Callable[[Any], bool]") -> bool:
    """The answer about the inspection's team, asked once for a loaded report. A step loads its row afresh, so it asks afresh."""
    if by is None:
        return False
    known: dict[tuple[Any, str], bool] = report.__dict__.setdefault("_asked", {})
    key = (by.pk, question)
    if key not in known:
        known[key] = ask(by)
    return known[key]


def _is_open(by: Any, report: "Report") -> bool:
    return _asked(by, report, "open", report.inspection.is_open_to)


def _leads(by: Any, report: "Report") -> bool:
    def ask(person: Any) -> bool:
        return bool(report.inspection.team.filter(user=person, is_lead=True, ended_at__isnull=True).exists())

    return _is_open(by, report) and _asked(by, report, "lead", ask)


def _was_on_team(by: Any, report: "Report") -> bool:
    return _asked(by, report, "team", report.inspection.was_on_team)


def can_draft(by: Any, report: "Report") -> bool:
    """Write it: the cleared team of its inspection."""
    return can(by, Can.INSPECT, report.organisation_id) and _is_open(by, report)


def can_lead(by: Any, report: "Report") -> bool:
    """Move it on: the lead of its inspection, cleared."""
    return can(by, Can.LEAD_INSPECTION, report.organisation_id) and _leads(by, report)


def can_review(by: Any, report: "Report") -> bool:
    """Approve the draft and decide about comments: a quality reviewer who was never on the team and is not barred."""
    return can(by, Can.REVIEW_QUALITY, report.organisation_id) and not _was_on_team(by, report)


def can_answer(by: Any, report: "Report") -> bool:
    """Check its facts and answer for the provider: whoever approves there."""
    return can(by, Can.APPROVE, report.inspection.provider_id)


def can_publish(by: Any, report: "Report") -> bool:
    """Decide who gets it: a publisher who was never on the team and did not review it."""
    if not can(by, Can.PUBLISH_REPORTS, report.organisation_id) or by.pk in (report.reviewed_by_id, report.decided_by_id):
        return False
    return not _was_on_team(by, report)


def is_clock(by: Any, report: "Report") -> bool:
    """The system itself, when a deadline has passed."""
    return by is None


def can_prepare(by: Any, report: "Report") -> bool:
    """Prepare a summary for a wider audience: who wrote the report, or a publisher. Somebody else approves it."""
    return can_draft(by, report) or can_publish(by, report)


def reads_inside(by: Any, report: "Report") -> bool:
    """Read the live text, the remarks and the checks: the team and its reviewers. The provider reads frozen copies."""
    return can_draft(by, report) or can_review(by, report)


def reads_for_provider(by: Any, report: "Report") -> bool:
    """Read what was sent to the provider: before the final text only who approves there, afterwards everybody who reads there."""
    return can(by, Can.READ if report.is_final else Can.APPROVE, report.inspection.provider_id)


def reads_cards(by: Any) -> bool:
    """Read good practice of others: whoever works with the Standards in any organisation."""
    return any(can(by, what) for what in CARD_READERS)


def can_speak(by: Any, card: "GoodPracticeCard") -> bool:
    """Write, agree, decline and take back a card: whoever approves for its provider, at any time."""
    return can(by, Can.APPROVE, card.provider_id)


def can_check_card(by: Any, card: "GoodPracticeCard") -> bool:
    """Check the words of a card: a publisher who neither proposed it nor agreed to it, nor had a part in its report."""
    return by is not None and by.pk not in (card.offered_by_id, card.consented_by_id) and can_publish(by, card.statement.report)


def publishes(by: Any, summary: "NationalSummary | None" = None) -> bool:
    """Make, discard and take down summaries of a year: whoever publishes reports for an inspectorate."""
    return can(by, Can.PUBLISH_REPORTS)


def can_release(by: Any, summary: "NationalSummary") -> bool:
    """Release it: a publisher who did not make it."""
    return publishes(by) and by.pk != summary.made_by_id
