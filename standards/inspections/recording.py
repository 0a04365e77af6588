"""Writes down what was found: findings with names given out one at a time, alerts for serious concerns, photos without metadata.

Every act locks the inspection first: a step that ends the writing comes before or after it, never in between.
"""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from portal.audit.trail import record
from standards.actions.models import Outdated
from standards.evidence import store
from standards.evidence.arrival import Arrived
from standards.inspections import permissions
from standards.inspections.models import Activity, Alert, Finding, Inspection, Photo

MOST_PHOTOS = 60  # of one inspection: what a report is made for
PICTURES = ("jpg", "png")


def locked(inspection: Inspection, by: Any) -> Inspection:
    """The row, locked, for who may write in it now. Raises ``PermissionDenied``."""
    row: Inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if not permissions.can_record(by, row):
        raise PermissionDenied
    return row


@transaction.atomic
def find(
    inspection: Inspection, values: Mapping[str, Any], indicators: Iterable[Any], activities: Iterable[Any], *, key: uuid.UUID,
    to_provider: bool = True, by: Any,
) -> Finding:  # fmt: skip
    """A new finding under the next name. The same ``key`` again is the same finding. A serious concern raises its alert at once."""
    row = locked(inspection, by)
    if there := row.findings.filter(key=key).first():
        found: Finding = there
        return found
    finding = Finding(inspection=row, organisation_id=row.organisation_id, code=_next_code(row), key=key, by=by, **values)
    finding.full_clean(validate_unique=False)
    finding.save()
    finding.indicators.set(indicators)
    finding.activities.set(activities)
    record("inspections.finding.write", finding, by=by, after=finding.status, codes={"code": finding.code, "kind": finding.kind})
    raise_alert(finding, to_provider=to_provider, by=by)
    return finding


@transaction.atomic
def rewrite(
    finding: Finding, values: Mapping[str, Any], indicators: Any, activities: Any, *, base: int, to_provider: bool = True, by: Any
) -> None:
    """Change a draft. One that becomes a serious concern raises its alert at once. Raises ``Outdated``, ``WrongState`` …"""
    finding.change(values, indicators, activities, base=base, by=by)
    raise_alert(finding, to_provider=to_provider, by=by)


def raise_alert(finding: Finding, *, to_provider: bool, by: Any) -> None:
    """Once for a finding: its lead, and the provider's managers unless that would put somebody in danger, are told at once."""
    if finding.kind != Finding.Kind.SERIOUS_CONCERN:
        return
    fields = {
        "inspection_id": finding.inspection_id,
        "organisation_id": finding.organisation_id,
        "to_provider": to_provider,
        "raised_by": by,
    }
    alert, is_new = Alert.objects.get_or_create(finding=finding, defaults=fields)
    if is_new:
        record("inspections.alert.raise", alert, by=by, codes={"code": finding.code, "to_provider": to_provider})


def _next_code(inspection: Inspection) -> str:
    start = f"{inspection.number}-F"
    taken = (int(code.removeprefix(start)) for code in inspection.findings.values_list("code", flat=True))
    return f"{start}{max(taken, default=0) + 1:02d}"


@transaction.atomic
def note_activity(inspection: Inspection, values: Mapping[str, Any], *, key: uuid.UUID | None = None, by: Any) -> Activity:
    """Something the team did, under the id ``key`` if it has one. Raises ``ValidationError`` for a day outside the visit's reach."""
    row = locked(inspection, by)
    activity = Activity(id=key or uuid.uuid4(), inspection=row, by=by, **values)
    activity.full_clean(validate_unique=False)
    activity.save()
    record("inspections.inspection.note_activity", row, by=by, codes={"method": activity.method, "activity": activity.pk})
    return activity


@transaction.atomic
def change_activity(activity: Activity, values: Mapping[str, Any], *, base: int, by: Any) -> None:
    """Change what was noted. Raises ``Outdated``."""
    row = locked(activity.inspection, by)
    stored: Activity = row.activities.select_for_update().get(pk=activity.pk)
    if stored.version != base:
        raise Outdated(stored)
    for name, value in values.items():
        setattr(stored, name, value)
    stored.version += 1
    stored.full_clean(validate_unique=False)
    stored.save()
    record("inspections.inspection.change_activity", row, by=by, codes={"activity": stored.pk})


@transaction.atomic
def seen_by_lead(alert: Alert, *, by: Any) -> None:
    """The lead has it in hand."""
    if not permissions.can_lead(by, alert.inspection):
        raise PermissionDenied
    if Alert.objects.filter(pk=alert.pk, lead_seen_at__isnull=True).update(lead_seen_at=timezone.now(), lead_seen_by=by):
        record("inspections.alert.lead_seen", alert, by=by)


@transaction.atomic
def seen_by_provider(alert: Alert, *, by: Any) -> None:
    """A manager of the provider has read it."""
    if not Alert.objects.told_to(by).filter(pk=alert.pk).exists():
        raise PermissionDenied
    if Alert.objects.filter(pk=alert.pk, provider_seen_at__isnull=True).update(provider_seen_at=timezone.now(), provider_seen_by=by):
        record("inspections.alert.provider_seen", alert, by=by)


def keep_photo(finding: Finding, arrived: Arrived, caption: str, *, by: Any) -> Photo:
    """A picture of a thing, drawn anew: only its pixels are kept. The file is written first; a row without its file cannot come to be."""
    if arrived.kind not in PICTURES:
        raise ValidationError({"file": _("Choose a picture: JPEG or PNG.")})
    with Image.open(arrived.content) as picture:
        width, height = picture.size
    name = uuid.uuid4()
    size, sha256 = store.put(name, arrived.content)
    try:
        with transaction.atomic():
            row = locked(finding.inspection, by)
            if row.photos.count() >= MOST_PHOTOS:
                raise ValidationError(_("This inspection has 60 photos already. Choose the most telling ones."))
            photo = Photo.objects.create(
                inspection=row, finding=finding, caption=caption, stored_name=name, media_type=arrived.media_type, size=size, width=width,
                height=height, sha256=sha256, by=by,
            )  # fmt: skip
            record("inspections.finding.add_photo", finding, by=by, codes={"photo": photo.pk, "bytes": size, "sha256": sha256})
    except BaseException:
        store.remove(name)
        raise
    return photo
