"""Files that the worker makes for somebody: ordered as a job, kept for a day, collected by who asked for them."""

import contextlib
import os
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Generic, TypeVar

from django.conf import settings
from django.utils import timezone

from portal.audit.models import Job

KEPT = timedelta(hours=24)
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Order(Generic[Kind]):
    """A file that somebody asked for. ``state``: waiting, ready, failed or gone; ``progress`` in percent."""

    id: uuid.UUID
    kind: Kind
    state: str
    progress: int
    path: Path


def path_of(export: uuid.UUID, ending: str) -> Path:
    """Where the file lies while it is kept."""
    folder: Path = settings.VAR_DIR / "exports"
    return folder / f"{export}.{ending}"


def order_from(job: Job, export: uuid.UUID, kind: Kind, path: Path) -> Order[Kind]:
    """How far the order is whose work ``job`` is. Whose it is, the caller has asked."""
    if job.done_at is None:
        return Order(export, kind, "failed" if job.failed_at else "waiting", job.progress, path)
    is_kept = job.done_at > timezone.now() - KEPT and path.exists()
    return Order(export, kind, "ready" if is_kept else "gone", 100, path)


def tell_progress(key: str, percent: int) -> None:
    """For whoever waits for the job ``key``."""
    Job.objects.filter(key=key).update(progress=percent)


def keep(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, for this server's eyes only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{uuid.uuid4()}.new")
    with open(unfinished, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
    unfinished.replace(path)


def remove(path: Path) -> None:
    """Its day has passed. A file that is gone already is no error."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
