"""The key to "which person do you mean?" (B2): sealed, for the two sides only, in no export, destroyed on its day.

The text of a report says "Person 3". What the provider calls that person stands here, under a key of its own in the keyring: when that
is destroyed, the entry is gone from every backup too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record, saw
from portal.vault import keyring
from portal.vault.sealing import Unreadable
from standards.evidence import personal_data
from standards.reports import permissions
from standards.reports.models import KeyEntry, Report, Statement

FIELD, VERSION = "reference", 1
KEPT = timedelta(days=90)
LONGEST = 80
STATES = ("drafting", "internal_review", "draft_issued", "comments_open", "comments_closed", "comments_review")


@dataclass(frozen=True)
class Opened:
    """An entry, read. ``reference`` is what the provider calls the person."""

    id: UUID
    number: int
    label: str
    reference: str
    destroy_on: date
    by: str


def may_read(by: Any, report: Report) -> bool:
    """The team and the provider's approvers who check the facts; no reviewer, no publisher, no commissioner."""
    if permissions.can_draft(by, report):
        return True
    return permissions.can_answer(by, report) and report.status in Report.DRAFT_WITH_PROVIDER


def add(statement: Statement, label: str, reference: str, *, by: Any) -> KeyEntry:
    """Say whom a statement means. The key is made first: a key without an entry harms nobody."""
    report = statement.report
    if not may_read(by, report):
        raise PermissionDenied
    if report.status not in STATES:
        raise ValidationError(_("The check of facts is over: no more entries are kept."))
    label, reference = label.strip(), reference.strip()
    if not (0 < len(label) <= LONGEST and 0 < len(reference) <= LONGEST):
        raise ValidationError({"reference": _("Give the label of the text and the provider's own reference, each in a few words.")})
    if any(hit.stops or hit.kind in ("name", "birth", "email", "phone") for hit in personal_data.look(f"{label}\n{reference}")):
        raise ValidationError(
            {"reference": _("Only a reference of the provider's own: never a name, a date of birth or a number of somebody's.")}
        )
    entry = KeyEntry(statement=statement, destroy_on=timezone.localdate() + KEPT, by=by)
    key = keyring.make_key(entry.pk)
    entry.blob = key.seal({"label": label, "reference": reference}, field=FIELD, version=VERSION)
    with transaction.atomic():
        entry.save(force_insert=True)
        record("reports.report.add_key_entry", report, by=by, codes={"statement": statement.number})
    return entry


def read(report: Report, *, by: Any) -> list[Opened]:
    """Every entry that has not been destroyed. That somebody looked is on record. Raises ``PermissionDenied``."""
    if not may_read(by, report):
        raise PermissionDenied
    rows = list(KeyEntry.objects.filter(statement__report=report).select_related("statement", "by").order_by("statement__number", "at"))
    keys = keyring.open_keys([row.pk for row in rows])
    with transaction.atomic():
        saw(by, report, "reports.key")
    return list(_opened(rows, keys))


def _opened(rows: Iterable[KeyEntry], keys: dict[UUID, keyring.Key]) -> Iterable[Opened]:
    for row in rows:
        if row.pk not in keys:
            continue
        try:
            value = keys[row.pk].unseal(bytes(row.blob), field=FIELD, version=VERSION)
        except Unreadable:
            continue
        yield Opened(row.pk, row.statement.number, value["label"], value["reference"], row.destroy_on, str(row.by))


def destroy_due(day: date) -> int:
    """Every entry whose day has come, and those of reports that are over. The key goes first, then the row. Returns how many."""
    over = (Report.Status.CLOSED, Report.Status.WITHDRAWN, Report.Status.SUPERSEDED)
    due = KeyEntry.objects.filter(destroy_on__lte=day) | KeyEntry.objects.filter(statement__report__status__in=over)
    count = 0
    for entry in due.select_related("statement__report").distinct():
        keyring.destroy_key(entry.pk)
        with transaction.atomic():
            record("reports.report.destroy_key_entry", entry.statement.report, by=None, codes={"statement": entry.statement.number})
            entry.delete()
        count += 1
    return count
