"""Plans an inspection: its number, given out one at a time, its first scope, and the inspection before it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.audit.trail import record
from providers.organisations.permissions import can
from providers.services.models import Service
from standards.catalogue.models import Edition, Indicator, Standard
from standards.inspections.models import Inspection, Regime, Scope

DONE = (Inspection.Status.FEEDBACK_GIVEN, Inspection.Status.REPORTING, Inspection.Status.CLOSED)


def may_plan(user: Any, organisation: Any) -> bool:
    """Whether this person plans inspections for this inspectorate."""
    return can(user, Can.LEAD_INSPECTION, organisation)


@transaction.atomic
def plan(regime: Regime, service: Service, values: Mapping[str, Any], *, by: Any) -> Inspection:
    """A new inspection. Raises ``PermissionDenied``, or ``ValidationError`` where the regime does not fit or it is planned already."""
    if not may_plan(by, regime.inspectorate_id):
        raise PermissionDenied
    list(Regime.objects.select_for_update().filter(letter=regime.letter).order_by("pk").values_list("pk"))  # one number at a time
    _check(regime, service, values, by)
    inspection = Inspection(
        regime=regime, organisation_id=regime.inspectorate_id, provider_id=service.organisation_id, service=service, created_by=by,
        number=_next_number(regime.letter, values["starts_on"].year), earlier=_before(regime, service), **values,
    )  # fmt: skip
    inspection.full_clean(validate_unique=False)
    inspection.save()
    Scope.objects.bulk_create(Scope(inspection=inspection, standard_id=pk) for pk in asked_of(regime.edition, service.kind))
    record("inspections.inspection.plan", inspection, by=by, after=inspection.status, codes={"number": inspection.number})
    return inspection


def asked_of(edition: Edition, kind: str) -> list[Any]:
    """The standards that a service of this kind answers for, in reading order."""
    return list(dict.fromkeys(Indicator.objects.for_service(edition, kind).values_list("standard", flat=True)))


def choosable(inspection: Inspection) -> Any:
    """Every standard of the regime's edition, in reading order."""
    return Standard.objects.of(inspection.regime.edition).order_by("chapter__order", "order")


def _check(regime: Regime, service: Service, values: Mapping[str, Any], by: Any) -> None:
    if not regime.covers(service):
        raise ValidationError({"regime": _("This regime is not for services of this kind or nation. Choose another.")})
    if not Regime.objects.on(values["starts_on"]).filter(pk=regime.pk).exists():
        raise ValidationError({"regime": _("This regime is not in force on that day. Choose another.")})
    if barred_from(by, service):
        raise ValidationError({"service": _("You are barred from inspecting this service. Ask a colleague to plan it.")})
    same = Inspection.objects.under_way().filter(regime=regime, service=service, starts_on=values["starts_on"])
    if same.exists():
        raise ValidationError({"starts_on": _("An inspection of this service begins on that day already.")})


def barred_from(user: Any, service: Service) -> bool:
    """Whether a conflict of interest kept this person out of an inspection of this service before."""
    barred = user.inspection_teams.filter(conflict="barred", inspection__service=service)
    return bool(barred.exists())


def _next_number(letter: str, year: int) -> str:
    start = f"{letter}-{year}-"
    taken = Inspection.objects.filter(number__startswith=start).values_list("number", flat=True)
    return f"{start}{max((int(number.removeprefix(start)) for number in taken), default=0) + 1:03d}"


def _before(regime: Regime, service: Service) -> Inspection | None:
    done = Inspection.objects.filter(organisation=regime.inspectorate_id, service=service, status__in=DONE)
    found: Inspection | None = done.order_by("-ends_on").first()
    return found
