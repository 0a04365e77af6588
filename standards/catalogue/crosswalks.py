"""How the items of one edition relate to those of another: read from a file of its own, beside the editions."""

from typing import Any

from django.db import transaction

from standards.catalogue.importing import Outcome
from standards.catalogue.models import Chapter, Crosswalk, Edition, Indicator, Standard
from standards.catalogue.places import Table, open_table
from standards.catalogue.reading import SCHEMA_VERSION, longest

FILE = {"schema_version", "crosswalk", "items"}
BOTH = {"same", "narrower", "wider", "split", "merged"}  # relations between two items; "new" and "dropped" have one end


def is_crosswalk(text: str) -> bool:
    """Whether the file is a crosswalk, not an edition."""
    return any(line.startswith("crosswalk:") for line in text.splitlines())


def codes_of(edition: Edition) -> set[str]:
    """Every code that a crosswalk may name: items, and the known facts of a frame."""
    found = {fact["code"] for fact in edition.known_facts}
    found |= set(Chapter.objects.filter(edition=edition).values_list("code", flat=True))
    found |= set(Standard.objects.filter(chapter__edition=edition).values_list("code", flat=True))
    return found | set(Indicator.objects.filter(edition=edition).values_list("code", flat=True))


def import_text(text: str, *, dry_run: bool = False) -> Outcome:
    """Replace the crosswalk between two editions by that of the file. Nothing is written on a dry run or when something is wrong."""
    outcome = Outcome()
    table = open_table(text, FILE, outcome.findings)
    if table is None:
        return outcome
    if table.number("schema_version", 1, 99, required=True) not in {None, SCHEMA_VERSION}:
        table.wrong(table.at("schema_version"), "`schema_version` is not known", f"This release reads version {SCHEMA_VERSION}")
    ends = table.table("crosswalk", {"from", "to"}, required=True)
    first, second = (_edition(ends, "from"), _edition(ends, "to")) if ends else (None, None)
    if first is None or second is None:
        return outcome
    rows = list(_rows(table, first, second))
    if outcome.findings.problems:
        return outcome
    name = f"crosswalk {first.code} to {second.code}"
    fields = ("from_code", "to_code", "relation", "note")
    existing = Crosswalk.objects.filter(from_edition=first, to_edition=second)
    if sorted(existing.values_list(*fields)) == sorted(tuple(row[name] for name in fields) for row in rows):
        outcome.done = f"{name}: nothing to do"
    elif dry_run:
        outcome.done = f"{name}: would be imported ({len(rows)} rows)"
    else:
        with transaction.atomic():
            existing.delete()
            Crosswalk.objects.bulk_create(Crosswalk(from_edition=first, to_edition=second, **row) for row in rows)
        outcome.done = f"{name}: imported ({len(rows)} rows)"
    return outcome


def _edition(ends: Table, end: str) -> Edition | None:
    code = ends.code(end, 40)
    edition: Edition | None = Edition.objects.filter(code=code).first()
    if code and edition is None:
        ends.wrong(ends.at(end), f"there is no edition “{code}”", "Import the edition first")
    return edition


def _rows(table: Table, first: Edition, second: Edition) -> "list[dict[str, Any]]":
    known = {"from": codes_of(first), "to": codes_of(second)}
    rows = []
    for item in table.tables("items", "row", {"from", "to", "relation", "note"}, required=True):
        relation = item.choice("relation", Crosswalk.Relation.values)
        ends = {end: item.choice(end, known[end], otherwise="") for end in ("from", "to")}
        wanted = {"from": relation in BOTH or relation == "dropped", "to": relation in BOTH or relation == "new"}
        for end in ("from", "to"):
            if relation and wanted[end] is not item.has(end):
                what = f"“{relation}” {'needs' if wanted[end] else 'has no'} `{end}`"
                item.wrong(item.at(end), what, f"Add `{end}:`" if wanted[end] else "Leave it out")
        note = item.text("note", longest(Crosswalk, "note"))
        rows.append({"from_code": ends["from"], "to_code": ends["to"], "relation": relation, "note": note})
    return rows
