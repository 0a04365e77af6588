"""Regimes come from a file of dated data: every mistake is told by line, and a regime that was used keeps its rules."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.calendar.working_days import Calendar
from providers.services.places import Kind, Nation
from standards.catalogue.models import Edition
from standards.catalogue.places import Findings, Table, open_table
from standards.inspections.deadlines import NAMES, UNITS
from standards.inspections.models import Regime
from standards.inspections.models.regimes import Audience

FILE = Path(__file__).parent / "regimes.yaml"
KEYS = {
    *("code", "letter", "name", "edition", "nations", "service_kinds", "calendar", "ratings", "allows_requirements", "default_audience"),
    *("blind_share", "valid_from", "valid_to", "source_note", "deadlines"),
}  # fmt: skip
RATING = {"code", "title", "meaning"}
DEADLINE = {"code", "days", "unit", "source"}


@dataclass
class Outcome:
    """What a load came to. ``kept``: regimes that were used and differ from the file, so they stayed as they are."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def __str__(self) -> str:
        parts = [f"{len(self.added)} added", f"{len(self.changed)} changed"]
        return ", ".join(parts + ([f"kept because they were used: {', '.join(self.kept)}"] if self.kept else []))


def read(text: str, findings: Findings) -> list[dict[str, Any]]:
    """The regimes of a file, as rows named like the columns. Mistakes go to ``findings``."""
    table = open_table(text, {"schema_version", "regimes"}, findings)
    if table is None:
        return []
    table.number("schema_version", 1, 1, required=True)
    rows = [_row(entry) for entry in table.tables("regimes", "regime", KEYS, required=True)]
    codes = [row["code"] for row in rows]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        table.wrong(None, f"the regime {code} stands here twice", "Give each its own code")
    return rows


def _row(table: Table) -> dict[str, Any]:
    row: dict[str, Any] = {
        "code": table.code("code", 40),
        "letter": table.code("letter", 3).upper(),
        "name": table.text("name", 150, required=True),
        "edition": table.code("edition", 40),
        "nations": table.choices("nations", Nation.values),
        "service_kinds": table.choices("service_kinds", Kind.values),
        "calendar": table.choice("calendar", [one.value for one in Calendar]),
        "rating_scale": [
            {"code": entry.code("code", 30), "title": entry.text("title", 60, required=True), "meaning": entry.text("meaning", 200)}
            for entry in table.tables("ratings", "rating", RATING)
        ],
        "allows_requirements": table.flag("allows_requirements"),
        "default_audience": table.choice("default_audience", Audience.values),
        "blind_share": table.number("blind_share", 0, 100, otherwise=10),
        "valid_from": table.date("valid_from"),
        "valid_to": table.date("valid_to"),
        "source_note": table.text("source_note", 500),
        "deadlines": dict(_deadline(entry) for entry in table.tables("deadlines", "deadline", DEADLINE, required=True)),
    }
    row["uses_ratings"] = bool(row["rating_scale"])
    if row["valid_from"] is None:
        table.wrong(table.at("valid_from"), "`valid_from` is missing", "Say from which day it holds, as 2021-01-25")
    elif row["valid_to"] is not None and row["valid_to"] < row["valid_from"]:
        table.wrong(table.at("valid_to"), "`valid_to` lies before `valid_from`", "Turn them round, or leave `valid_to` out")
    return row


def _deadline(table: Table) -> tuple[str, dict[str, Any]]:
    days = table.number("days", 1, 1000, required=True)
    source = table.text("source", 200, required=True)
    return table.choice("code", NAMES), {"days": days, "unit": table.choice("unit", UNITS), "source": source}


@transaction.atomic
def load(text: str, inspectorate: Any) -> Outcome:
    """Make the regimes of a file those of ``inspectorate``. All or nothing; with mistakes, nothing."""
    outcome = Outcome()
    rows = read(text, outcome.findings)
    editions = {edition.code: edition for edition in Edition.objects.filter(code__in=[row["edition"] for row in rows])}
    table = open_table(text, {"schema_version", "regimes"}, Findings())
    for row in rows:
        if row["edition"] and row["edition"] not in editions and table:
            table.findings = outcome.findings
            table.wrong(None, f"regime {row['code']}: there is no edition “{row['edition']}”", "Import the edition first")
    if outcome.findings.problems:
        return outcome
    for row in rows:
        _keep(row | {"edition": editions[row["edition"]], "inspectorate": inspectorate}, outcome)
    return outcome


def _keep(values: dict[str, Any], outcome: Outcome) -> None:
    regime = Regime.objects.select_for_update().filter(code=values["code"]).first()
    if regime is None:
        regime = Regime(**values)
        outcome.added.append(regime.code)
    else:
        differs = {name for name, value in values.items() if getattr(regime, name) != value}
        if not differs:
            return
        if differs - {"valid_to"} and regime.inspections.exists():  # a regime may end; its rules stay those it was used under
            outcome.kept.append(regime.code)
            return
        for name, value in values.items():
            setattr(regime, name, value)
        outcome.changed.append(regime.code)
    regime.full_clean(validate_unique=False)
    regime.save()
