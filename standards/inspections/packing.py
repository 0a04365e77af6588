"""What a visit pack holds, as plain values: the scope, what is known of it, and the drafts of whoever takes it. Nobody's name.

Neither provider nor service nor team is in it: the number of the inspection says enough to its team, and nothing to anybody else.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format

from standards.catalogue.models import Indicator
from standards.inspections.models import Activity, Finding, Inspection

FORMAT = 1
FINDING = (
    "standard", "indicators", "kind", "text", "severity", "likelihood", "is_urgent", "evidence", "activities", "sample", "repeats",
)  # fmt: skip
ACTIVITY = ("method", "on", "headcount", "interpreter", "language_group", "note")
TOGETHER = (("standard", "indicators"), ("kind", "severity", "likelihood"))  # of a finding: each makes sense only beside the other


def contents(inspection: Inspection, by: Any) -> dict[str, Any]:
    """Everything that the device gets, once, to encrypt it."""
    titles = {row["code"]: row["title"] for row in inspection.regime.edition.key_questions}
    standards = list(inspection.standards())
    return {
        "format": FORMAT,
        "pack": str(inspection.pk),
        "writer": str(by.pk),
        "number": inspection.number,
        "questions": [{"code": code, "title": str(title)} for code, title in titles.items()],
        "standards": [
            {"id": str(row.pk), "code": row.code, "title": row.title, "statement": row.statement, "question": row.key_question}
            for row in standards
        ],
        "indicators": [
            {"id": str(row.pk), "standard": str(row.standard_id), "code": row.code, "text": row.text} for row in indicators(inspection)
        ],
        "activities": [{"id": str(row.pk), "label": label(row), "note": row.note} for row in inspection.activities.all()],
        "samples": [{"id": str(row.pk), "label": str(row)} for row in inspection.samples.select_related("population")],
        "earlier": [_earlier(row) for row in Finding.objects.of_earlier(inspection)] if inspection.earlier_id else [],
        "findings": [{"id": str(row.pk), "code": row.code, "values": of_finding(row)} for row in own_drafts(inspection, by)],
    }  # fmt: skip


def indicators(inspection: Inspection) -> QuerySet[Indicator]:
    """Those of the standards in scope, in their order."""
    rows: QuerySet[Indicator] = Indicator.objects.filter(standard__in=inspection.standards()).order_by("order", "code")
    return rows


def _earlier(row: Finding) -> dict[str, str]:
    return {
        "id": str(row.pk), "code": row.code, "label": f"{row.code} · {row.standard}", "kind": str(row.get_kind_display()), "text": row.text,
    }  # fmt: skip


def own_drafts(inspection: Inspection, by: Any) -> QuerySet[Finding]:
    """What this person wrote and may still change."""
    rows: QuerySet[Finding] = inspection.findings.filter(by=by, status=Finding.Status.DRAFT)
    return rows.prefetch_related("indicators", "activities").order_by("code")


def label(activity: Activity) -> str:
    """An activity as a list shows it: how and when."""
    return f"{activity.get_method_display()}, {date_format(activity.on, 'j F Y')}"


def of_finding(row: Finding) -> dict[str, Any]:
    """A finding as the device writes one."""
    many = {name: sorted(str(one.pk) for one in getattr(row, name).all()) for name in ("indicators", "activities")}
    single = {name: str(getattr(row, f"{name}_id") or "") for name in ("standard", "sample", "repeats")}
    words = {name: getattr(row, name) for name in ("kind", "text", "severity", "likelihood", "is_urgent", "evidence")}
    found = {**many, **single, **words}
    return {name: found[name] for name in FINDING}


def of_activity(row: Activity) -> dict[str, Any]:
    """An activity as the device writes one."""
    return {
        "method": row.method, "on": f"{row.on:%Y-%m-%d}", "headcount": str(row.headcount), "interpreter": row.interpreter,
        "language_group": row.language_group, "note": row.note,
    }  # fmt: skip
