"""Makes a tagged PDF smaller without changing what it shows or says: WeasyPrint calls ``slim`` before it writes the file.

A third of such a file is bookkeeping: a structure element for every line, six decimals for every position. Here a line
belongs to its paragraph directly, groups that mean nothing hand what they hold to their parent, and positions are kept to
a tenth of a pixel.
"""

import re
from collections.abc import Callable
from typing import Any

EMPTY = {"/NonStruct", "/Div", "/Span"}  # groups and runs of text: a reading program makes nothing of them
TEXT = {"/P", "/LBody", "/Lbl", "/Link", "/H1", "/H2", "/H3", "/H4", "/H5"}  # what may hold lines directly
REFERENCE = re.compile(rb"(\d+) 0 R")
DECIMALS = re.compile(rb"-?\d+\.\d{3,}")
NATURAL = re.compile(rb">0?<|(?<=>)0(?=\])")  # glyphs that follow each other at their natural distance
GLYPHS = re.compile(rb"<((?:[0-9a-f]{4})+)>")
SPECIAL = re.compile(rb"[\\()]")
LINE = re.compile(rb"(EMC\n)?/\w+\n<</MCID (\d+)>>\nBDC\n")
ONE_RUN = re.compile(rb"\[(<[^>\]]*>)\] TJ")

Walk = Callable[[bytes], Any]


def slim(_document: Any, pdf: Any) -> None:
    """Lift what empty structure elements hold, close the gaps that this leaves, shorten positions."""
    objects: list[Any] = pdf.objects
    dictionaries = {item.reference: item for item in objects if hasattr(item, "keys")}
    root = next(item for item in dictionaries.values() if item.get("Type") == "/StructTreeRoot")
    gone: dict[bytes, bytes] = {}  # reference → whose content it is now
    _settle(dictionaries, root["K"][0], gone)

    def now(reference: bytes) -> bytes:
        while reference in gone:
            reference = gone[reference]
        return reference

    _replace(dictionaries[root["ParentTree"]]["Nums"], now)
    for item in dictionaries.values():
        if item.get("Type") == "/StructElem" and item.reference not in gone:
            item["P"] = now(item["P"])
            if all(isinstance(kid, bytes) for kid in item["K"]):
                item.pop("Pg", None)  # only lines need their page named
    nums = dictionaries[root["ParentTree"]]["Nums"]
    owners = dict(zip(nums[::2], nums[1::2], strict=True))
    streams = {item.reference: item for item in objects if hasattr(item, "stream")}
    for page in (item for item in dictionaries.values() if item.get("Type") == "/Page"):
        drawn = streams[page["Contents"]]
        content = shorter(b"\n".join(map(_as_bytes, drawn.stream)))
        drawn.stream = [_joined(content, owners[page["StructParents"]], dictionaries)]
    _renumber(pdf, gone)


def shorter(content: bytes) -> bytes:
    """A content stream with positions to a tenth of a pixel, its glyphs joined to words and written as plain bytes."""
    content = DECIMALS.sub(lambda match: b"%.1f" % float(match[0]), content)
    return GLYPHS.sub(_plain, ONE_RUN.sub(rb"\1 Tj", NATURAL.sub(b"", content)))


def _plain(match: re.Match[bytes]) -> bytes:
    """A string of hexadecimal digits as the bytes they stand for, with what would end it or be read otherwise behind a backslash."""
    return b"(" + SPECIAL.sub(rb"\\\g<0>", bytes.fromhex(match[1].decode())).replace(b"\r", b"\\r") + b")"


def _joined(content: bytes, owners: list[bytes], dictionaries: dict[bytes, Any]) -> bytes:
    """Lines of the same paragraph, one after the other, become one piece. ``owners``: number of a line → its paragraph."""
    last = -1

    def join(match: re.Match[bytes]) -> bytes:
        nonlocal last
        number, follows = int(match[2]), bool(match[1])
        if follows and last >= 0 and owners[number] == owners[last]:
            dictionaries[owners[number]]["K"].remove(number)
            return b""
        last = number
        return match[0]

    return LINE.sub(join, content)


def _as_bytes(part: Any) -> bytes:
    if isinstance(part, bytes):
        return part
    data: bytes | None = getattr(part, "data", None)
    return str(part).encode() if data is None else data


def _settle(dictionaries: dict[bytes, Any], reference: bytes, gone: dict[bytes, bytes]) -> None:
    """Depth first: by the time an element is asked what it holds, its own children have handed over theirs."""
    element = dictionaries[reference]
    kept: list[Any] = []
    for kid in element["K"]:
        if not isinstance(kid, bytes):
            kept.append(kid)
            continue
        child = dictionaries[kid]
        if child["Type"] == "/OBJR":  # where a link is: short enough to stand in its place
            gone[kid] = reference
            kept.append(child)
            continue
        _settle(dictionaries, kid, gone)
        if child["S"] in EMPTY and _may_lift(child, element):
            gone[kid] = reference
            kept += child["K"]
        else:
            kept.append(kid)
    element["K"][:] = kept


def _may_lift(child: Any, parent: Any) -> bool:
    """Lines are known by page and number, so they only move within a page, and only into what may hold lines."""
    if all(isinstance(kid, bytes) for kid in child["K"]):
        return True
    return parent["S"] in TEXT | EMPTY and child["Pg"] == parent.get("Pg")


def _replace(value: Any, change: Walk) -> Any:
    """Every reference inside ``value``, changed in place."""
    if isinstance(value, bytes):
        return change(value) if REFERENCE.fullmatch(value) else value
    if isinstance(value, dict):
        for key, inner in value.items():
            value[key] = _replace(inner, change)
    elif isinstance(value, list):
        value[:] = [_replace(inner, change) for inner in value]
    return value


def _renumber(pdf: Any, gone: dict[bytes, bytes]) -> None:
    """Take the objects in ``gone`` out. Numbers are positions in the list, so all that follow move up."""
    kept = [item for item in pdf.objects if not item.number or item.reference not in gone]
    new = {item.reference: b"%d 0 R" % at for at, item in enumerate(kept) if item.number}
    inline = [item for item in kept if isinstance(item, dict | list)] + [item.extra for item in kept if hasattr(item, "extra")]
    for item in inline:
        _replace(item, lambda reference: new.get(reference, reference))
    for at, item in enumerate(kept):
        item.number = at
    pdf.objects[:] = kept
