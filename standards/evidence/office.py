"""Word, Excel and OpenDocument files: what they are by their own directory of types, and that nothing in them acts. Pure.

Refused: macros, scripts, embedded files and controls, a template or picture fetched from elsewhere, data exchange with other
programs (DDE), passwords. A link that somebody has to click may stay.
"""

import re
from typing import BinaryIO

from standards.evidence import archives, xml_parts
from standards.evidence.archives import Entry
from standards.evidence.refusal import Refused

OOXML = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    f"{OOXML}wordprocessingml.document.main+xml": "docx",
    f"{OOXML}spreadsheetml.sheet.main+xml": "xlsx",
}
ODT = "application/vnd.oasis.opendocument.text"
FORBIDDEN_TYPE = re.compile(r"macro|vba|activex|oleobject|externallink|control", re.IGNORECASE)
INSIDE = {  # endings of parts that a document may have
    "xml", "rels", "vml", "png", "jpg", "jpeg", "jpe", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "svg", "rdf", "odttf", "ttf",
    "otf", "fntdata", "bin", "txt",
}  # fmt: skip
XML = {"xml", "rels", "vml", "svg", "rdf"}
ACTING = re.compile(
    r"(?:^|/)(?:vbaProject|vbaData|activeX|embeddings|externalLinks|connections|webextensions|macrosheets|dialogsheets|ctrlProps|Basic|Scripts)"
    r"(?:[./]|$)",
    re.IGNORECASE,
)
REFUSED_PURPOSE = re.compile(
    "vba|macro|activex|control|package|oleobject|externallink|attachedtemplate|frame|afchunk|webextension|connections"
)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
CLICKED = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
EXCHANGE = re.compile(r"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE)\b", re.IGNORECASE)
BINARY = re.compile(r"xl/printerSettings/printerSettings\d+\.bin", re.IGNORECASE)


def recognise(file: BinaryIO) -> tuple[str, bool]:
    """``docx``, ``xlsx`` or ``odt``, and whether the document says who wrote it. Raises ``Refused``."""
    entries = archives.directory(file)
    parts = {entry.name: entry for entry in entries}
    kind = _odt(file, entries, parts) if "mimetype" in parts else _ooxml(file, parts)
    names_author = False
    for entry in entries:
        if not entry.is_folder:
            names_author |= _check_part(file, entry, kind)
    return kind, names_author


def _ooxml(file: BinaryIO, parts: dict[str, Entry]) -> str:
    if "[Content_Types].xml" not in parts:
        raise Refused("type")
    kinds = set()

    def visit(_tag: str, attributes: dict[str, str]) -> None:
        declared = attributes.get("ContentType", "")
        if FORBIDDEN_TYPE.search(declared):
            raise Refused("macros" if re.search("macro|vba", declared, re.IGNORECASE) else "embedded")
        if declared in MAIN_PARTS:
            kinds.add(MAIN_PARTS[declared])

    xml_parts.walk(archives.unpacked(file, parts["[Content_Types].xml"]), visit)
    if len(kinds) != 1 or "_rels/.rels" not in parts:
        raise Refused("type")
    return kinds.pop()


def _odt(file: BinaryIO, entries: list[Entry], parts: dict[str, Entry]) -> str:
    """The type stands first and unpacked, as OASIS OpenDocument 1.3 part 2, 3.3 asks."""
    first = min(entries, key=lambda entry: entry.offset)
    if first.name != "mimetype" or first.method != archives.STORED or first.unpacked > 100:
        raise Refused("broken")
    if b"".join(archives.unpacked(file, first)).decode("ascii", "replace").strip() != ODT:
        raise Refused("type")
    if "META-INF/manifest.xml" not in parts or "content.xml" not in parts:
        raise Refused("broken")
    xml_parts.walk(archives.unpacked(file, parts["META-INF/manifest.xml"]), _check_manifest)
    return "odt"


def _check_manifest(tag: str, _attributes: dict[str, str]) -> None:
    if tag == "encryption-data":
        raise Refused("encrypted")


def _check_part(file: BinaryIO, entry: Entry, kind: str) -> bool:
    """Look into one part. Returns whether it names an author."""
    suffix = entry.name.rpartition(".")[2].lower() if "." in entry.name else ""
    _check_name(entry.name, suffix, kind)
    pieces = archives.unpacked(file, entry)
    if entry.name in {"docProps/core.xml", "meta.xml"}:
        return bool(xml_parts.text_of(pieces, "creator", "lastModifiedBy", "initial-creator").strip())
    if suffix == "rels":
        xml_parts.walk(pieces, _check_relation)
    elif kind == "odt" and entry.name in {"content.xml", "styles.xml"}:
        xml_parts.walk(pieces, _check_odt_element)
    elif kind == "docx" and entry.name.startswith("word/") and suffix == "xml":
        if EXCHANGE.search(xml_parts.text_of(pieces, "instrText", "fldSimple")):
            raise Refused("outside")
    elif suffix in XML:
        xml_parts.check(pieces)
    else:
        for _piece in pieces:  # its size and checksum are what the directory said
            pass
    return False


def _check_name(name: str, suffix: str, kind: str) -> None:
    """Whether a part of this name may be in a document at all."""
    if ACTING.search(name):
        raise Refused("embedded" if "embed" in name.lower() else "macros")
    is_settings = bool(BINARY.fullmatch(name)) or name.startswith("Configurations2/")
    if (suffix == "bin" and not is_settings) or (kind == "odt" and name.startswith("Object ")):
        raise Refused("embedded")
    if suffix not in INSIDE and not (kind == "odt" and not suffix):
        raise Refused("embedded")


def _check_relation(_tag: str, attributes: dict[str, str]) -> None:
    purpose = attributes.get("Type", "").rpartition("/")[2].lower()
    is_outside = attributes.get("TargetMode") == "External"
    if REFUSED_PURPOSE.search(purpose):
        raise Refused("outside" if is_outside else "embedded")
    if is_outside and not (purpose == "hyperlink" and CLICKED.match(attributes.get("Target", ""))):
        raise Refused("outside")


def _check_odt_element(tag: str, attributes: dict[str, str]) -> None:
    if tag in {"event-listener", "script", "applet", "plugin"}:
        raise Refused("macros")
    if tag in {"object", "object-ole"}:
        raise Refused("embedded")
    target = attributes.get("href", "")
    if tag == "a":
        if SCHEME.match(target) and not CLICKED.match(target):
            raise Refused("outside")
    elif SCHEME.match(target) or target.startswith(("/", "../")):
        raise Refused("outside")
