"""Reads the directory of a ZIP by itself, and refuses whatever a word processor does not write. Pure.

A bomb is known by its directory: too many entries, too much inside, entries that share their bytes (Fifield, 2019), links,
passwords. Only then is anything unpacked, in small pieces, and never beyond what the directory promised.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from standards.evidence.refusal import Refused

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 2_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_IN_ONE = 100 * MEGABYTE
MOST_DIRECTORY = MEGABYTE
MOST_RATIO = 200  # unpacked to packed, once there is more than a megabyte
MOST_BETWEEN = 1_024  # bytes between two entries: descriptors and padding
PIECE = 64 * 1024
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, IN_UTF8 = 0x1, 0x8, 0x800
LINK = 0o120000

END = struct.Struct("<4s4H2LH")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")


@dataclass(frozen=True)
class Entry:
    """One entry as the directory has it. Sizes and ``offset`` in bytes."""

    name: str
    method: int
    packed: int
    unpacked: int
    crc: int
    offset: int
    raw_name: bytes

    @property
    def is_folder(self) -> bool:
        """A folder: it holds nothing itself."""
        return self.name.endswith("/")


def directory(file: BinaryIO) -> list[Entry]:
    """The entries, in the order of the directory. Raises ``Refused``; reads nothing but headers."""
    size = file.seek(0, 2)
    if size < END.size:
        raise Refused("broken")
    file.seek(size - END.size)
    mark, disk, first_disk, here, count, length, start, comment = END.unpack(file.read(END.size))
    if mark != b"PK\x05\x06" or comment or disk or first_disk or here != count:
        raise Refused("mixed")  # something stands behind the archive, or it has parts elsewhere
    if count == 0xFFFF or length == 0xFFFFFFFF or start == 0xFFFFFFFF or count > MOST_ENTRIES or length > MOST_DIRECTORY:
        raise Refused("bomb")
    if start + length != size - END.size:
        raise Refused("mixed")
    file.seek(start)
    entries = _entries(file.read(length), count)
    _check_sizes(entries)
    _check_places(file, entries, start)
    return entries


def _entries(raw: bytes, count: int) -> list[Entry]:
    entries, at, seen = [], 0, set()
    for _number in range(count):
        if at + CENTRAL.size > len(raw):
            raise Refused("broken")
        (mark, _by, _needs, flags, method, _time, _date, crc, packed, unpacked, name_length, extra, comment, disk, _internal, external,
         offset) = CENTRAL.unpack_from(raw, at)  # fmt: skip
        raw_name = raw[at + CENTRAL.size : at + CENTRAL.size + name_length]
        at += CENTRAL.size + name_length + extra + comment
        if mark != b"PK\x01\x02" or len(raw_name) != name_length or disk:
            raise Refused("broken")
        if flags & ENCRYPTED:
            raise Refused("encrypted")
        if method not in {STORED, DEFLATED} or (external >> 16) & 0o170000 == LINK:
            raise Refused("broken")
        name = _name(raw_name, is_utf8=bool(flags & IN_UTF8))
        if name.casefold() in seen:
            raise Refused("broken")
        seen.add(name.casefold())
        entries.append(Entry(name, method, packed, unpacked, crc, offset, raw_name))
    if at != len(raw) or not entries:
        raise Refused("broken")
    return entries


def _name(raw: bytes, *, is_utf8: bool) -> str:
    """The entry's name. Raises ``Refused`` for one that leads out of the archive."""
    try:
        name = raw.decode("utf-8" if is_utf8 else "cp437")
    except UnicodeDecodeError as wrong:
        raise Refused("broken") from wrong
    parts = name.rstrip("/").split("/")
    if not name or len(name) > 255 or any(part in {"", ".", ".."} for part in parts) or any(sign in name for sign in "\\:\0"):
        raise Refused("broken")
    return name


def _check_sizes(entries: list[Entry]) -> None:
    packed, unpacked = sum(entry.packed for entry in entries), sum(entry.unpacked for entry in entries)
    if unpacked > MOST_UNPACKED or any(entry.unpacked > MOST_IN_ONE for entry in entries):
        raise Refused("bomb")
    if unpacked > MEGABYTE and unpacked > packed * MOST_RATIO:
        raise Refused("bomb")


def _check_places(file: BinaryIO, entries: list[Entry], end: int) -> None:
    """Entries follow one another from the first byte on, none in another, and their own headers say what the directory says."""
    expected = 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        gap = entry.offset - expected
        if gap < 0:
            raise Refused("bomb")
        if gap > (MOST_BETWEEN if expected else 0):
            raise Refused("mixed")
        expected = _data_start(file, entry) + entry.packed
    if not 0 <= end - expected <= MOST_BETWEEN:
        raise Refused("bomb" if expected > end else "mixed")


def _data_start(file: BinaryIO, entry: Entry) -> int:
    file.seek(entry.offset)
    raw = file.read(LOCAL.size)
    if len(raw) < LOCAL.size:
        raise Refused("broken")
    mark, _needs, flags, method, _time, _date, _crc, packed, unpacked, name_length, extra = LOCAL.unpack(raw)
    if mark != b"PK\x03\x04" or method != entry.method or file.read(name_length) != entry.raw_name:
        raise Refused("broken")
    if flags & ENCRYPTED:
        raise Refused("encrypted")
    if not flags & DESCRIPTOR and (packed, unpacked) != (entry.packed, entry.unpacked):
        raise Refused("broken")
    return int(entry.offset + LOCAL.size + name_length + extra)


def unpacked(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The content of one entry in pieces of at most 64 KB. Raises ``Refused`` where it is not what the directory promised."""
    start = _data_start(file, entry)
    left, total, crc = entry.packed, 0, 0
    engine = zlib.decompressobj(-15) if entry.method == DEFLATED else None
    at, waiting = start, b""
    while True:
        if not waiting and left:
            file.seek(at)
            waiting = file.read(min(PIECE, left))
            at, left = at + len(waiting), left - len(waiting)
            if not waiting:
                raise Refused("broken")
        if engine is None:
            piece, waiting = waiting, b""
        else:
            try:
                piece = engine.decompress(waiting, PIECE)
            except zlib.error as wrong:
                raise Refused("broken") from wrong
            waiting = engine.unconsumed_tail
        total, crc = total + len(piece), zlib.crc32(piece, crc)
        if total > entry.unpacked:
            raise Refused("bomb")
        if piece:
            yield piece
        if not piece and not waiting and not left:
            break
    if total != entry.unpacked or crc != entry.crc or (engine is not None and (not engine.eof or engine.unused_data)):
        raise Refused("broken")
