"""The door for files: what a file is, by its structure and never by its name, and what of it may be kept.

Nothing here touches the database or the disk. Whatever a browser says about a file's type is not even read.
"""

import codecs
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from standards.evidence import file_names, office, pdf, pictures
from standards.evidence.refusal import Refused

MOST_BYTES = 50 * 1024 * 1024
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "csv": "text/csv",
    "txt": "text/plain",
}
ENDINGS = {kind: {kind} for kind in MEDIA_TYPES} | {"jpg": {"jpg", "jpeg"}}
ACCEPT = ",".join(f".{ending}" for endings in ENDINGS.values() for ending in sorted(endings))  # for the browser's file dialogue
NO_PLAIN_TEXT = re.compile(
    r"\A\s*(?:%!|#!|<)|%PDF-\d|<(?:!doctype|html|script|svg|iframe|body|\?xml|\?php|hta:)|MIME-Version\s*:|\ATVqQAA|\A\{\\rtf",
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# A cell that a spreadsheet would work out, however it is quoted: "=1+1", "@SUM(…", "-2+cmd|…".
FORMULA = re.compile(r"[\n\r,;\t]\s*\"?\s*(?:=|[+\-@][\d.+\-*/ ]*[A-Za-z]+[\w.]*[(|!])")
WORDS_LOOKED_AT = 200_000  # characters of a text in which personal data is looked for


@dataclass(frozen=True)
class Arrived:
    """A file that may be kept. ``content`` is what to keep: the bytes that came, or the picture drawn anew."""

    kind: str
    shown_name: str
    content: BinaryIO
    words: str = ""  # the beginning of a plain text
    names_author: bool = False  # the document's properties say who wrote it

    @property
    def media_type(self) -> str:
        """For the header of its download."""
        return MEDIA_TYPES[self.kind]


def receive(file: BinaryIO, name: str) -> Arrived:
    """Look at a file that somebody brings under ``name``. Raises ``Refused`` with plain words."""
    size = file.seek(0, 2)
    if not size:
        raise Refused("empty")
    if size > MOST_BYTES:
        raise Refused("too_big")
    file.seek(0)
    head = file.read(8)
    content, words, names_author = file, "", False
    if head.startswith(b"%PDF-"):
        kind, names_author = "pdf", _pdf(file, size)
    elif head.startswith(b"\xff\xd8\xff"):
        kind, content = "jpg", pictures.drawn_anew(file, "jpg")
    elif head == b"\x89PNG\r\n\x1a\n":
        kind, content = "png", pictures.drawn_anew(file, "png")
    elif head.startswith(b"PK\x03\x04"):
        kind, names_author = office.recognise(file)
    else:
        kind, words = _text(file, file_names.ending(name))
    if file_names.ending(name) not in ENDINGS[kind]:
        raise Refused("name")
    content.seek(0)
    return Arrived(kind, file_names.cleaned(name, kind), content, words, names_author)


def _pdf(file: BinaryIO, size: int) -> bool:
    file.seek(0)
    try:
        number = file.fileno()
    except (OSError, AttributeError):
        return pdf.check(file.read(size))
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as content:
        return pdf.check(content)


def _text(file: BinaryIO, ending: str) -> tuple[str, str]:
    """``txt`` or ``csv``, and its beginning. Nothing in the bytes tells one from the other, so here the name decides."""
    if ending not in {"txt", "csv"}:
        raise Refused("type")
    beginning, length, before = [], 0, "\n"
    for piece in _decoded(file):
        if CONTROL.search(piece):
            raise Refused("text")
        if ending == "csv" and FORMULA.search(before + piece):
            raise Refused("formula")
        before = piece[-200:]
        if length < WORDS_LOOKED_AT:
            beginning.append(piece)
            length += len(piece)
    words = "".join(beginning)[:WORDS_LOOKED_AT]
    if NO_PLAIN_TEXT.search(words[:1024]):
        raise Refused("type")
    return ending, words


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Refused("text")
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _decoded(file: BinaryIO) -> Iterator[str]:
    """The text in pieces of 64 KB. Raises ``Refused`` where it is no UTF-8 or UTF-16."""
    decoder = codecs.getincrementaldecoder(_encoding(file))("strict")
    while True:
        raw = file.read(65_536)
        try:
            piece = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as wrong:
            raise Refused("text") from wrong
        if piece:
            yield piece
        if not raw:
            return
