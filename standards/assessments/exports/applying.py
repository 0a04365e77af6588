"""Brings a workbook's answers in: all of them through the one act of saving, or none."""

import os
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from portal.audit.outbox import enqueue
from portal.audit.trail import record
from standards.assessments.exports.bringing import Change, Reading, read
from standards.assessments.models import Assessment
from standards.assessments.saving import save

KEPT = timedelta(hours=1)  # between looking at what would change and saying yes
SALT = "assessments.bring"


@dataclass(frozen=True)
class Applied:
    """What was done: the changes that were taken, and those that met a newer text and stand beside it."""

    taken: tuple[Change, ...]
    met: tuple[Change, ...]


def keep(assessment: Assessment, file: BinaryIO, reading: Reading, by: Any) -> str:
    """Keep the file until its bringer has looked. Returns the token that says whose it is and which versions were seen."""
    name = uuid.uuid4()
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.seek(0)
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as kept:
        kept.write(file.read())
    enqueue("assessments.remove_import", key=f"import-over:{name}", run_at=timezone.now() + KEPT, file=str(name))
    seen = {change.answer.indicator.code: change.answer.version for change in reading.changes}
    return signing.dumps({"file": str(name), "by": str(by.pk), "assessment": str(assessment.pk), "seen": seen}, salt=SALT)


def path_of(name: uuid.UUID) -> Path:
    """Where a workbook lies between the two steps."""
    folder: Path = settings.VAR_DIR / "exports"
    return folder / f"import-{name}.xlsx"


def kept(assessment: Assessment, token: str, by: Any) -> tuple[uuid.UUID, Mapping[str, int]] | None:
    """The file of a token and the versions seen, if it is this person's, for this assessment, and not too old."""
    try:
        said = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    name = uuid.UUID(said["file"])
    is_theirs = (said["by"], said["assessment"]) == (str(by.pk), str(assessment.pk))
    return (name, said["seen"]) if is_theirs and path_of(name).exists() else None


def bring(assessment: Assessment, name: uuid.UUID, seen: Mapping[str, int], mine: Collection[str], by: Any) -> Applied:
    """Save every change, or none: whatever raises leaves everything as it was. Again, it does nothing.

    ``mine``: codes of answers where the bringer has read the other text and puts theirs in its place. Raises what ``save`` raises.
    """
    with path_of(name).open("rb") as file:
        reading = read(assessment, file, path_of(name).name)
    if reading.problems:
        raise signing.BadSignature  # it had none when it was looked at, and files of ours do not change
    taken: list[Change] = []
    met: list[Change] = []
    with transaction.atomic():
        for change in reading.changes:
            code = change.answer.indicator.code
            base = seen.get(code, change.base) if code in mine or not change.is_conflict else change.base
            outcome = save(change.answer.pk, change.after, base=base, key=uuid.uuid5(name, code), by=by)
            (taken if outcome.is_taken else met).append(change)
        record("assessments.assessment.bring", assessment, by=by, codes={"taken": len(taken), "met": len(met)})
    return Applied(tuple(taken), tuple(met))
