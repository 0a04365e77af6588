"""Judgements and narratives, kept beside the provider's own view; second views, remarks of the review."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from standards.actions.models import Outdated
from standards.catalogue.models import Standard
from standards.inspections import own_views, permissions, readiness
from standards.inspections.models import BlindView, Finding, Inspection, Judgement, Narrative, ReviewRemark
from standards.inspections.recording import locked


@transaction.atomic
def judge(inspection: Inspection, standard: Standard, values: Mapping[str, Any], *, base: int, by: Any) -> Judgement:
    """How far a standard is met. ``base``: the version its writer had seen, 0 for none. Raises ``Outdated``, ``ValidationError``."""
    row = locked(inspection, by)
    if not row.scopes.filter(standard=standard).exists():
        raise ValidationError(_("This standard is not in the scope of the inspection."))
    judgement: Judgement = row.judgements.select_for_update().filter(standard=standard).first() or Judgement(
        inspection=row, standard=standard, version=0
    )
    if judgement.version != base:
        raise Outdated(judgement)
    copy = own_views.of_inspection(row)
    own = copy.views.get(standard.code)
    judgement.value, judgement.reason, judgement.difference = values["value"], values["reason"], values["difference"]
    judgement.own_value, judgement.own_receipt = (own.value, copy.receipt) if own else (judgement.own_value, judgement.own_receipt)
    if not judgement.reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    if readiness.apart(judgement.value, judgement.own_value) >= 2 and not judgement.difference.strip():
        raise ValidationError({"difference": _("This is two steps or more from the provider’s own view. Say what you saw differently.")})
    judgement.by, judgement.at, judgement.version = by, timezone.now(), judgement.version + 1
    judgement.full_clean(validate_unique=False)
    judgement.save()
    record("inspections.inspection.judge", row, by=by, codes={"standard": standard.code, "value": judgement.value})
    return judgement


@transaction.atomic
def narrate(inspection: Inspection, key_question: str, values: Mapping[str, Any], *, base: int, by: Any) -> Narrative:
    """What is said under a key question; a rating only where the regime has one, and with a reason."""
    row = locked(inspection, by)
    narrative: Narrative = row.narratives.select_for_update().filter(key_question=key_question).first() or Narrative(
        inspection=row, key_question=key_question, version=0
    )
    if narrative.version != base:
        raise Outdated(narrative)
    rating = values.get("rating", "")
    if rating and rating not in row.regime.ratings():
        raise ValidationError(
            {"rating": _("This regime has no such rating.")} if row.regime.uses_ratings else _("This regime does not rate.")
        )
    if rating and not values.get("rating_reason", "").strip():
        raise ValidationError({"rating_reason": _("Say why it is this rating.")})
    narrative.text, narrative.rating, narrative.rating_reason = values["text"], rating, values.get("rating_reason", "")
    narrative.by, narrative.at, narrative.version = by, timezone.now(), narrative.version + 1
    narrative.full_clean(validate_unique=False)
    narrative.save()
    record("inspections.inspection.narrate", row, by=by, codes={"key_question": key_question})
    return narrative


@transaction.atomic
def second_view(view: BlindView, kind: str, severity: str, reason: str, *, by: Any) -> BlindView:
    """A reviewer's own view of a finding, once, before they have seen the team's. It is never changed afterwards."""
    inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=view.inspection_id)
    if not _may_review(inspection, by):
        raise PermissionDenied
    row: BlindView = BlindView.objects.select_for_update().get(pk=view.pk)
    if row.at is not None:
        raise ValidationError(_("Somebody has given a second view of this finding already."))
    if kind in Finding.GRAVE_KINDS and not severity:
        raise ValidationError({"severity": _("Say how severe it is.")})
    row.kind, row.severity, row.reason = kind, severity if kind in Finding.GRAVE_KINDS else "", reason
    row.by, row.at = by, timezone.now()
    row.save()
    record("inspections.inspection.second_view", inspection, by=by, codes={"view": row.pk})
    return row


@transaction.atomic
def remark(inspection: Inspection, text: str, *, finding: Finding | None, judgement: Judgement | None, by: Any) -> ReviewRemark:
    """What the quality reviewer says: about a finding, a judgement, or the whole."""
    row = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if not _may_review(row, by):
        raise PermissionDenied
    if any(about is not None and about.inspection_id != row.pk for about in (finding, judgement)):
        raise ValidationError(_("This belongs to another inspection."))
    written: ReviewRemark = row.review_remarks.create(text=text, finding=finding, judgement=judgement, by=by)
    record("inspections.inspection.remark", row, by=by, codes={"remark": written.pk})
    return written


@transaction.atomic
def settle(row: ReviewRemark, *, by: Any) -> None:
    """It was answered in the text, or talked over: whoever wrote it, or the team, says so."""
    inspection = row.inspection
    if not (permissions.can_record(by, inspection) or _may_review(inspection, by)):
        raise PermissionDenied
    if ReviewRemark.objects.filter(pk=row.pk, settled_at__isnull=True).update(settled_at=timezone.now(), settled_by=by):
        record("inspections.inspection.settle", inspection, by=by, codes={"remark": row.pk})


def _may_review(inspection: Inspection, by: Any) -> bool:
    return inspection.status == Inspection.Status.REPORTING and permissions.can_review(by, inspection)
