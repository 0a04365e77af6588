"""Changing the words of a report: each change is a version, nobody is overwritten unseen."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from standards.inspections.models import Finding
from standards.reports import permissions
from standards.reports.models import Link, Report, Statement, StatementVersion

FIELDS = ("text", "asserts_fact", "is_good_practice")
SUMMARIES = ("for_shared", "for_public")


class Outdated(Exception):  # noqa: N818 - it is no error of the program: somebody else was quicker
    """Somebody else changed it since its reader saw it. ``row`` is as it stands now; what came is kept as a version beside it."""

    def __init__(self, row: Any) -> None:
        self.row = row
        super().__init__("Somebody else changed this meanwhile. Nothing was overwritten.")


@dataclass(frozen=True)
class Words:
    """What is written in a statement."""

    text: str
    asserts_fact: bool
    is_good_practice: bool
    findings: tuple[uuid.UUID, ...]


def _locked(report: Report, by: Any) -> Report:
    """The report, locked, so that no step comes between. Raises ``PermissionDenied`` or ``ValidationError``."""
    row: Report = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=report.pk)
    if not permissions.can_draft(by, row):
        raise PermissionDenied
    if not row.is_writable:
        raise ValidationError(_("This is “%(state)s” now: its words cannot change.") % {"state": row.get_status_display()})
    return row


def change(statement: Statement, words: Words, *, base: int, by: Any) -> Statement:
    """Write a statement anew. ``base``: the version its writer had seen. Raises ``Outdated``; then both texts are kept."""
    met: Statement | None = None
    with transaction.atomic():
        report = _locked(statement.report, by)
        row: Statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        if row.version != base and row.text != words.text:
            StatementVersion.objects.create(statement=row, version=None, text=words.text, by=by)
            met = row
        else:
            _take(row, report, words, by)
    if met is not None:
        raise Outdated(met)
    return row


def _take(row: Statement, report: Report, words: Words, by: Any) -> None:
    row.text, row.asserts_fact, row.is_good_practice = words.text, words.asserts_fact, words.is_good_practice
    row.by, row.at, row.version = by, timezone.now(), row.version + 1
    row.clean()
    row.save()
    _link(row, report, words.findings)
    StatementVersion.objects.create(statement=row, version=row.version, text=row.text, by=by)
    _note(report, row, "change", by)


def add(report: Report, words: Words, section: str, *, standard: Any, key_question: str, by: Any) -> Statement:
    """A new statement, with the next number."""
    with transaction.atomic():
        locked = _locked(report, by)
        number = (locked.statements.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        row = Statement(
            report=locked, number=number, order=number + 1000, section=section, standard=standard, key_question=key_question,
            text=words.text,
            asserts_fact=words.asserts_fact, is_good_practice=words.is_good_practice, by=by,
        )  # fmt: skip
        row.clean()
        row.save(force_insert=True)
        _link(row, locked, words.findings)
        StatementVersion.objects.create(statement=row, version=1, text=row.text, by=by)
        _note(locked, row, "add", by)
    return row


def remove(statement: Statement, *, is_removed: bool, by: Any) -> None:
    """Take a statement out, or put it back. Its number is never used again."""
    with transaction.atomic():
        report = _locked(statement.report, by)
        row = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        row.is_removed, row.version, row.by, row.at = is_removed, row.version + 1, by, timezone.now()
        row.save()
        _note(report, row, "remove" if is_removed else "put_back", by)


def write_summary(statement: Statement, shared: str, public: str, *, base: int, by: Any) -> Statement:
    """The words of a statement for wider audiences: only while no summary of them has been issued."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=statement.report_id)
        if not permissions.can_prepare(by, report):
            raise PermissionDenied
        row: Statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        if row.version != base and (row.for_shared, row.for_public) != (shared, public):
            raise Outdated(row)
        row.for_shared, row.for_public, row.version = shared, public, row.version + 1
        row.save(update_fields=["for_shared", "for_public", "version"])
        _note(report, row, "write_summary", by)
    return row


def _link(row: Statement, report: Report, findings: Iterable[uuid.UUID]) -> None:
    """Its findings: of this inspection only, whatever a form says (IDOR-03)."""
    wanted = set(Finding.objects.filter(inspection=report.inspection_id, pk__in=list(findings)).values_list("pk", flat=True))
    if wanted != set(findings):
        raise ValidationError({"findings": _("One of these findings is not there.")})
    row.links.exclude(finding__in=wanted).delete()
    there = set(row.links.values_list("finding", flat=True))
    Link.objects.bulk_create(Link(statement=row, finding_id=pk) for pk in wanted - there)


def _note(report: Report, row: Statement, act: str, by: Any) -> None:
    record(f"reports.report.{act}_statement", report, by=by, codes={"statement": row.number, "version": row.version})
