"""Who and what the tests of evidence begin with: two rival providers, their people, items, files, an assessment."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.evidence import filing
from standards.evidence.arrival import receive
from standards.evidence.models import Evidence, EvidenceFile
from tests import builders, samples

PDF = samples.pdf()


@dataclass
class Cast:
    """A provider with a manager, an assessor and a reader; its rival; somebody with no role; and an inspector."""

    harbour: Organisation
    service: Service
    manager: User
    assessor: User
    reader: User
    rival: User
    stranger: User
    inspector: User

    @property
    def outsiders(self) -> dict[str, User]:
        """Those to whom nothing here exists."""
        return {"rival": self.rival, "stranger": self.stranger, "inspector": self.inspector}


def cast() -> Cast:
    """Everybody."""
    harbour, rowan = builders.organisation(), builders.organisation()
    inspectorate = builders.organisation(Kind.INSPECTORATE)
    return Cast(
        harbour, builders.service(harbour), builders.member(harbour, Role.MANAGER), builders.member(harbour, Role.ASSESSOR),
        builders.member(harbour, Role.READER), builders.member(rowan, Role.MANAGER), builders.person(),
        builders.member(inspectorate, Role.LEAD_INSPECTOR),
    )  # fmt: skip


def evidence(of: Organisation, by: User, **fields: Any) -> Evidence:
    """An item in use that covers the last half year and is to be reviewed in half a year."""
    today = timezone.localdate()
    given = {
        "kind": "practice", "title": "Fire door checks", "shows": "All doors were checked.", "reference": "Folder 3", "is_anonymised": True,
        "period_start": today - timedelta(days=180), "period_end": today, "review_on": today + timedelta(days=180), **fields,
    }  # fmt: skip
    return Evidence.objects.create(organisation=of, created_by=by, **given)


def file(of: Evidence, by: User, content: bytes = PDF, name: str = "Fire check.pdf") -> EvidenceFile:
    """A version of its file, through the door."""
    return filing.keep(of, receive(io.BytesIO(content), name), by=by)


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser sends for a new item."""
    today = timezone.localdate()
    return {
        "kind": "audit", "service": "", "title": "Fire door checks", "shows": "All 14 doors were checked; two were mended.",
        "period_start": (today - timedelta(days=90)).isoformat(), "period_end": today.isoformat(),
        "review_on": (today + timedelta(days=90)).isoformat(), "reference": "Folder 3", "is_anonymised": "on", **fields,
    }  # fmt: skip


def upload(content: bytes = PDF, name: str = "Fire check.pdf", kind: str = "application/x-anything") -> SimpleUploadedFile:
    """A chosen file."""
    return SimpleUploadedFile(name, content, kind)
