"""What pages of a report show, in a number of queries that does not grow with the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format

from portal.steps import Step
from standards.inspections.models import Inspection
from standards.reports import accuracy, checking, linting, permissions
from standards.reports.forms.steps import FORMS
from standards.reports.models import Report, Statement, Version


@dataclass(frozen=True)
class Group:
    """Statements under one heading. ``words``: of the heading; ``own``: what the service says of itself there, beside ours."""

    code: str
    words: str
    rows: list[Any]
    value: str = ""


def month(value: str) -> str:
    """``2026-09`` as people read it: September 2026."""
    return date_format(date.fromisoformat(f"{value}-01"), "F Y")


def steps(report: Report, user: Any) -> list[Step]:
    """What this person may do now with the report as a whole, in the order of its life."""
    order = list(FORMS)
    return sorted((step for step in report.open_to(user) if step.name in FORMS), key=lambda step: order.index(step.name))


def without_report(user: Any) -> list[Inspection]:
    """Inspections of this person's that are being written up and have no report yet."""
    alive = Report.objects.alive().values("inspection")
    rows = Inspection.objects.opened_to(user).filter(status=Inspection.Status.REPORTING).exclude(pk__in=alive)
    return list(rows.select_related("service", "provider").order_by("ends_on")[:50])


def working(report: Report, user: Any) -> dict[str, Any]:
    """The live text with its links, what the linter says, and what may be done."""
    rows = list(report.statements.in_full().order_by("order", "number"))
    standing = [row for row in rows if not row.is_removed]
    items = list(report.items.prefetch_related("findings").select_related("repeats"))
    is_looked_at = report.is_writable or report.status == Report.Status.INTERNAL_REVIEW
    problems = checking.look(report, rows=standing, items=items) if is_looked_at else []
    about = linting.numbers_of(problems)
    for row in rows:
        row.problems = about.get(row.number, [])  # type: ignore[attr-defined]  # for the page
    may_write = report.is_writable and permissions.can_draft(user, report)
    return {
        "groups": list(_groups(standing, _titles(report, standing), _section, _code)), "removed": [row for row in rows if row.is_removed],
        "problems": problems, "stops": sum(problem.stops for problem in problems), "may_write": may_write,
        "items": items,
        "remarks": list(report.inspection.review_remarks.filter(settled_at__isnull=True).select_related("by")),
        "may_prepare": report.is_final and permissions.can_prepare(user, report),
        "recipients": [] if report.status in ("drafting", "internal_review") else list(report.recipients.select_related("user")),
        "is_inside": True,
    }  # fmt: skip


def frozen(report: Report, version: Version, user: Any) -> dict[str, Any]:
    """A frozen text as people read it."""
    content = version.content
    titles = {row["standard"]: row["title"] for row in content["judgements"]}
    titles |= {row["code"]: row["title"] for row in content["key_questions"]}
    return {
        "version": version, "content": content, "groups": groups_of(content["statements"], titles),
        "is_provider": permissions.reads_for_provider(user, report),
        "may_answer": permissions.can_answer(user, report) and report.status in Report.DRAFT_WITH_PROVIDER,
        "may_prepare": report.is_final and permissions.can_prepare(user, report),
        "successor": report.replaced_by.exclude(status__in=("drafting", "withdrawn")).first() if report.status == "superseded" else None,
    }  # fmt: skip


def groups_of(statements: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> list[Group]:
    """Frozen statements under their headings."""
    return list(_groups(statements, titles, lambda row: row["section"], lambda row: row["standard"] or row["key_question"]))


def _titles(report: Report, rows: Iterable[Statement]) -> dict[str, str]:
    """Of the standards and key questions that these statements stand under, by code."""
    questions = {row["code"]: row["title"] for row in report.inspection.regime.edition.key_questions}
    return questions | {row.standard.code: row.standard.title for row in rows if row.standard}


def _section(row: Statement) -> str:
    return row.section


def _code(row: Statement) -> str:
    return row.standard.code if row.standard else row.key_question


def _groups(rows: Iterable[Any], titles: Mapping[str, str], section_of: Any, code_of: Any) -> Iterable[Group]:
    """Runs of statements under one heading, as they stand."""
    labels = dict(Statement.Section.choices)
    last: tuple[str, str] | None = None
    held: list[Any] = []
    for row in rows:
        section = section_of(row)
        code = code_of(row) if section in ("standard", "key_question") else ""
        if last is not None and (section, code) != last:
            yield _group(last, held, titles, labels)
            held = []
        last = (section, code)
        held.append(row)
    if last is not None:
        yield _group(last, held, titles, labels)


def _group(place: tuple[str, str], rows: list[Any], titles: Mapping[str, str], labels: Mapping[str, Any]) -> Group:
    section, code = place
    return Group(code or section, titles.get(code, str(labels[section])), rows)


def facts(report: Report, version: Version, user: Any) -> dict[str, Any]:
    """The check of facts, for the provider and for those who decide."""
    lines = accuracy.lines(report, version.content)
    titles = {row["standard"]: row["title"] for row in version.content["judgements"]}
    titles |= {row["code"]: row["title"] for row in version.content["key_questions"]}
    groups = _groups(
        lines, titles, lambda line: line.frozen["section"], lambda line: line.frozen["standard"] or line.frozen["key_question"]
    )
    return {"groups": list(groups), "lines": lines, **accuracy.progress(lines), "may_answer": permissions.can_answer(user, report)}
