"""Looks for what may tell who somebody is, or where a door is, in words that inspectors write. Pure; it warns, and people decide.

To what evidence is asked about (``standards.evidence.personal_data``) it adds what reports have given away before: names of
people, ages, and everything by which a place could be found (``providers.services.disclosure``).
"""

import re

from providers.services import disclosure
from standards.evidence import personal_data
from standards.evidence.personal_data import Hit

AGES = re.compile(
    r"\b(?:aged?|age of)\s+\d{1,2}\b|\b\d{1,2}[\s-]?(?:years?|yrs?|months?)[\s-]old\b|\b\d{1,2}\s?y/?o\b"
    r"|\b(?:in (?:her|his|their) (?:early |mid-?|late )?(?:teens|twenties|thirties|forties|fifties|sixties))\b",
    re.IGNORECASE,
)
TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sister|Father|Imam|Rev)\.?\s+[A-Z][\w'’-]+")
CALLED = re.compile(r"\b(?:named|called|known as)\s+[A-Z][\w'’-]+")
# Two capitals in a row are a name more often than not. These words are part of the sector's own names.
NO_NAMES = frozenset({
    "Home", "Office", "National", "Referral", "Mechanism", "Care", "Quality", "Commission", "Inspectorate", "Salvation", "Army",
    "Modern", "Slavery", "Human", "Trafficking", "Foundation", "Standards", "Standard", "Reasonable", "Conclusive", "Grounds",
    "Decision", "Recovery", "Needs", "Assessment", "Competent", "Authority", "Health", "Safety", "Fire", "Risk", "Plan", "Victim",
    "Contract", "United", "Kingdom", "England", "Wales", "Scotland", "Northern", "Ireland", "Local", "Council", "Crown", "Court",
    "Police", "Data", "Protection", "Equality", "Act", "Trauma", "Informed", "Code", "Conduct", "Universal", "Credit", "Reach",
    "In", "Move", "On", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February",
    "March", "April", "May", "June", "July", "August", "September", "October", "November", "December", "The", "A", "An", "At",
    "Of", "For", "With", "We", "They", "All", "Staff", "Records",
})  # fmt: skip
PAIR = re.compile(r"\b([A-Z][a-zà-ž'’-]+)\s+([A-Z][a-zà-ž'’-]+)\b")
PLACES = ("street", "place", "url")  # what ``disclosure`` finds and ``personal_data`` does not
MOST = 3  # samples of a kind


def look(text: str) -> list[Hit]:
    """What in ``text`` may tell who somebody is or where: one hit for each different thing, at most three of a kind."""
    hits = personal_data.look(text)
    known = {hit.kind for hit in hits}
    hits += _hits("age", AGES, text)
    names = dict.fromkeys([*(found[0] for found in TITLED.finditer(text)), *(found[0] for found in CALLED.finditer(text)), *_pairs(text)])
    hits += [Hit("person", " ".join(name.split())[:40]) for name in list(names)[:MOST]]
    hits += [Hit(kind, "") for kind in disclosure.problems(text) if kind in PLACES or (kind in ("postcode", "phone") and kind not in known)]
    return hits


def _hits(kind: str, pattern: re.Pattern[str], text: str) -> list[Hit]:
    samples = dict.fromkeys(" ".join(found[0].split())[:40] for found in pattern.finditer(text))
    return [Hit(kind, sample) for sample in list(samples)[:MOST]]


def _pairs(text: str) -> list[str]:
    return [found[0] for found in PAIR.finditer(text) if not {found[1], found[2]} & NO_NAMES]
