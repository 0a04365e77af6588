"""Begins a self-assessment: one act that pins service and edition and lays out a row for every question that applies."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.audit.trail import record
from providers.organisations.permissions import can
from providers.services.models import Service
from standards.assessments.models import Answer, Assessment
from standards.catalogue.models import Edition, Indicator

MONTHS = 12  # of the proposed period


def begin(
    service: Service,
    edition: Edition,
    title: str,
    period: tuple[date, date],
    *,
    by: Any,
    due_on: date | None = None,
    key: uuid.UUID | None = None,
) -> Assessment:
    """A new draft with an empty answer for every indicator that ``service`` is asked under ``edition``. In bulk, one transaction.

    ``period``: first and last day. ``key`` names the sending of a form: the same twice is one assessment. Raises
    ``PermissionDenied``, and ``ValidationError`` for a service that is not open or an edition that does not fit.
    """
    if not can(by, Can.ASSESS, service.organisation_id):
        raise PermissionDenied
    if service.status != Service.Status.OPEN:
        raise ValidationError({"service": _("This service is not open.")})
    with transaction.atomic():
        if key and (sent_before := Assessment.objects.filter(pk=key, author=by, service=service).first()):
            return sent_before
        edition.pin()
        indicators = list(Indicator.objects.for_service(edition, service.kind))
        if not indicators:
            raise ValidationError({"edition": _("These standards ask nothing of this kind of service. Choose others.")})
        row = Assessment(
            pk=key or uuid.uuid4(), organisation_id=service.organisation_id, service=service, service_kind=service.kind, edition=edition,
            title=title, period_start=period[0], period_end=period[1], due_on=due_on, author=by,
        )  # fmt: skip
        row.full_clean()
        row.save(force_insert=True)
        Answer.objects.bulk_create((Answer(assessment=row, indicator=indicator) for indicator in indicators), batch_size=500)
        record("assessments.assessment.begin", row, by=by, after=row.status, codes={"edition": edition.code, "answers": len(indicators)})
    return row


def proposed_period(day: date) -> tuple[date, date]:
    """The last twelve full months before ``day``."""
    last = day.replace(day=1) - timedelta(days=1)
    months = last.year * 12 + last.month - MONTHS
    return date(months // 12, months % 12 + 1, 1), last


def proposed_title(service: Service, edition: Edition, period: tuple[date, date]) -> str:
    """What it is called unless its author says otherwise: the service, the standards and the year that the period ends in."""
    code = edition.framework.code
    standards = edition.framework.name if "-" in code else code.upper()  # "SCS" is what people say; "FIRST-RESPONSE" is not
    ending = f" · {standards[:60]} {edition.year} · {period[1].year}"
    return service.name[: 150 - len(ending)] + ending
