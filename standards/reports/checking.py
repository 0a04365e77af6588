"""Fetches what the linter looks at: a report's draft, in a fixed number of queries."""

from typing import TYPE_CHECKING, Any

from standards.reports import linting
from standards.reports.linting import Draft, Found, Judged, Problem, Said

if TYPE_CHECKING:
    from standards.reports.models import Report

MOST_ELSEWHERE = 3000  # statements of other reports, the newest, in which reused phrases are looked for


def look(report: "Report", *, quick: bool = False, rows: Any = None, items: Any = None) -> list[Problem]:
    """Every objection to the draft as it stands. ``quick`` leaves out the comparison with other reports, which stops nothing.

    ``rows`` and ``items``: the statements in reading order and the items, with their findings, for who has fetched them already.
    """
    if rows is None:
        rows = report.statements.standing().in_full().order_by("order", "number")
    if items is None:
        items = report.items.prefetch_related("findings")
    return linting.lint(draft_of(report, rows, items, quick=quick))


def draft_of(report: "Report", rows: Any, items: Any, *, quick: bool = False) -> Draft:
    """The draft as the linter sees it."""
    inspection = report.inspection
    statements = [
        Said(
            row.number, row.section, row.text, row.asserts_fact, tuple(finding.code for finding in row.findings),
            row.standard.code if row.standard else "", row.key_question,
        )
        for row in rows
    ]  # fmt: skip
    judgements = list(inspection.judgements.select_related("standard"))
    findings = _findings(report)
    questions = {row.standard.code: row.standard.key_question for row in judgements}
    questions |= {found.standard: question for found, question in findings.values()}
    return Draft(
        statements=statements, findings={code: found for code, (found, _question) in findings.items()},
        judgements=[Judged(row.standard.code, row.value) for row in judgements],
        ratings={row.key_question: row.rating for row in inspection.narratives.all()} if inspection.regime.uses_ratings else {},
        questions=questions, elsewhere=frozenset() if quick else _elsewhere(report),
        items=frozenset(finding.code for item in items for finding in item.findings.all()),
    )  # fmt: skip


def _findings(report: "Report") -> dict[str, tuple[Found, str]]:
    rows = report.inspection.findings.select_related("standard").prefetch_related("activities")
    found = {}
    for row in rows:
        activities = list(row.activities.all())
        has_evidence = bool(row.evidence.strip() or activities or row.sample_id)
        has_voice = any(activity.method == "survivor" for activity in activities)
        found[row.code] = (
            Found(row.code, row.kind, row.standard.code, row.status == "agreed", has_evidence, has_voice, row.severity),
            row.standard.key_question,
        )
    return found


def _elsewhere(report: "Report") -> frozenset[tuple[str, ...]]:
    """Runs of words in other reports of this inspectorate; not in those that this one corrects."""
    others = type(report).objects.filter(organisation=report.organisation_id).exclude(inspection=report.inspection_id)
    statement = report.statements.model
    texts = statement.objects.filter(report__in=others.values("pk"), is_removed=False).exclude(section="about").order_by("-at")
    return frozenset().union(*(linting.shingles(text, linting.PHRASE) for text in texts.values_list("text", flat=True)[:MOST_ELSEWHERE]))
