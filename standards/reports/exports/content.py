"""The one content of every format (C11): what stands in a rendition, in words of the reader's language. Formats ask nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from providers.services.places import Kind as ServiceKind
from providers.services.places import Nation
from standards.inspections.models import Inspection, Judgement
from standards.reports import freezing, reading
from standards.reports.models import ActionItem, Rendition, Reply

Pairs = tuple[tuple[str, str], ...]
Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A statement: its number, its words, and the findings it stands on."""

    number: int
    text: str
    findings: str


@dataclass(frozen=True)
class Part:
    """Statements under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """A table with a heading of its own."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def labelled(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Each cell with the words above it: on a narrow screen they stand beside it."""
        return tuple(tuple(zip(self.head, row, strict=True)) for row in self.rows)


@dataclass(frozen=True)
class Picture:
    """A photo of a thing, with the finding it belongs to. ``content``: a JPEG, once it is loaded; ``None`` if there is none."""

    id: str
    number: int
    finding: str
    caption: str
    sha256: str
    content: bytes | None = None


@dataclass(frozen=True)
class Document:
    """The whole."""

    title: str
    language: str
    note: str
    facts: Pairs
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]
    proof: Pairs


def document(rendition: Rendition) -> Document:
    """The document in the active language; its own words stay in the language they were written in."""
    content = rendition.content
    is_full = content["rendition"] == "full"
    titles = {row["standard"]: row["title"] for row in content["judgements"]} | {
        row["code"]: row["title"] for row in content["key_questions"]
    }
    parts = tuple(
        Part(
            _heading(group.code, group.words),
            tuple(Line(row["number"], row["text"], ", ".join(row.get("findings", ()))) for row in group.rows),
        )
        for group in reading.groups_of(content["statements"], titles)
    )
    tables = [_judgements(content), _ratings(content), *((_items(content), _decisions(content), _changes(content)) if is_full else ())]
    return Document(
        title=content["report"]["title"] if is_full else content["title"],
        language=rendition.language or get_language() or "en",
        note=_note(rendition),
        facts=_facts(content) if is_full else _about(content),
        parts=parts, tables=tuple(table for table in tables if table.rows), pictures=_pictures(content), proof=proof_of(rendition),
    )  # fmt: skip


def _pictures(content: Raw) -> tuple[Picture, ...]:
    """Of the full text only: no summary ever carries one."""
    return tuple(
        Picture(row["id"], at, row["finding"], row["caption"], row["sha256"]) for at, row in enumerate(content.get("photos", ()), 1)
    )


def proof_of(rendition: Rendition) -> Pairs:
    """How a reader learns whether it is current."""
    return (
        (_("Code of this document"), freezing.spoken(rendition.code)),
        (_("Is it current? See"), settings.SITE_ADDRESS + reverse("inspection_reports:verify", args=[rendition.code])),
        ("SHA-256", rendition.sha256),
    )


def _heading(code: str, words: str) -> str:
    return f"{code} {words}" if code.isupper() or any(sign.isdigit() for sign in code) else words


def _note(rendition: Rendition) -> str:
    if rendition.withdrawn_at:
        return _("This document has been withdrawn.")
    if rendition.superseded_by_id:
        return _("This document has been replaced by a corrected one.")
    words = {
        "full": _("For the organisations it was issued to. It is not for the public."),
        "shared": _("For the organisations it was issued to. It is not for the public."),
        "public": _("For everybody."),
    }
    return words[rendition.kind]


def _facts(content: Raw) -> Pairs:
    inspection = content["inspection"]
    found = (
        (_("Inspection"), inspection["number"]), (_("Inspectorate"), inspection["inspectorate"]), (_("Provider"), inspection["provider"]),
        (_("Service"), inspection["service"]), (_("Kind of service"), ServiceKind(inspection["service_kind"]).label),
        (_("Nation"), Nation(inspection["nation"]).label), (_("Kind of inspection"), Inspection.Kind(inspection["kind"]).label),
        (_("Notice"), Inspection.Notice(inspection["notice"]).label), (_("First day"), _day(inspection["starts_on"])),
        (_("Last day"), _day(inspection["ends_on"])), (_("Rules"), inspection["regime"]),
        (_("Standards"), f"{inspection['framework']} ({inspection['edition']})"), (_("What is corrected"), content["correction"]),
    )  # fmt: skip
    return tuple((str(label), str(value)) for label, value in found if value)


def _about(content: Raw) -> Pairs:
    words = {
        "inspectorate": _("Inspectorate"), "provider": _("Provider"), "kind": _("Kind of service"), "nation": _("Nation"),
        "month": _("Month"),
        "standards": _("Standards"),
    }  # fmt: skip
    return tuple((words[name], reading.month(value) if name == "month" else value) for name, value in content["about"].items())


def _day(value: str | None) -> str:
    found = parse_date(value or "")
    return date_format(found, "j F Y") if found else ""


def _judgements(content: Raw) -> Table:
    full = content["rendition"] == "full"
    head = (_("Standard"), _("Judgement"), *((_("Reason"), _("Why it differs from the service's own view")) if full else ()))
    rows = tuple(
        (
            f"{row['standard']} {row['title']}",
            str(Judgement.Value(row["value"]).label),
            *((row["reason"], row["difference"]) if full else ()),
        )
        for row in content["judgements"]
    )
    return Table(_("Judgements"), head, rows)


def _ratings(content: Raw) -> Table:
    titles = {row["code"]: row["title"] for row in content["key_questions"]}
    full = content["rendition"] == "full"
    rows = tuple(
        (titles.get(row["key_question"], row["key_question"]), row["title"], *((row["reason"],) if full else ()))
        for row in content["ratings"]
    )
    return Table(_("Ratings"), (_("Key question"), _("Rating"), *((_("Reason"),) if full else ())), rows)


def _items(content: Raw) -> Table:
    rows = tuple(
        (
            str(row["number"]), str(ActionItem.Kind(row["kind"]).label),
            row["text"] + (f" ({stated(row['times'])})" if row["times"] > 1 else ""),
            str(ActionItem.Addressee(row["addressee"]).label), _day(row["due_on"]), row["clause"], ", ".join(row["findings"]),
        )
        for row in content["items"]
    )  # fmt: skip
    head = (_("Number"), _("Kind"), _("What should change"), _("To"), _("By"), _("Clause"), _("Findings"))
    return Table(_("What should change"), head, rows)


def stated(times: int) -> str:
    """ "Stated for the second time"."""
    if times == 2:
        return _("stated for the second time")
    return _("stated %(number)d times") % {"number": times}


def _decisions(content: Raw) -> Table:
    """Issued with the final report (B1)."""
    rows = tuple(
        (
            str(row["number"]), str(row["round"]), str(Reply.Verdict(row["verdict"]).label),
            str(Reply.Kind(row["kind"]).label) if row["kind"] else "",
            row["claim"], str(Reply.Outcome(row["outcome"]).label) if row["outcome"] else "", row["reason"], row["change"],
        )
        for row in content["decisions"]
    )  # fmt: skip
    head = (
        _("Statement"),
        _("Round"),
        _("Provider's view"),
        _("Kind"),
        _("Provider's words"),
        _("Decision"),
        _("Reason"),
        _("What was changed"),
    )
    return Table(_("Comments of the provider and how they were decided"), head, rows)


def _changes(content: Raw) -> Table:
    kinds = {"new": _("New"), "gone": _("Taken out"), "changed": _("Changed")}
    rows = tuple((str(row["number"]), kinds[row["kind"]], row["before"], row["after"]) for row in content["changes"])
    return Table(_("What changed since the draft"), (_("Statement"), _("Change"), _("Draft"), _("Final")), rows)
