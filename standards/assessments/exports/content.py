"""The one content of every export (C11): all that a reader may know of an assessment, in words of their language.

It is made from the frozen copy of an assessment, or of a draft as it stands (``freezing.content_of``): formats never ask the
database. What passed between colleagues is added for the organisation itself, and for nobody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.accounts.roles import Role
from providers.services.models import Service
from providers.services.places import Nation, Region
from standards.actions.models import Action
from standards.assessments.exports import working
from standards.assessments.models.answers import Confidence, Value
from standards.assessments.models.teamwork import Section
from standards.catalogue.models import Chapter
from standards.evidence.models import Evidence

Pairs = tuple[tuple[str, str], ...]  # label and value, both in words; what is empty is left out
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Block:
    """Something under an answer or a chapter: an item of evidence, an action, a remark."""

    heading: str
    pairs: Pairs


@dataclass(frozen=True)
class Item:
    """An indicator and its answer. ``value`` and ``confidence`` are codes; their words stand beside them."""

    code: str
    text: str
    is_english: bool  # the reader's language has no words for it yet
    is_critical: bool
    weight: int
    value: str
    value_words: str
    comment: str
    confidence: str
    confidence_words: str
    version: int
    pairs: Pairs
    evidence: tuple[Block, ...]
    actions: tuple[Block, ...]
    remarks: tuple[Block, ...]


@dataclass(frozen=True)
class Part:
    """A standard: its figure, how that was worked out, its indicators."""

    code: str
    title: str
    statement: str
    is_english: bool
    percent: int | None
    completeness: int
    how: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class ChapterPart:
    """A chapter: its figure, where its wording comes from, who works on it, its standards."""

    code: str
    title: str
    is_english: bool
    percent: int | None
    completeness: int
    how: str
    pairs: Pairs
    remarks: tuple[Block, ...]
    standards: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """The whole. ``language`` is a code; ``facts`` say what it is, who made it and how to prove it."""

    title: str
    language: str
    facts: Pairs
    percent: int | None
    completeness: int
    how: str
    gaps: tuple[str, ...]
    method: tuple[str, ...]
    chapters: tuple[ChapterPart, ...]
    remarks: tuple[Block, ...]

    def items(self) -> Iterable[tuple[ChapterPart, Part, Item]]:
        """Every answer, in reading order."""
        return ((chapter, part, item) for chapter in self.chapters for part in chapter.standards for item in part.items)

    def as_data(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Extra:
    """What the frozen copy does not say. ``remarks``: (chapter code, indicator code, block); ``actions``: answer id → its actions now."""

    facts: Pairs = ()
    remarks: tuple[tuple[str, str, Block], ...] = ()
    actions: Mapping[str, tuple[Block, ...]] | None = None
    provenance_notes: Mapping[str, str] | None = None


def document(content: Raw, extra: Extra) -> Document:
    """The document in the active language."""
    scores = {score["code"]: score for chapter in content["scores"]["chapters"] for score in (chapter, *chapter["parts"])}
    whole = content["scores"]["whole"]
    chapters = tuple(_chapter(chapter, content, scores, extra) for chapter in content["chapters"])
    return Document(
        title=content["assessment"]["title"],
        language=get_language() or "en",
        facts=(*_facts(content), *extra.facts),
        percent=whole["percent"],
        completeness=working.completeness(whole),
        how=working.mean(content["scores"]["chapters"]),
        gaps=tuple(content["scores"]["critical_gaps"]),
        method=working.method(content["rules"]),
        chapters=chapters,
        remarks=tuple(block for chapter, code, block in extra.remarks if not chapter and not code),
    )


def pairs(*given: tuple[Any, Any]) -> Pairs:
    """Those that have a value, as texts."""
    return tuple((str(label), str(value)) for label, value in given if value not in (None, ""))


def day(value: Any) -> str:
    """An ISO date or a date in words: 24 November 2026."""
    found = parse_date(value) if isinstance(value, str) else value
    return date_format(found, "j F Y") if found else ""


def moment(value: Any) -> str:
    """An ISO moment or a datetime in words, in London: 24 November 2026, 14:03."""
    found = parse_datetime(value) if isinstance(value, str) else value
    return date_format(localtime(found), "j F Y, H:i") if found else ""


def word(choices: type[TextChoices], code: str) -> str:
    """A code as people read it."""
    return str(choices(code).label) if code else ""


def _facts(content: Raw) -> Pairs:
    assessment, service, edition = content["assessment"], content["service"], content["edition"]
    official = _("the official text") if edition["is_official_text"] else _("our paraphrase; the official text is its owner's")
    return pairs(
        (_("Organisation"), content["organisation"]["name"]),
        (_("Service"), service["name"]),
        (_("Kind of service"), word(Service.Kind, service["kind"])),
        (_("Nation"), word(Nation, service["nation"])),
        (_("Region"), word(Region, service["region"])),
        (_("Standards"), f"{edition['framework_name']} ({edition['year']}, {edition['code']})"),
        (_("Owner of the standards"), edition["owner"]),
        (_("Wording"), official),
        (_("Where the wording comes from"), edition["provenance"]),
        (_("Hash of the wording"), edition["digest"]),
        (_("Period"), f"{day(assessment['period_start'])} – {day(assessment['period_end'])}"),
        (_("Revision"), assessment["revision"]),
        (_("Begun"), moment(assessment.get("begun_at"))),
        (_("Begun by"), assessment.get("begun_by")),
        (_("Sent"), moment(content["sent"]["at"])),
        (_("Sent by"), content["sent"].get("by") if content["sent"]["at"] else ""),
    )


def _chapter(chapter: Raw, content: Raw, scores: Mapping[str, Raw], extra: Extra) -> ChapterPart:
    title, is_english = _words(chapter, "title")
    score = scores[chapter["code"]]
    section = next((row for row in content.get("sections", ()) if row["chapter"] == chapter["code"]), None)
    return ChapterPart(
        chapter["code"], title, is_english, score["percent"], working.completeness(score), working.mean(score["parts"]),
        pairs(
            (_("Where the wording comes from"), word(Chapter.Provenance, chapter["provenance"])),
            (_("Note on the wording"), (extra.provenance_notes or {}).get(chapter["code"])),
            (_("Given to"), section and section["to"]),
            (_("By"), section and day(section["due_on"])),
            (_("State of the section"), section and word(Section.Status, section["status"])),
        ),
        tuple(block for code, indicator, block in extra.remarks if code == chapter["code"] and not indicator),
        tuple(_standard(standard, scores, extra) for standard in chapter["standards"]),
    )  # fmt: skip


def _standard(standard: Raw, scores: Mapping[str, Raw], extra: Extra) -> Part:
    (title, is_english), (statement, _english) = _words(standard, "title"), _words(standard, "statement")
    score = scores[standard["code"]]
    items = tuple(_item(row, extra) for row in standard["indicators"])
    return Part(
        standard["code"], title, statement, is_english, score["percent"], working.completeness(score), working.standard(score), items
    )  # fmt: skip


def _item(row: Raw, extra: Extra) -> Item:
    answer = row["answer"]
    text, is_english = _words(row, "text")
    no_action = answer["no_action"] or {}
    actions = extra.actions.get(answer["id"], ()) if extra.actions is not None else tuple(map(_action, answer["actions"]))
    return Item(
        row["code"], text, is_english, row["critical"], row["weight"], answer["value"], word(Value, answer["value"]) or _("No answer yet"),
        answer["comment"], answer["confidence"], word(Confidence, answer["confidence"]), answer.get("version", 0),
        pairs(
            (_("Answered by"), answer.get("by")),
            (_("Answered"), moment(answer.get("at"))),
            (_("Version"), answer.get("version")),
            (_("Carried over from last time"), _carried(answer)),
            (_("Why nothing will be done"), no_action.get("reason")),
            (_("Reason given by"), no_action.get("by")),
            (_("Reason given"), moment(no_action.get("at"))),
        ),
        tuple(map(_evidence, answer["evidence"])), actions,
        tuple(block for _chapter, code, block in extra.remarks if code == row["code"]),
    )  # fmt: skip


def _carried(answer: Raw) -> str:
    if not answer.get("carried_from"):
        return ""
    if not answer.get("confirmed_at"):
        return _("not confirmed yet")
    return _("still true, said %(person)s on %(moment)s") % {"person": answer["confirmed_by"], "moment": moment(answer["confirmed_at"])}


def _evidence(item: Raw) -> Block:
    files = [
        _("version %(number)s: %(name)s, %(size)s bytes, %(kind)s, SHA-256 %(hash)s")
        % {"number": file["number"], "name": file["name"], "size": file["size"], "kind": file["media_type"], "hash": file["sha256"]}
        for file in item["files"]
    ]
    anonymised = item.get("is_anonymised")
    return Block(
        item["title"],
        pairs(
            (_("Kind"), word(Evidence.Kind, item["kind"])),
            (_("What it shows"), item["shows"]),
            (_("Where it is kept"), item.get("reference")),
            (_("Covers"), f"{day(item['period_start'])} – {day(item['period_end'])}"),
            (_("Review on"), day(item["review_on"])),
            (_("Names nobody and no place"), None if anonymised is None else _("yes") if anonymised else _("not confirmed")),
            (_("Put aside"), moment(item.get("retired_at"))),
            *((_("File"), file) for file in files),
        ),
    )


def _action(action: Raw) -> Block:
    """An action as it was frozen, for those who read no live rows of the organisation."""
    return Block(
        action["what"],
        pairs(
            (_("Status"), word(Action.Status, action["status"])),
            (_("Priority"), word(Action.Priority, action["priority"])),
            (_("Responsible"), word(Role, action["owner_role"])),
            (_("Person"), action.get("owner")),
            (_("Start"), day(action["start_on"])),
            (_("Due"), day(action["due_on"])),
            (_("How it was done"), action.get("completion")),
            (_("Why it was cancelled"), action.get("cancelled_reason")),
        ),
    )


def _words(thing: Raw, field: str) -> tuple[str, bool]:
    """The words in the reader's language, and whether they are English instead."""
    code = get_language() or "en"
    own = thing.get(f"{field}_{code}")
    return str(own or thing[field]), code != "en" and not own
