"""What the worker does for self-assessments: files that take a while."""

from uuid import UUID

from portal.audit.outbox import job
from standards.assessments.exports import applying, making


@job("assessments.export", lease=120, tries=3)
def export(export: str, assessment: str, by: str, kind: str, language: str) -> None:
    """Make the file that somebody asked for, with the rights they have now."""
    making.make(export, assessment, by, kind, language)


@job("assessments.remove_export")
def remove_export(export: str, kind: str) -> None:
    """A file was kept for a day."""
    making.remove(export, kind)


@job("assessments.remove_import")
def remove_import(file: str) -> None:
    """A workbook that came back was kept for an hour."""
    applying.path_of(UUID(file)).unlink(missing_ok=True)
