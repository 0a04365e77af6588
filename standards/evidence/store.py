"""Where files lie: under a random name, outside everything that a web server serves, readable by the portal's own user only.

A file is written under a passing name, forced to the disk, and renamed: it is there whole, or not at all. Whether its row was
ever written is another matter; ``sweeping`` looks after that.

The seam for encryption at rest: every byte passes through ``put`` and ``opened``. Until the vault seals files, what lies here
is as safe as the disk it lies on (docs/security-notes.md).
"""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

PIECE = 256 * 1024
PASSING = ".part"


def folder() -> Path:
    """Where files lie."""
    place: Path = settings.EVIDENCE_DIR
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def quarantine() -> Path:
    """Where files lie that carry malicious code. Nothing here is ever given out."""
    place = folder() / "quarantine"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def put(name: UUID, content: BinaryIO) -> tuple[int, str]:
    """Keep ``content`` under ``name``. Returns its size in bytes and its SHA-256. Leaves nothing behind when it fails."""
    place, passing = folder() / str(name), folder() / f"{name}{PASSING}"
    size, digest = 0, hashlib.sha256()
    content.seek(0)
    try:
        with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            while piece := content.read(PIECE):
                out.write(piece)
                digest.update(piece)
                size += len(piece)
            out.flush()
            os.fsync(out.fileno())
        passing.rename(place)
    except BaseException:
        passing.unlink(missing_ok=True)
        raise
    _settle(folder())
    return size, digest.hexdigest()


def opened(name: UUID) -> BinaryIO:
    """The file, to read. Raises ``FileNotFoundError``; a file in quarantine is not found."""
    return (folder() / str(name)).open("rb")


def pieces(name: UUID) -> Iterator[bytes]:
    """The file in pieces of 256 KB. Raises ``FileNotFoundError``."""
    with opened(name) as file:
        while piece := file.read(PIECE):
            yield piece


def is_there(name: UUID) -> bool:
    """Whether the file is there, in quarantine or not."""
    return (folder() / str(name)).exists() or (quarantine() / str(name)).exists()


def set_apart(name: UUID) -> None:
    """Into quarantine. Done twice, it is done once."""
    place = folder() / str(name)
    if place.exists():
        place.rename(quarantine() / str(name))
        _settle(folder())


def remove(name: UUID) -> None:
    """Take the file away, if it is there."""
    (folder() / str(name)).unlink(missing_ok=True)


def older_than(seconds: float) -> Iterator[tuple[Path, UUID | None]]:
    """Files that were last written that long ago, with the name of the row they belong to; None for one left half written."""
    before = time.time() - seconds
    for place in (folder(), quarantine()):
        for path in place.iterdir():
            if path.is_file() and path.stat().st_mtime < before:
                yield path, _named(path)


def _named(path: Path) -> UUID | None:
    try:
        return UUID(path.name)
    except ValueError:
        return None


def _settle(place: Path) -> None:
    """The names in a folder reach the disk too."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
