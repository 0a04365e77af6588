"""Files are made by the worker, kept for a day, and handed only to who asked for them (C40, PERM-16)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from portal import hashing
from portal.accounts.models import User
from portal.audit import files
from portal.audit.models import Job
from portal.audit.outbox import enqueue
from portal.audit.trail import record
from standards.reports import permissions
from standards.reports.exports import paper, pictures
from standards.reports.exports.content import Document, document
from standards.reports.exports.document import word_document
from standards.reports.models import Rendition, Report

TASK = "reports.export"


@dataclass(frozen=True)
class Kind:
    """A format."""

    ending: str
    media_type: str
    make: Callable[[Document], bytes]


KINDS: dict[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "application/pdf", paper.pdf),
        Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", word_document),
        Kind("html", "text/html; charset=utf-8", lambda made: paper.html(made).encode()),
    )
}


def readable_by(user: Any, pk: Any) -> Rendition | None:
    """The rendition, for those to whom it was issued and those who prepare it. Nobody else."""
    found: Rendition | None = Rendition.objects.issued_to(user).in_full().filter(pk=pk).first()
    if found is None:
        row = (
            Rendition.objects.filter(version__report__in=Report.objects.visible_to(user), withdrawn_at__isnull=True)
            .in_full()
            .filter(pk=pk)
            .first()
        )
        found = row if row is not None and permissions.can_prepare(user, row.version.report) else None
    return found if found is not None and hashing.is_intact(found) else None


def file_name(rendition: Rendition, kind: Kind) -> str:
    """What the file is called on the reader's machine: never a name that somebody typed."""
    return f"waymark-report-{rendition.code}.{kind.ending}"


def order(rendition: Rendition, kind: Kind, by: Any) -> uuid.UUID:
    """Ask the worker for a file. Every order is its own."""
    export = uuid.uuid4()
    with transaction.atomic():
        enqueue(TASK, key=f"report-export:{export}", export=str(export), rendition=str(rendition.pk), by=str(by.pk), kind=kind.ending)
        record(
            "reports.rendition.export",
            rendition,
            by=by,
            codes={"format": kind.ending},
            organisation=rendition.version.report.organisation_id,
        )
    return export


def order_of(rendition: Rendition, export: uuid.UUID, by: Any) -> files.Order[Kind] | None:
    """One's own order of this rendition, or ``None``."""
    job = Job.objects.filter(key=f"report-export:{export}", task=TASK).first()
    if job is None or (job.arguments["by"], job.arguments["rendition"]) != (str(by.pk), str(rendition.pk)):
        return None
    kind = KINDS[job.arguments["kind"]]
    return files.order_from(job, export, kind, path_of(export, kind))


def path_of(export: uuid.UUID, kind: Kind) -> Path:
    """Where the file lies while it is kept."""
    return files.path_of(export, kind.ending)


def make(export: str, rendition: str, by: str, kind: str) -> None:
    """The worker's part: with the rights its orderer has now (PERM-16). Again, it does nothing."""
    chosen, pk = KINDS[kind], uuid.UUID(export)
    path = path_of(pk, chosen)
    orderer = User.objects.filter(pk=by, is_active=True).first()
    row = readable_by(orderer, rendition) if orderer else None
    if row is None or path.exists():
        return
    _progress(pk, 10)
    with translation.override(row.language):
        made = document(row)
        made = pictures.loaded(made, lambda share: _progress(pk, 10 + int(50 * share)))
        _progress(pk, 60)
        content = chosen.make(made)
    _progress(pk, 90)
    files.keep(path, content)
    enqueue("reports.remove_export", key=f"report-export-over:{pk}", run_at=timezone.now() + files.KEPT, export=export, kind=kind)


def remove(export: str, kind: str) -> None:
    """A day has passed."""
    files.remove(path_of(uuid.UUID(export), KINDS[kind]))


def _progress(export: uuid.UUID, percent: int) -> None:
    files.tell_progress(f"report-export:{export}", percent)
