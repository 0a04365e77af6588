"""The schema of an edition's file: turns YAML into plain rows and finds every mistake at once. Touches no database.

The form is that of ``data/scs-2018.yaml``; docs/standards.md explains it to whoever writes one.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.languages import BY_CODE, SOURCE
from standards.catalogue.models import ANSWERS_FOR, Chapter, Edition, Framework, Indicator, Standard, Theme
from standards.catalogue.places import Findings, Problem, Table, open_table
from standards.catalogue.wording import PROFESSIONAL

SCHEMA_VERSION = 1
FILE = {
    *("schema_version", "framework", "edition", "provenance_key", "applies_to_values", "key_questions", "outcomes", "answer_scale"),
    *("themes", "known_facts", "chapters"),
}  # fmt: skip
FRAMEWORK = {"code", "name", "publisher", "jurisdiction", "audience", "licence_note", "translations"}
EDITION = {
    *("code", "year", "published", "status", "language", "supersedes", "superseded_by", "official_text_included"),
    *("valid_from", "valid_to", "provenance", "promises_checked_by", "translations"),
}  # fmt: skip
CHAPTER = {"code", "order", "title", "source_chapter", "provenance", "provenance_note", "outcomes", "theme", "translations", "standards"}
STANDARD = {"code", "title", "statement", "promise", "key_question", "applies_to", "translations", "indicators"}
INDICATOR = {
    *("code", "critical", "weight", "text", "good_practice", "weak_practice", "evidence_hints", "freshness_months", "translations"),
}  # fmt: skip
STATUSES = {"draft_paraphrase": Edition.Status.DRAFT, **{status.value: status for status in Edition.Status}}
JURISDICTIONS = ("england", "wales", "scotland", "northern_ireland")
FEWEST, MOST = 2, 5  # indicators of a standard
STRICT = "scs"  # the framework that holds to them; for others it is advice


@dataclass
class EditionFile:
    """What a file says. Rows are dictionaries named like the columns of the models, lists in reading order."""

    framework: dict[str, Any] = field(default_factory=dict)
    edition: dict[str, Any] = field(default_factory=dict)
    themes: list[dict[str, Any]] = field(default_factory=list)
    chapters: list[dict[str, Any]] = field(default_factory=list)  # each with "standards", each of these with "indicators"

    def standards(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Chapter and standard."""
        return ((chapter, standard) for chapter in self.chapters for standard in chapter["standards"])

    def indicators(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Standard and indicator."""
        return ((standard, indicator) for _, standard in self.standards() for indicator in standard["indicators"])


def longest(model: Any, name: str) -> int | None:
    """What the column holds, in characters."""
    length: int | None = model._meta.get_field(name).max_length
    return length


def read_edition(text: str, findings: Findings) -> EditionFile:
    """The whole file. Mistakes go to ``findings``; what they touch is left out or empty."""
    read = EditionFile()
    table = open_table(text, FILE, findings)
    if table is None:
        return read
    version = table.number("schema_version", 1, 99, required=True)
    if version and version != SCHEMA_VERSION:
        table.wrong(table.at("schema_version"), f"`schema_version` is {version}", f"This release reads version {SCHEMA_VERSION}")
    read.framework, read.edition = _framework(table), _edition(table)
    _codes_and_titles(table, read)
    table.table("provenance_key", Chapter.Provenance.values)
    table.choices("applies_to_values", ["all", *ANSWERS_FOR])
    read.themes = list(_themes(table))
    known = Known(
        questions=[row["code"] for row in read.edition["key_questions"]],
        outcomes=[row["code"] for row in read.edition["outcomes"]],
        themes=[row["code"] for row in read.themes],
        strict=read.framework.get("code") == STRICT,
    )
    is_frame = read.edition["status"] in {Edition.Status.FRAME, Edition.Status.DRAFT}
    for number, row in enumerate(table.tables("chapters", "chapter", CHAPTER, required=not is_frame), 1):
        read.chapters.append(_chapter(row, number, known))
    _no_code_twice(read, findings)
    return read


@dataclass(frozen=True)
class Known:
    """The codes that items may name."""

    questions: Collection[str]
    outcomes: Collection[str]
    themes: Collection[str]
    strict: bool


def _translations(table: Table, fields: dict[str, Any], languages: Collection[str], model: Any) -> dict[str, str]:
    """``translations: {cy: {title: …}}`` → ``{"title_cy": …}``. ``fields``: name → languages it may have."""
    found = {}
    into = table.table("translations", [code for code in languages if code != SOURCE])
    for code in into.values if into else ():
        words = into.table(code, fields) if into else None
        for name in words.values if words else ():
            if words is not None and name in fields and code not in fields[name]:
                words.wrong(
                    words.at(name),
                    f"`{name}` has no {BY_CODE[code].name if code in BY_CODE else code}",
                    "Professionals' words: en and cy only",
                )
            elif words is not None and name in fields:
                found[f"{name}_{code}"] = words.text(name, longest(model, name))
    return found


def _framework(file: Table) -> dict[str, Any]:
    table = file.table("framework", FRAMEWORK, required=True)
    if table is None:
        return {}
    return {
        "code": table.code("code", longest(Framework, "code")),
        "name": table.text("name", longest(Framework, "name"), required=True),
        "owner": table.text("publisher", longest(Framework, "owner"), required=True),
        "jurisdictions": table.choices("jurisdiction", JURISDICTIONS),
        "audience": table.text("audience", longest(Framework, "audience")),
        "licence_note": table.text("licence_note", longest(Framework, "licence_note")),
        "name_cy": "",
        **_translations(table, {"name": PROFESSIONAL}, PROFESSIONAL, Framework),
    }


def _edition(file: Table) -> dict[str, Any]:
    table = file.table("edition", EDITION, required=True) or Table(file.node, "edition", FILE, Findings())
    table.choice("language", ["en-GB", "en"], otherwise="en")
    return {
        "code": table.code("code", longest(Edition, "code")),
        "year": table.number("year", 1990, 2100, required=True) or 0,
        "status": STATUSES.get(table.choice("status", STATUSES, otherwise="draft"), Edition.Status.DRAFT),
        "published": table.text("published", longest(Edition, "published")),
        "supersedes": table.code("supersedes", longest(Edition, "supersedes"), required=False),
        "superseded_by": table.code("superseded_by", longest(Edition, "superseded_by"), required=False),
        "is_official_text": table.flag("official_text_included"),
        "valid_from": table.date("valid_from"),
        "valid_to": table.date("valid_to"),
        "provenance": table.text("provenance", None),
        "provenance_cy": "",
        "promises_checked_by": table.text("promises_checked_by", longest(Edition, "promises_checked_by")),
        **_translations(table, {"provenance": PROFESSIONAL}, PROFESSIONAL, Edition),
    }


def _codes_and_titles(file: Table, read: EditionFile) -> None:
    """Key questions, outcomes, the scale and what is known of a frame: lists of small rows, kept as they are."""
    for key, name in (("key_questions", "key question"), ("outcomes", "outcome")):
        rows = [
            {"code": row.code("code", 20), "title": row.text("title", 200, required=True)}
            for row in file.tables(key, name, {"code", "title"})
        ]
        read.edition[key] = _once(rows, file, key)
    facts = file.tables("known_facts", "known fact", {"code", "text", "source"})
    read.edition["known_facts"] = _once(
        [
            {"code": row.code("code", 30), "text": row.text("text", 500, required=True), "source": row.text("source", 300, required=True)}
            for row in facts
        ],
        file,
        "known_facts",
    )
    scale = []
    for row in file.tables("answer_scale", "answer", {"code", "score", "title", "meaning"}):
        if not row.has("score") and row.at("score") is None:
            row.wrong(None, "`score` is missing", "Write a number from 0 to 3, or null where nothing is scored")
        words = {"title": row.text("title", 60, required=True), "meaning": row.text("meaning", 300)}
        scale.append({"code": row.code("code", 30), "score": row.number("score", 0, 3), **words})
    read.edition["scale"] = _once(scale, file, "answer_scale")


def _once(rows: list[dict[str, Any]], file: Table, key: str) -> list[dict[str, Any]]:
    codes = [row["code"] for row in rows if row["code"]]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        file.wrong(file.at(key), f"in `{key}`, “{code}” stands twice", "Give each entry a code of its own")
    return rows


def _themes(file: Table) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(file.tables("themes", "theme", {"code", "title", "translations"}), 1):
        yield {
            "code": row.code("code", longest(Theme, "code")),
            "order": number,
            "title": row.text("title", longest(Theme, "title"), required=True),
            **_translations(row, {"title": BY_CODE}, BY_CODE, Theme),
        }


def _chapter(row: Table, number: int, known: Known) -> dict[str, Any]:
    chapter = {
        "line": row.line,
        "code": row.code("code", longest(Chapter, "code")),
        "order": row.number("order", 1, 999, otherwise=number) or number,
        "title": row.text("title", longest(Chapter, "title"), required=True),
        "title_cy": "",
        "source_chapter": row.text("source_chapter", longest(Chapter, "source_chapter")),
        "provenance": row.choice("provenance", Chapter.Provenance.values),
        "provenance_note": row.text("provenance_note", None),
        "outcomes": row.choices("outcomes", known.outcomes),
        "theme": row.choice("theme", known.themes, otherwise=""),
        **_translations(row, {"title": PROFESSIONAL}, PROFESSIONAL, Chapter),
    }
    rows = row.tables("standards", "standard", STANDARD, required=True)
    return chapter | {"standards": [_standard(each, place, known) for place, each in enumerate(rows, 1)]}


def _standard(row: Table, number: int, known: Known) -> dict[str, Any]:
    kinds = row.choices("applies_to", ["all", *ANSWERS_FOR])
    standard = {
        "line": row.line,
        "code": row.code("code", longest(Standard, "code")),
        "order": number,
        "title": row.text("title", longest(Standard, "title"), required=True),
        "title_cy": "",
        "statement": row.text("statement", longest(Standard, "statement"), required=True),
        "statement_cy": "",
        "promise_en": row.text("promise", longest(Standard, "promise")),
        "key_question": row.choice("key_question", known.questions),
        "applies_to": [] if "all" in kinds else kinds,
        **_translations(row, {"title": PROFESSIONAL, "statement": PROFESSIONAL, "promise": BY_CODE}, BY_CODE, Standard),
    }
    rows = row.tables("indicators", "indicator", INDICATOR, required=True)
    indicators = [_indicator(each, place) for place, each in enumerate(rows, 1)]
    if not FEWEST <= len(indicators) <= MOST and row.has("indicators"):
        what, mend = f"{row.name} has {len(indicators)} indicators", f"A standard has {FEWEST} to {MOST}"
        (row.findings.problems if known.strict else row.findings.warnings).append(Problem(row.line, what, mend))
    return standard | {"indicators": indicators}


def _indicator(row: Table, number: int) -> dict[str, Any]:
    words = ("text", "good_practice", "weak_practice", "evidence_hints")
    return {
        "line": row.line,
        "code": row.code("code", longest(Indicator, "code")),
        "order": number,
        **{name: row.text(name, longest(Indicator, name), required=name == "text") for name in words},
        **dict.fromkeys((f"{name}_cy" for name in words), ""),
        "is_critical": row.flag("critical"),
        "weight": row.number("weight", 1, 10, otherwise=1),
        "freshness_months": row.number("freshness_months", 1, 120),
        **_translations(row, dict.fromkeys(words, PROFESSIONAL), PROFESSIONAL, Indicator),
    }


def _no_code_twice(read: EditionFile, findings: Findings) -> None:
    """Codes of chapters, standards and indicators name one thing in the whole edition: an erratum and a crosswalk go by them."""
    rows = [*read.chapters, *(row for _, row in read.standards()), *(row for _, row in read.indicators())]
    first: dict[str, int] = {}
    for row in rows:
        if row["code"] and row["code"] in first:
            what = f"the code {row['code']} stands in line {first[row['code']]} already"
            findings.problems.append(Problem(row["line"], what, "Give it a code of its own; never use an old one again"))
        first.setdefault(row["code"], row["line"])
    orders = [chapter["order"] for chapter in read.chapters]
    for chapter in read.chapters:
        if orders.count(chapter["order"]) > 1:
            findings.problems.append(
                Problem(chapter["line"], f"chapter {chapter['code']}: `order` {chapter['order']} stands twice", "Number chapters 1, 2, 3")
            )
