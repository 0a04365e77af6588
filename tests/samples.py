"""Files as people, scanners and attackers bring them, made when a test needs them: nothing binary lies in the repository."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import docx
import openpyxl
from PIL import Image

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # two pieces: this file is none itself
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
ODT_TYPE = b"application/vnd.oasis.opendocument.text"
MANIFEST = b'<m:manifest xmlns:m="urn:m"><m:file-entry m:full-path="/" m:media-type="%s"/></m:manifest>' % ODT_TYPE
CONTENT = b'<o:document xmlns:o="urn:o" xmlns:x="urn:x"><o:body>%s</o:body></o:document>'


def pdf(extra: bytes = b"", *, packed: bytes = b"", head: bytes = b"%PDF-1.7\n", tail: bytes = b"") -> bytes:
    """A PDF of one empty page. ``extra`` stands in its catalogue; ``packed`` is an object stream's content."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + extra + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    if packed:
        body = zlib.compress(packed)
        objects.append(b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(body) + body + b"\nendstream")
    out, places = io.BytesIO(head), []
    out.seek(0, 2)
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + content + b"\nendobj\n")
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue() + tail


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """A small picture; ``options`` go to Pillow's ``save``."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def photograph(place: bytes = b"CANARY-PLACE", orientation: int = 6) -> bytes:
    """A JPEG as a telephone makes it: place, maker and turn in its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = place.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 12.0)
    exif.get_ifd(0x8825)[29] = place.decode()
    return picture("JPEG", exif=exif, comment=place)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is this large, with hardly anything in it."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))

    header = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def archive(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts, in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, compress_type=method)
    return out.getvalue()


def with_parts(document: bytes, changed: Mapping[str, bytes] | None = None) -> bytes:
    """An office file with some parts changed or added."""
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    return archive(parts | dict(changed or {}))


def part(document: bytes, name: str) -> bytes:
    """One part of an office file."""
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        return file.read(name)


def word(text: str = "Fire doors were checked.", author: str = "") -> bytes:
    """A Word file."""
    document = docx.Document()
    document.add_paragraph(text)
    document.core_properties.author = author
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel() -> bytes:
    """An Excel file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet
    sheet["A1"] = "Checked"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def odt(body: bytes = b"", extra: Mapping[str, bytes] | None = None, manifest: bytes = MANIFEST) -> bytes:
    """An OpenDocument text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", ODT_TYPE)
        for name, content in ({"content.xml": CONTENT % body, "META-INF/manifest.xml": manifest} | dict(extra or {})).items():
            file.writestr(name, content, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def overlapping(entries: int = 250, size: int = 400_000) -> bytes:
    """Many entries that share one kernel of bytes (Fifield's idea, as the directory shows it)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(bytes(size)) + packer.flush()
    crc = zlib.crc32(bytes(size))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(kernel), size, 5, 0)
    rows = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(kernel), size, 5, 0, 0, 0, 0, 0, 0) + b"%05d" % number
        for number in range(entries)
    )
    front = local + b"00000" + kernel
    return front + rows + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(rows), len(front), 0)


def promising(unpacked: int, entries: int = 1, packed: int = 100, external: int = 0, flags: int = 0) -> bytes:
    """A ZIP whose directory promises ``unpacked`` bytes in each of ``entries``; what is there is rubbish."""
    front, rows = b"", b""
    for number in range(entries):
        name = b"%07d" % number
        rows += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, flags, 8, 0, 0, 1, packed, unpacked, 7, 0, 0, 0, 0, external, len(front)
        ) + name  # fmt: skip
        front += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, 8, 0, 0, 1, packed, unpacked, 7, 0) + name + bytes(packed)
    return front + rows + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, min(entries, 65535), min(entries, 65535), len(rows), len(front), 0)
