"""Has files looked at by the scanner, and acts on what it says. Idempotent: a file that has a verdict is left alone."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.audit.trail import record
from standards.evidence import scanner, store
from standards.evidence.models import EvidenceFile

Scan = EvidenceFile.Scan


def scan(file: EvidenceFile) -> None:
    """Ask about one file. Raises ``NoAnswer`` when the scanner does not say; the file then stays as it is."""
    if not settings.CLAMD_ADDRESS or file.scan not in {Scan.WAITING, Scan.NOT_REQUIRED}:
        return
    try:
        verdict = scanner.ask(settings.CLAMD_ADDRESS, store.pieces(file.stored_name))
    except FileNotFoundError:
        found, signature = Scan.MISSING, ""
    else:
        found, signature = (Scan.CLEAN, "") if verdict.is_clean else (Scan.INFECTED, verdict.signature)
    if found == Scan.INFECTED:
        store.set_apart(file.stored_name)  # first: should we be killed now, nobody can take it, and we come again
    settle(file, found, signature)


def settle(file: EvidenceFile, state: str, signature: str = "") -> None:
    """Note a file's new state, once, and write it to the trail. ``signature``: what was found, kept as one word."""
    with transaction.atomic():
        row = EvidenceFile.objects.select_for_update(of=("self",)).select_related("evidence").get(pk=file.pk)
        if row.scan == state:
            return
        before, row.scan, row.scanned_at = row.scan, state, timezone.now()
        row.save(update_fields=["scan", "scanned_at"])
        word = "".join(letter if letter.isalnum() or letter in "._:/@+-" else "_" for letter in signature)[:80]
        codes = {"number": row.number, "file": row.pk, "found": word}
        record("evidence.evidence.scan_file", row.evidence, by=None, before=before, after=state, codes=codes)
