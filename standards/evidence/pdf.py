"""PDF files that only show pages. A conservative look at the bytes, not a reader: what we cannot look into is refused. Pure.

Names are compared with their escapes undone (``/Java#53cript``), in the file and inside its packed streams, where objects hide.
Source: ISO 32000-1, 7.3.5 (names), 7.5.7 (object streams), 12.6 (actions), 7.11.4 (embedded files).
"""

import re
import zlib
from collections.abc import Iterator
from mmap import mmap

from standards.evidence.refusal import Refused

MOST_UNPACKED = 64 * 1024 * 1024  # bytes, of all streams that are no picture and no font
MOST_STREAMS = 50_000
LOOK_BACK = 4_096  # bytes before "stream", where its dictionary stands
ACTIVE = ("JavaScript", "Launch", "RichMedia", "Rendition", "SubmitForm", "ImportData", "GoToE", "XFA", "Movie")
CARRIED = ("EmbeddedFile", "EmbeddedFiles", "Filespec")
HIDDEN = ("Encrypt",)
TWO_FACED = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|xml)\b|<\?(?:php|xml)|MIME-Version:|%!PS-Adobe", re.IGNORECASE)
STREAM = re.compile(rb"stream\r?\n")


def _name(name: str) -> bytes:
    """A pattern for ``/name`` in every spelling, up to the end of the name."""
    letters = "".join(f"(?:{re.escape(letter)}|#{ord(letter):02x}|#{ord(letter):02X})" for letter in name)
    return ("/" + letters + r"(?![^\s()<>\[\]{}/%\x00])").encode()


def _any(names: tuple[str, ...]) -> re.Pattern[bytes]:
    return re.compile(b"|".join(_name(name) for name in names))


CODES = (("encrypted", _any(HIDDEN)), ("active", _any(ACTIVE)), ("embedded", _any(CARRIED)))
OBJECTS = _any(("ObjStm",))
FIRST, FILTER, PREDICTOR = _any(("First",)), _any(("Filter",)), _any(("Predictor",))
PICTURE = re.compile(rb"/Subtype\s*/Image\b|/Length1\b|/FontFile")
FLATE_ONLY = re.compile(rb"/Filter\s*(?:\[\s*)?/(?:FlateDecode|Fl)(?:\s*\]|(?=[\s/>]))")
AUTHOR = re.compile(rb"/Author\s*(?:\((?!\))|<(?![<>]))")


def check(content: "bytes | mmap") -> bool:
    """Raises ``Refused``; returns whether the document says who wrote it."""
    head, tail = bytes(content[:1024]), bytes(content[-66_000:])
    if not re.match(rb"%PDF-[12]\.\d", head) or b"%%EOF" not in tail[-1024:] or tail[tail.rfind(b"%%EOF") + 5 :].strip(b" \t\r\n\0"):
        raise Refused("broken")
    if TWO_FACED.search(head) or b"PK\x05\x06" in tail:
        raise Refused("mixed")
    _look(content)
    for packed in _streams(content):
        _look(packed)
    return bool(AUTHOR.search(content))


def _look(content: "bytes | mmap") -> None:
    for code, pattern in CODES:
        if pattern.search(content):
            raise Refused(code)


def _streams(content: "bytes | mmap") -> Iterator[bytes]:
    """What is packed in the file, pictures and fonts aside. Raises ``Refused`` for objects packed in a way we cannot open."""
    left = MOST_UNPACKED
    for number, found in enumerate(STREAM.finditer(content)):
        if number >= MOST_STREAMS:
            raise Refused("bomb")
        before = bytes(content[max(0, found.start() - LOOK_BACK) : found.start()])
        described = before[max(before.rfind(b" obj"), before.rfind(b"\nobj"), 0) :]
        holds_objects = bool(OBJECTS.search(described) or FIRST.search(described))
        if holds_objects and FILTER.search(described) and (not FLATE_ONLY.search(described) or PREDICTOR.search(described)):
            raise Refused("active")
        if PICTURE.search(described) and not holds_objects:
            continue
        unpacked = _unpack(content, found.end(), left)
        left -= len(unpacked)
        if left <= 0:
            raise Refused("bomb")
        yield unpacked


def _unpack(content: "bytes | mmap", start: int, most: int) -> bytes:
    """At most ``most`` bytes of the packed stream at ``start``; whatever could be unpacked where it breaks off."""
    engine, pieces, total, at, length = zlib.decompressobj(), [], 0, start, 256  # most of what is no such stream shows at once
    while not engine.eof and total < most and at < len(content):
        piece = bytes(content[at : at + length])
        at, length = at + len(piece), 65_536
        while piece and total < most:
            try:
                pieces.append(engine.decompress(piece, 65_536))
            except zlib.error:
                return b"".join(pieces)
            total += len(pieces[-1])
            piece = engine.unconsumed_tail
    return b"".join(pieces)
