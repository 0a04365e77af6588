"""Takes away what a killed process left: files without a row, uploads half received. And says which rows lost their file.

A row is never deleted for a missing file: a disk that is not mounted would empty the library. It says so, and is well again
when the file is back.
"""

import logging
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from portal.audit.outbox import enqueue
from standards.evidence import store
from standards.evidence.models import EvidenceFile
from standards.evidence.scanning import Scan, settle

logger = logging.getLogger("waymark.evidence")
HOUR = 60 * 60  # seconds: no upload takes longer


def sweep(seconds: float = HOUR) -> dict[str, int]:
    """Look at everything older than ``seconds``. Returns how many files were taken away, uploads, rows that lost theirs, and to scan."""
    done = {"orphans": _take_away_orphans(seconds), "uploads": _take_away_uploads(seconds), "lost": _note_lost(), "to_scan": _ring_scans()}
    if done["lost"]:
        logger.error("evidence: %d files are not where they should be", done["lost"])
    return done


def _take_away_orphans(seconds: float) -> int:
    count = 0
    for paths in _in_hundreds(store.older_than(seconds)):
        known = set(
            EvidenceFile.objects.filter(stored_name__in=[name for _path, name in paths if name]).values_list("stored_name", flat=True)
        )
        known |= _kept_elsewhere({name for _path, name in paths if name} - known)
        for path, name in paths:
            if name is None or name not in known:
                path.unlink(missing_ok=True)
                count += 1
    return count


def _kept_elsewhere(names: set[UUID]) -> set[UUID]:
    """Those that rooms above keep in the same store, asked by the names in the settings."""
    return {name for owner in settings.STORED_FILE_OWNERS for name in import_string(owner)(names)} if names else set()


def _in_hundreds(found: Iterator[tuple[Path, UUID | None]]) -> Iterator[list[tuple[Path, UUID | None]]]:
    waiting: list[tuple[Path, UUID | None]] = []
    for entry in found:
        waiting.append(entry)
        if len(waiting) == 100:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _take_away_uploads(seconds: float) -> int:
    count, before = 0, time.time() - seconds
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        if path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _note_lost() -> int:
    """Rows whose file is gone; and rows that said so and have it again."""
    lost = 0
    for file in EvidenceFile.objects.select_related("evidence").iterator(500):
        is_there = store.is_there(file.stored_name)
        if not is_there and file.scan != Scan.INFECTED:
            settle(file, Scan.MISSING)
            lost += 1
        elif is_there and file.scan == Scan.MISSING:
            settle(file, Scan.WAITING if settings.CLAMD_ADDRESS else Scan.NOT_REQUIRED)
    return lost


def _ring_scans() -> int:
    """Files that have no verdict though there is a scanner: it was set up later, or a job gave up. One job a day for each."""
    waiting = EvidenceFile.objects.to_scan(has_scanner=bool(settings.CLAMD_ADDRESS)).values_list("pk", flat=True)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for pk in waiting:
        enqueue("evidence.scan_file", key=f"evidence.scan:{pk}:{today}", file=str(pk))
    return len(waiting)
