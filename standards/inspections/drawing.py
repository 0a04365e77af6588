"""Draws that anybody can repeat. Pure: whoever has the list and the seed draws the same again, with this program or with another.

The rule: for every reference, SHA-256 over "seed:reference" in UTF-8; sorted by that; the first so many. ``printf`` and
``sha256sum`` are enough to check it. No random generator whose next version might draw differently has a part in it.
"""

import hashlib
import json
from collections.abc import Iterable

SEPARATOR = ":"


def rank(reference: str, seed: str) -> str:
    """What a reference is sorted by."""
    return hashlib.sha256(f"{seed}{SEPARATOR}{reference}".encode()).hexdigest()


def draw(references: Iterable[str], seed: str, size: int) -> list[str]:
    """``size`` of the references, in the order drawn; all of them where there are not more. The order they came in has no part."""
    return sorted(set(references), key=lambda reference: (rank(reference, seed), reference))[:size]


def fingerprint(references: Iterable[str]) -> str:
    """SHA-256 over the sorted list, as JSON without spaces: what a population is frozen by."""
    return hashlib.sha256(json.dumps(sorted(references), ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def share(number: int, percent: int) -> int:
    """How many of ``number`` are ``percent`` of it, rounded up: of anything at all, at least one. None at 0 percent."""
    return -(-number * percent // 100)
