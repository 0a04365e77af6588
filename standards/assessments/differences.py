"""Differences between two texts, word by word. Pure: no Django, no database."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|\w+|[^\w\s]")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
MOST = 4_000_000  # word × word comparisons; longer texts are compared line by line, so that no page waits for them


@dataclass(frozen=True)
class Piece:
    """A run of text. ``kind``: ``same``, ``gone`` (only before) or ``new`` (only after)."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The two texts woven into one, in reading order. All but the new give ``before``, all but the gone give ``after``."""
    if before == after:
        return [Piece("same", before)] if before else []
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) * len(new) > MOST:
        old, new = LINE.findall(before), LINE.findall(after)
    pieces = []
    for _kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, fresh = "".join(old[start:end]), "".join(new[new_start:new_end])
        if gone == fresh:
            pieces.append(Piece("same", gone))
        else:
            pieces += [Piece(kind, text) for kind, text in (("gone", gone), ("new", fresh)) if text]
    return pieces
