"""What in a summary could lead somebody to a door or tell who a person is: the disclosure check, and the questions of the harm check.

The check finds candidates; a second person decides about each. It errs on the side of asking.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from providers.services import disclosure
from standards.evidence import personal_data

if TYPE_CHECKING:
    from standards.reports.models import Report

FEW_SERVICES = 3  # fewer of the kind in a place, and the place names the door
SMALL = 5  # counts under this are suppressed
# The questions of the domain research, part 4.5, each to be answered by a person.
HARM: dict[str, Any] = {
    "place": _("No address, street, landmark, photograph, telephone number or named member of staff"),
    "town": _("No town where fewer than three services of the kind are"),
    "security": _("No route, no timetable, no weakness of security"),
    "counts": _("Counts under five are left out"),
    "case": _("No case that a resident or an exploiter could recognise"),
    "quotes": _("Quotations are reworded"),
    "children": _("Details of children are taken out"),
    "heard": _("The provider was heard about the risk"),
    "takedown": _("It is named who takes it down, and until when it waits"),
    "metadata": _("The document says nothing about who made it"),
    "translated": _("Translated text was checked again, or there is none"),
}
KINDS: dict[str, Any] = {
    "postcode": _("Postcode"), "street": _("Street or house"), "place": _("Place"), "phone": _("Telephone number"),
    "email": _("E-mail address"),
    "url": _("Web address"), "ni_number": _("National Insurance number"), "birth": _("Date of birth"),
    "reference": _("Reference of a case"),
    "known_name": _("Name of a person or service in the inspection"), "name": _("Perhaps a name or a place"),
    "small_count": _("Small count"),
    "rare": _("Rare combination"), "quote": _("Quotation"), "clock": _("Time of day"),
}  # fmt: skip
NUMBERS = r"one|two|three|four|[1-4]"
PEOPLE = (
    r"survivors?|victims?|people|persons?|women|woman|men|man|residents?|clients?|children|child|bab(?:y|ies)|boys?|girls?|families|family|"
    r"mothers?|fathers?|staff|workers?|members?"
)
SMALL_COUNT = re.compile(rf"\b(?:{NUMBERS})\s+(?:[a-z-]+\s+){{0,2}}(?:{PEOPLE})\b|\bone of the (?:{PEOPLE})\b", re.IGNORECASE)
ORIGINS = (
    r"Albanian|Vietnamese|Eritrean|Ethiopian|Sudanese|Nigerian|Romanian|Polish|Chinese|Indian|Pakistani|Afghan|Iranian|Iraqi|Syrian|Turkish|"
    r"Ukrainian|Bulgarian|Slovak|Hungarian|Lithuanian|Thai|Filipino|Filipina|Brazilian|Ghanaian|Kenyan|Ugandan|Somali|Bangladeshi|Namibian"
)
RARE = {
    "origin": re.compile(rf"\b(?:{ORIGINS})\b"),
    "age": re.compile(r"\b(?:aged?\s+\d{1,2}|\d{1,2}[ -]years?[ -]old|teenage\w*|elderly)\b", re.IGNORECASE),
    "person": re.compile(rf"\b(?:{PEOPLE})\b", re.IGNORECASE),
    "trait": re.compile(
        r"\b(?:pregnan\w+|disab\w+|wheelchair|deaf|blind|transgender|trans|gay|lesbian|HIV|twins?|only child|surgery|suicid\w+)\b",
        re.IGNORECASE,
    ),
    "exploitation": re.compile(
        r"\b(?:cannabis|nail bar|car wash|fishing|county lines|domestic servitude|sexual exploitation|brothel|farm)\b", re.IGNORECASE
    ),
}
CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b|\b\d{1,2}\s?[ap]\.?m\b\.?", re.IGNORECASE)
QUOTE = re.compile(r"[“\"‘'](?=\S)[^”\"’']{12,}[”\"’']")
# Words with a capital in the middle of a sentence that are no names of people or places.
NO_NAMES = frozenset(
    [
        "I",
        "Standards",
        "Standard",
        "Home",
        "Office",
        "National",
        "Referral",
        "Mechanism",
        "NRM",
        "England",
        "Wales",
        "Scotland",
        "Northern",
        "Ireland",
        "United",
        "Kingdom",
        "UK",
        "British",
        "English",
        "Welsh",
        "Christmas",
        "Easter",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "GP",
        "NHS",
        "Waymark",
    ]
)
CAPITAL = re.compile(r"(?<![.!?:•]\s)(?<!^)(?<=\s)[“\"(]?([A-ZÀ-Þ][\wà-ÿ'’-]+(?:\s+[A-ZÀ-Þ][\wà-ÿ'’-]+)*)", re.MULTILINE)


@dataclass(frozen=True)
class Hit:
    """Something found: what kind, the words, and where they stand."""

    kind: str
    excerpt: str
    place: str


def look(texts: Mapping[str, str], *, names: Iterable[str] = (), has_few_services: bool = False) -> list[Hit]:
    """Every candidate in ``texts``, each once for a place. ``names``: what is known by name; it must not stand there at all."""
    known = [name for name in names if len(name) > 2]
    found: dict[Hit, None] = {}
    for place, text in texts.items():
        for hit in (*_patterns(text, place), *_known(text, place, known), *_combinations(text, place)):
            found[hit] = None
        if place not in ("about", "title"):  # made of sanctioned words: kinds, nations, the public alias
            for hit in _capitals(text, place, has_few_services=has_few_services):
                found[hit] = None
    return list(found)


def _patterns(text: str, place: str) -> Iterable[Hit]:
    for hit in personal_data.look(text):
        yield Hit("known_name" if hit.kind == "name" else hit.kind, hit.sample, place)
    if kinds := disclosure.problems(text):
        sentences = [part for part in re.split(r"(?<=[.!?])\s+", text) if disclosure.problems(part)] or [text]
        for part in sentences:
            yield from (Hit(kind, part, place) for kind in disclosure.problems(part) or kinds)
    for kind, pattern in (("small_count", SMALL_COUNT), ("clock", CLOCK), ("quote", QUOTE)):
        yield from (Hit(kind, match[0], place) for match in pattern.finditer(text))


def _known(text: str, place: str, names: list[str]) -> Iterable[Hit]:
    folded = text.casefold()
    return (Hit("known_name", name, place) for name in names if re.search(rf"\b{re.escape(name.casefold())}\b", folded))


def _combinations(text: str, place: str) -> Iterable[Hit]:
    """Two or more rare traits of a person in one sentence narrow it down to one."""
    for part in re.split(r"(?<=[.!?])\s+", text):
        traits = [name for name, pattern in RARE.items() if name != "person" and pattern.search(part)]
        if len(traits) > 1 or (traits and RARE["person"].search(part)):
            yield Hit("rare", part, place)


def _capitals(text: str, place: str, *, has_few_services: bool) -> Iterable[Hit]:
    for match in CAPITAL.finditer(text):
        words = [word for word in re.split(r"\s+", match[1]) if re.sub(r"[’']s?$", "", word) not in NO_NAMES and not word.isupper()]
        if words:
            yield Hit("place" if has_few_services else "name", match[1], place)


def names_of(report: "Report") -> list[str]:
    """What must never stand in a summary for everybody: people of both sides, and a safehouse's own name and its provider's."""
    from standards.reports.models import Recipient  # the models use this module

    inspection = report.inspection
    people = [row.user for row in inspection.team.select_related("user")]
    people += [row.user for row in Recipient.objects.filter(report=report).select_related("user")]
    names = [name for person in people for name in (person.get_full_name(), person.last_name, person.email) if name]
    if inspection.service.kind == "safehouse":
        names += [inspection.service.name, inspection.provider.name]
    return sorted({name for name in names if name != inspection.service.public_alias})


def has_few_services(report: "Report") -> bool:
    """Fewer than three services of the kind in the region: then a town names the door."""
    service = report.inspection.service
    return type(service).objects.filter(kind=service.kind, region=service.region, status="open").count() < FEW_SERVICES
