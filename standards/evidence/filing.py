"""Files a version of evidence: on the disk first, then its row, never above what an organisation may keep.

Killed between the two, a file without a row is left; ``sweeping`` takes it away. A row without its file cannot come to be.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.audit.outbox import enqueue
from portal.audit.trail import record
from providers.organisations.models import Organisation
from standards.evidence import store
from standards.evidence.arrival import Arrived
from standards.evidence.models import Evidence, EvidenceFile

A_MINUTE = timedelta(minutes=1)
MOST_A_MINUTE = 20  # uploads of one person


@dataclass(frozen=True)
class Room:
    """What an organisation may still bring."""

    files: int
    bytes: int

    @property
    def megabytes(self) -> int:
        """Whole ones, rounded down: what people read."""
        return self.bytes // 2**20


def room_of(organisation: Any) -> Room:
    """What is left of 200 files and 2 GB (or what the operator allows). Old versions and what was put aside count: it lies here too."""
    used = EvidenceFile.objects.of_organisation(organisation).aggregate(files=Count("pk"), bytes=Sum("size"))
    return Room(max(0, settings.EVIDENCE_MOST_FILES - used["files"]), max(0, settings.EVIDENCE_MOST_BYTES - (used["bytes"] or 0)))


def where_may_bring(user: Any) -> Any:
    """The organisations for which this person brings evidence."""
    return Organisation.objects.where(user, Can.ASSESS).order_by("name")


def keep(evidence: Evidence, arrived: Arrived, *, by: Any) -> EvidenceFile:
    """File ``arrived`` as the next version. Raises ``ValidationError`` where there is no room, or it is too much at once."""
    name = uuid.uuid4()
    size, sha256 = store.put(name, arrived.content)
    try:
        with transaction.atomic():
            # One at a time for an organisation: what is counted below cannot change until this row is written.
            Organisation.objects.select_for_update().get(pk=evidence.organisation_id)
            _check_room(evidence, size, by)
            number = (evidence.files.aggregate(last=Max("number"))["last"] or 0) + 1
            file = EvidenceFile.objects.create(
                evidence=evidence, number=number, stored_name=name, shown_name=arrived.shown_name, media_type=arrived.media_type,
                size=size, sha256=sha256, added_by=by, scan=_first_state(),
            )  # fmt: skip
            codes = {"number": number, "file": file.pk, "bytes": size, "sha256": sha256}
            record("evidence.evidence.add_file", evidence, by=by, codes=codes)
            if settings.CLAMD_ADDRESS:
                enqueue("evidence.scan_file", key=f"evidence.scan:{file.pk}", file=str(file.pk))
    except BaseException:
        store.remove(name)
        raise
    return file


def _first_state() -> str:
    return EvidenceFile.Scan.WAITING if settings.CLAMD_ADDRESS else EvidenceFile.Scan.NOT_REQUIRED


def _check_room(evidence: Evidence, size: int, by: Any) -> None:
    room = room_of(evidence.organisation_id)
    if room.files < 1 or room.bytes < size:
        raise ValidationError(
            _("Your organisation has no room left for this file. Give a reference to where it is kept instead, or ask your administrator."),
            code="room",
        )
    if EvidenceFile.objects.filter(added_by=by, added_at__gt=timezone.now() - A_MINUTE).count() >= MOST_A_MINUTE:
        raise ValidationError(_("You have brought 20 files in one minute. Wait a minute, then go on."), code="rate")
