"""Puts evidence under answers and takes it off: only while the assessment is a draft, and only the organisation's own."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from portal.audit.trail import record
from standards.assessments import coverage, permissions
from standards.assessments.coverage import Asked, Cover, Item
from standards.assessments.models import Answer, Assessment, EvidenceUse
from standards.evidence.models import Evidence


def choosable(assessment: Assessment) -> Any:
    """What may be put under an answer: in use, the organisation's own, of this service or of the whole organisation."""
    own = Evidence.objects.in_use().filter(organisation=assessment.organisation_id)
    return own.filter(Q(service=assessment.service_id) | Q(service=None)).order_by("title")


def link(assessment: Assessment, pairs: Iterable[tuple[Answer, Evidence]], *, by: Any) -> int:
    """Put each item under its answer. What stands there already stays. Returns how many are new. Raises ``PermissionDenied``."""
    with transaction.atomic():
        _locked(assessment, by)
        count = 0
        for answer, evidence in pairs:
            _use, is_new = EvidenceUse.objects.get_or_create(answer=answer, evidence=evidence, defaults={"added_by": by})
            if is_new:
                count += 1
                _note("link_evidence", assessment, answer, evidence, by)
    return count


def unlink(assessment: Assessment, pairs: Iterable[tuple[Answer, Evidence]], *, by: Any) -> int:
    """Take each item off its answer. Returns how many were there. Raises ``PermissionDenied``."""
    with transaction.atomic():
        _locked(assessment, by)
        count = 0
        for answer, evidence in pairs:
            if EvidenceUse.objects.filter(answer=answer, evidence=evidence).delete()[0]:
                count += 1
                _note("unlink_evidence", assessment, answer, evidence, by)
    return count


def _locked(assessment: Assessment, by: Any) -> None:
    """The assessment stays a draft until this is written: it cannot be sent between the question and the act."""
    row = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if not permissions.can_answer(by, row):
        raise PermissionDenied


def _note(verb: str, assessment: Assessment, answer: Answer, evidence: Evidence, by: Any) -> None:
    codes = {"evidence": evidence.pk}
    record(f"assessments.answer.{verb}", answer, by=by, codes=codes, organisation=assessment.organisation_id)


def covers(assessment: Assessment, day: date) -> list[tuple[Any, Cover]]:
    """Each standard that applies with its cover, in reading order. Two queries, however many indicators."""
    answers = assessment.answers.exclude(value="not_applicable").select_related("indicator__standard__chapter")
    in_order = list(answers.order_by("indicator__standard__chapter__order", "indicator__standard__order", "indicator__order"))
    under: dict[Any, list[Item]] = {}
    rows = EvidenceUse.objects.filter(answer__assessment=assessment, evidence__status=Evidence.Status.IN_USE)
    for answer, pk, kind, period_end, review_on in rows.values_list(
        "answer", "evidence", "evidence__kind", "evidence__period_end", "evidence__review_on"
    ):
        under.setdefault(answer, []).append(Item(str(pk), kind, period_end, review_on))
    standards = {str(answer.indicator.standard_id): answer.indicator.standard for answer in in_order}
    asked = [
        Asked(answer.indicator.code, str(answer.indicator.standard_id), tuple(under.get(answer.pk, ())), answer.indicator.freshness_months)
        for answer in in_order
    ]
    return [(standards[row.standard], row) for row in coverage.cover(asked, assessment.period_start, day)]
