"""Exports that take a while are made by the worker, kept for a day, and handed only to who asked for them."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.audit import files
from portal.audit.models import Job
from portal.audit.outbox import enqueue
from portal.audit.trail import record
from standards.assessments.exports import data, paper, table, workbook
from standards.assessments.exports import document as word
from standards.assessments.exports.content import Document
from standards.assessments.exports.gathering import document_for
from standards.assessments.models import Assessment

Make = Callable[[Document, uuid.UUID], bytes]


@dataclass(frozen=True)
class Kind:
    """A format. ``is_slow``: made by the worker, not in the request."""

    ending: str
    media_type: str
    make: Make
    is_slow: bool = False


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS: dict[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "application/pdf", lambda document, _pk: paper.pdf(document), is_slow=True),
        Kind("docx", f"{OFFICE}.wordprocessingml.document", lambda document, _pk: word.word_document(document), is_slow=True),
        Kind("xlsx", f"{OFFICE}.spreadsheetml.sheet", workbook.workbook),
        Kind("csv", "text/csv; charset=utf-8", lambda document, _pk: table.table(document)),
        Kind("json", "application/json", lambda document, _pk: data.data(document)),
    )
}


def file_name(assessment: Assessment, kind: Kind) -> str:
    """What the file is called on the reader's machine: never a name that somebody typed."""
    return f"waymark-{assessment.period_end:%Y-%m-%d}-{str(assessment.pk)[:8]}.{kind.ending}"


def make_now(assessment: Assessment, kind: Kind, by: Any) -> bytes:
    """The file at once, for the formats that take no time. That it was taken away is on record."""
    content = kind.make(document_for(assessment, by), assessment.pk)
    record("assessments.assessment.export", assessment, by=by, codes={"format": kind.ending})
    return content


def order(assessment: Assessment, kind: Kind, by: Any) -> uuid.UUID:
    """Ask the worker for a file, in the language of now. Every order is its own, also of the same file by the same person."""
    export = uuid.uuid4()
    with transaction.atomic():
        enqueue(
            "assessments.export", key=f"export:{export}", export=str(export), assessment=str(assessment.pk), by=str(by.pk),
            kind=kind.ending, language=translation.get_language() or "en",
        )  # fmt: skip
        record("assessments.assessment.export", assessment, by=by, codes={"format": kind.ending})
    return export


def order_of(assessment: Assessment, export: uuid.UUID, by: Any) -> files.Order[Kind] | None:
    """One's own order of this assessment, or ``None``: nobody collects what somebody else asked for."""
    job = Job.objects.filter(key=f"export:{export}", task="assessments.export").first()
    if job is None or (job.arguments["by"], job.arguments["assessment"]) != (str(by.pk), str(assessment.pk)):
        return None
    kind = KINDS[job.arguments["kind"]]
    return files.order_from(job, export, kind, path_of(export, kind))


def path_of(export: uuid.UUID, kind: Kind) -> Path:
    """Where the file lies while it is kept."""
    return files.path_of(export, kind.ending)


def make(export: str, assessment: str, by: str, kind: str, language: str) -> None:
    """The worker's part: with the rights its orderer has now (PERM-16). Again, it does nothing."""
    chosen, pk = KINDS[kind], uuid.UUID(export)
    path = path_of(pk, chosen)
    orderer = User.objects.filter(pk=by, is_active=True).first()
    row: Assessment | None = Assessment.objects.visible_to(orderer).filter(pk=assessment).first() if orderer else None
    if row is None or path.exists():
        return
    _progress(pk, 10)
    with translation.override(language):
        document = document_for(row, orderer)
        _progress(pk, 30)
        content = chosen.make(document, row.pk)
    _progress(pk, 90)
    files.keep(path, content)
    enqueue("assessments.remove_export", key=f"export-over:{pk}", run_at=timezone.now() + files.KEPT, export=export, kind=kind)


def remove(export: str, kind: str) -> None:
    """A day has passed."""
    files.remove(path_of(uuid.UUID(export), KINDS[kind]))


def _progress(export: uuid.UUID, percent: int) -> None:
    files.tell_progress(f"export:{export}", percent)
