"""Work of the evidence room outside the request: files are scanned, left-overs swept, review dates called to mind."""

from datetime import date

from portal.audit.outbox import daily, job
from standards.evidence import reviewing, scanning, sweeping
from standards.evidence.models import EvidenceFile


@job("evidence.scan_file", lease=180, tries=20)
def scan_file(file: str) -> None:
    """Ask the scanner about one file. No answer raises, so that it is asked again later."""
    for row in EvidenceFile.objects.filter(pk=file):
        scanning.scan(row)


@daily("evidence.sweep", lease=1800)
def sweep(day: str) -> None:
    """Every morning: nothing is left of uploads that broke off."""
    sweeping.sweep()


@daily("evidence.remind_reviews")
def remind_reviews(day: str) -> None:
    """Every morning: whose evidence has to be looked at again."""
    reviewing.remind(date.fromisoformat(day))
