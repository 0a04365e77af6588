"""Work for reports outside the request: mail to recipients, clocks, scans, files, keys that are destroyed on their day."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError

from portal.audit.outbox import daily, enqueue, job
from portal.steps import WrongState
from standards.reports import filing, keys
from standards.reports.exports import making
from standards.reports.models import Report

A_MOMENT = timedelta(seconds=1)


@job("reports.tell_recipient", tries=40)
def tell_recipient(recipient: str) -> None:
    """Mail one recipient of a draft, until the relay takes it."""
    filing.tell(recipient)


@job("reports.close_comments")
def close_comments(report: str, due: str) -> None:
    """The last instant of the check of facts has passed. More time may have been given: then a later job does it."""
    for row in Report.objects.filter(pk=report):
        if row.comments_due_at is not None:
            close_if_over(row)


def close_if_over(row: Report) -> bool:
    """Close the check of facts of a report whose time is over. Whether it was this call that did."""
    try:
        row.close_comments(by=None)
    except (ValidationError, WrongState):
        return False
    return True


@daily("reports.look_at_clocks")
def look_at_clocks(day: str) -> None:
    """Every morning: closes what a lost job left open, starts clocks whose proof is there."""
    for row in Report.objects.filter(status=Report.Status.COMMENTS_OPEN):
        close_if_over(row)
    for row in Report.objects.filter(status=Report.Status.DRAFT_ISSUED):
        filing.start_clock(row)


@daily("reports.destroy_keys")
def destroy_keys(day: str) -> None:
    """Every morning: keys to persons whose day has come."""
    keys.destroy_due(date.fromisoformat(day))


@job("reports.scan_reply_file", lease=180, tries=20)
def scan_reply_file(file: str) -> None:
    """Ask the scanner about a file of a reply."""
    filing.scan(file)


@job("reports.export", lease=180, tries=3)
def export(export: str, rendition: str, by: str, kind: str) -> None:
    """Make the file that somebody asked for, with the rights they have now."""
    making.make(export, rendition, by, kind)


@job("reports.remove_export")
def remove_export(export: str, kind: str) -> None:
    """A file was kept for a day."""
    making.remove(export, kind)


def plan_close(report: Report) -> None:
    """Close the check of facts a moment after its last instant. Another last instant is another job."""
    due = report.comments_due_at
    if due is not None:
        key = f"report:{report.pk}:close:{int(due.timestamp())}"
        enqueue("reports.close_comments", key=key, run_at=due + A_MOMENT, report=str(report.pk), due=due.isoformat())
