"""Looks for what may tell who somebody is, in words that staff write about evidence. Pure; it warns, and people decide.

A National Insurance number, and a date of birth beside a name, are never needed to show that a standard is met: they stop the
form. Everything else is a question that has to be answered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

DATE = (
    r"(?:\d{1,2}[./\- ]\d{1,2}[./\- ](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}"
    r"|\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:19|20)\d{2})"
)
NAMED = re.compile(r"\b(?:(?:full|first|sur|last|given|family|client|resident|survivor)[\s-]?)?names?\s*[:=]\s*(?=[^\s,;])", re.IGNORECASE)
TWO_CAPITALS = re.compile(r"\b[A-Z][a-zà-ž'’-]+\s+[A-Z][A-Za-zà-ž'’-]+\b")
BIRTH = re.compile(rf"\b(?:d\.?\s?o\.?\s?b\b\.?|dates?\s+of\s+birth|born(?:\s+on)?|birth\s?da(?:y|te))\W{{0,10}}{DATE}", re.IGNORECASE)
NEAR = 80  # characters between a name and a date of birth that belong together

KINDS: Mapping[str, re.Pattern[str]] = {
    "ni_number": re.compile(
        r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][\s-]?\d{2}[\s-]?\d{2}[\s-]?\d{2}[\s-]?[A-D]\b", re.IGNORECASE
    ),
    "birth": BIRTH,
    "email": re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+\b"),
    "phone": re.compile(r"(?<![\w.])(?:\+\s?44\s?(?:\(0\)\s?)?|0044\s?|\(?0)\d(?:[\s()-]{0,2}\d){8,9}(?!\d)"),
    "postcode": re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?|GIR)\s?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE),
    "name": NAMED,
    "reference": re.compile(
        r"\bNRM\b\W{0,3}(?:(?:ref|no|number|case)\w*\W{0,3}){0,2}\d{3,}|\b[A-Z]\d{7}(?:/\d{1,3})?\b"
        r"|\b(?:home\s+office|HO|HORN|port|CID|ARC|NHS|passport|visa)\b\W{0,3}(?:ref\w*|no|number)?\W{0,3}"
        r"(?=[A-Z]*\d)[A-Z0-9][A-Z0-9/ -]{4,}",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True)
class Hit:
    """Something found. ``sample``: the words themselves, cut to 40 characters; ``stops``: no answer helps, it has to go."""

    kind: str
    sample: str
    stops: bool = False


def look(text: str) -> list[Hit]:
    """What in ``text`` may tell who somebody is: one hit for each different thing, at most three of a kind."""
    hits: list[Hit] = []
    for kind, pattern in KINDS.items():
        samples: dict[str, Hit] = {}
        for found in pattern.finditer(text):
            sample = " ".join(found[0].split())[:40]
            samples.setdefault(sample, Hit(kind, sample, kind == "ni_number" or (kind == "birth" and _has_name_near(text, found))))
            if len(samples) == 3:
                break
        hits += samples.values()
    return hits


def in_file_name(name: str) -> list[Hit]:
    """As ``look``, for a file's name: there, lines stand for spaces."""
    stem = name.rpartition(".")[0] or name
    return look(stem.replace("_", " "))


def _has_name_near(text: str, found: re.Match[str]) -> bool:
    around = text[max(0, found.start() - NEAR) : found.start()] + " . " + text[found.end() : found.end() + NEAR]
    return bool(NAMED.search(around) or TWO_CAPITALS.search(around))
