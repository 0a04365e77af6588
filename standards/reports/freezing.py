"""The frozen text of a report: everything in it as plain data, its hash, and what changed from one version to the next."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal import hashing

if TYPE_CHECKING:
    from standards.reports.models import Report, Statement, Version

FORMAT = 1  # of the content; a reader of old copies asks for it
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is misread
Content = dict[str, Any]


def new_code() -> str:
    """What people type to learn whether a document is current: nine letters and digits."""
    return "".join(secrets.choice(LETTERS) for _at in range(9))


def spoken(code: str) -> str:
    """In groups of three."""
    return "-".join(code[at : at + 3] for at in range(0, len(code), 3))


def text_digest(report: "Report") -> str:
    """Over what somebody approves: statements with their findings, items, and photos. An approval is bound to it (PERM-13)."""
    return hashing.digest({"statements": statements_of(report), "items": items_of(report), "photos": photos_of(report)})


def content_of(report: "Report") -> Content:
    """The report as it stands."""
    inspection = report.inspection
    return {
        "format": FORMAT,
        "report": {"id": str(report.pk), "title": report.title, "language": report.language, "number": inspection.number},
        "inspection": _inspection(inspection),
        "key_questions": [dict(row) for row in inspection.regime.edition.key_questions],
        "judgements": [_judgement(row) for row in _judgements(inspection)],
        "ratings": _ratings(inspection),
        "statements": statements_of(report),
        "items": items_of(report),
        "photos": photos_of(report),
        "decisions": [],
        "changes": [],
        "correction": report.correction_note,
    }


def freeze(report: "Report", kind: str, *, by: Any) -> "Version":
    """Write the next version. A final one holds what changed since the draft, and how every comment was decided."""
    content = content_of(report)
    draft = report.versions.filter(kind="draft").last()
    if kind == "final":
        content["decisions"] = decisions_of(report)
        content["changes"] = changes(draft.content if draft else None, content)
    number = (report.versions.count() or 0) + 1
    made: Version = report.versions.create(
        number=number, kind=kind, content=content, sha256=hashing.digest(content), made_by=by, made_at=timezone.now()
    )
    return made


def statements_of(report: "Report") -> list[Content]:
    """Every statement that stands, in reading order."""
    return [_statement(row) for row in report.statements.standing().in_full().order_by("order", "number")]


def _statement(row: "Statement") -> Content:
    return {
        "id": str(row.pk), "number": row.number, "section": row.section, "key_question": row.key_question,
        "standard": row.standard.code if row.standard else "", "text": row.text, "asserts_fact": row.asserts_fact,
        "is_good_practice": row.is_good_practice, "findings": [finding.code for finding in row.findings],
    }  # fmt: skip


def items_of(report: "Report") -> list[Content]:
    """What should change, by number."""
    return [
        {
            "id": str(row.pk), "number": row.number, "kind": row.kind, "clause": row.clause, "addressee": row.addressee, "text": row.text,
            "findings": sorted(finding.code for finding in row.findings.all()),
            "due_on": row.due_on.isoformat() if row.due_on else None, "times": row.times_stated,
        }
        for row in report.items.prefetch_related("findings").select_related("repeats").order_by("number")
    ]  # fmt: skip


def photos_of(report: "Report") -> list[Content]:
    """Photos of the findings that some statement stands on, by finding. The provider sees them with the draft, before anybody else."""
    from standards.inspections.models import Photo  # the models freeze by this module
    from standards.reports.models import Link  # as above

    told = Link.objects.filter(statement__in=report.statements.standing()).values("finding")
    rows = Photo.objects.filter(inspection=report.inspection_id, finding__in=told).select_related("finding")
    return [
        {"id": str(row.pk), "finding": row.finding.code, "caption": row.caption, "sha256": row.sha256}
        for row in rows.order_by("finding__code", "at")
    ]


def _inspection(inspection: Any) -> Content:
    service = inspection.service
    return {
        "number": inspection.number, "kind": inspection.kind, "notice": inspection.notice, "starts_on": inspection.starts_on.isoformat(),
        "ends_on": inspection.ends_on.isoformat(), "inspectorate": inspection.organisation.name, "provider": inspection.provider.name,
        "service": service.name, "service_kind": service.kind, "nation": service.nation, "region": service.region,
        "public_alias": service.public_alias, "regime": inspection.regime.name, "edition": inspection.regime.edition.code,
        "framework": inspection.regime.edition.framework.name,
    }  # fmt: skip


def _judgements(inspection: Any) -> Iterable[Any]:
    rows: Iterable[Any] = inspection.judgements.select_related("standard__chapter").order_by("standard__chapter__order", "standard__order")
    return rows


def _judgement(row: Any) -> Content:
    return {
        "standard": row.standard.code, "title": row.standard.title, "key_question": row.standard.key_question, "value": row.value,
        "reason": row.reason, "difference": row.difference,
    }  # fmt: skip


def _ratings(inspection: Any) -> list[Content]:
    if not inspection.regime.uses_ratings:
        return []
    titles = {row["code"]: row["title"] for row in inspection.regime.rating_scale}
    return [
        {"key_question": row.key_question, "rating": row.rating, "title": titles.get(row.rating, row.rating), "reason": row.rating_reason}
        for row in inspection.narratives.exclude(rating="").order_by("key_question")
    ]


def decisions_of(report: "Report") -> list[Content]:
    """How every comment of the provider was decided: issued with the final report (B1)."""
    from standards.reports.models import Reply  # the models freeze by this module

    rows = Reply.objects.filter(statement__report=report, sent_at__isnull=False).exclude(verdict="").select_related("statement")
    return [
        {
            "number": row.statement.number, "round": row.round, "verdict": row.verdict, "kind": row.kind, "claim": row.claim,
            "outcome": row.outcome, "reason": row.outcome_reason, "change": row.change_made,
        }
        for row in rows.order_by("statement__number", "round")
    ]  # fmt: skip


def changes(before: Content | None, after: Content) -> list[Content]:
    """What reads otherwise, statement by statement: ``kind`` is new, gone or changed."""
    old = {row["number"]: row["text"] for row in (before or {}).get("statements", ())}
    new = {row["number"]: row["text"] for row in after["statements"]}
    found = [{"number": number, "kind": "new", "before": "", "after": text} for number, text in new.items() if number not in old]
    found += [{"number": number, "kind": "gone", "before": text, "after": ""} for number, text in old.items() if number not in new]
    both = [number for number in new if number in old and new[number] != old[number]]
    found += [{"number": number, "kind": "changed", "before": old[number], "after": new[number]} for number in both]
    return sorted(found, key=lambda row: int(row["number"]))
