"""What arrives with the check of facts: the proof that a recipient has the draft, and files of evidence."""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit import mail
from portal.audit.outbox import enqueue
from portal.audit.trail import record
from portal.steps import WrongState
from standards.evidence import scanner, store
from standards.evidence.arrival import Arrived
from standards.reports import accuracy, permissions
from standards.reports.models import Recipient, ReplyFile, Report, Statement

MOST_FILES = 20  # with one reply


def confirm(report: Report, recipient: Recipient) -> None:
    """They have it. If they were the last, the clock starts."""
    with transaction.atomic():
        if Recipient.objects.filter(pk=recipient.pk, opened_at__isnull=True).update(opened_at=timezone.now()):
            record("reports.report.receive", report, by=recipient.user, codes={"recipient": recipient.pk})
    start_clock(report)


def tell(recipient_id: str) -> None:
    """Mail one recipient, whatever they chose for other notices: a deadline hangs on it. Raises ``OSError`` until the relay takes it."""
    row = Recipient.objects.select_related("user", "report__inspection").filter(pk=recipient_id).first()
    if row is None or row.report.status not in Report.DRAFT_WITH_PROVIDER:
        return
    if row.mail_accepted_at is None:
        mail.send(row.user, reverse("reports:facts", args=[row.report_id]), name=f"report-draft.{row.pk}")
        Recipient.objects.filter(pk=row.pk, mail_accepted_at__isnull=True).update(mail_accepted_at=timezone.now())
    start_clock(row.report)


def start_clock(report: Report) -> bool:
    """Open the check of facts once it is proven that everybody has the draft. Whether it was this call that did."""
    try:
        report.open_comments(by=None)
    except (ValidationError, WrongState):
        return False
    return True


def keep(report: Report, statement: Statement, arrived: Arrived, *, by: Any) -> ReplyFile:
    """File evidence with the reply that is open. The file first, then its row."""
    name = uuid.uuid4()
    size, sha256 = store.put(name, arrived.content)
    try:
        with transaction.atomic():
            row = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=report.pk)
            if not permissions.can_answer(by, row):
                raise PermissionDenied
            reply = accuracy.open_reply(row, statement)
            if reply._state.adding:
                reply.by, reply.at = by, timezone.now()
                reply.save(force_insert=True)
            if reply.files.count() >= MOST_FILES:
                raise ValidationError(_("There are 20 files with this statement already."))
            file: ReplyFile = reply.files.create(
                stored_name=name, shown_name=arrived.shown_name, media_type=arrived.media_type, size=size, sha256=sha256, added_by=by,
                scan="waiting" if settings.CLAMD_ADDRESS else "not_required",
            )  # fmt: skip
            record("reports.report.add_reply_file", row, by=by, codes={"statement": statement.number, "file": file.pk, "sha256": sha256})
            if settings.CLAMD_ADDRESS:
                enqueue("reports.scan_reply_file", key=f"reports.scan:{file.pk}", file=str(file.pk))
    except BaseException:
        store.remove(name)
        raise
    return file


def scan(file_id: str) -> None:
    """Ask the scanner about one file. Raises ``NoAnswer`` when it does not say."""
    for row in ReplyFile.objects.filter(pk=file_id, scan="waiting"):
        try:
            verdict = scanner.ask(settings.CLAMD_ADDRESS, store.pieces(row.stored_name))
        except FileNotFoundError:
            found = "missing"
        else:
            found = "clean" if verdict.is_clean else "infected"
        if found == "infected":
            store.set_apart(row.stored_name)
        ReplyFile.objects.filter(pk=row.pk).update(scan=found)


def names_kept(names: Any) -> set[uuid.UUID]:
    """Which of these stored names are ours: the morning's sweep takes away what nobody claims."""
    return set(ReplyFile.objects.filter(stored_name__in=list(names)).values_list("stored_name", flat=True))
