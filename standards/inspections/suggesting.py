"""In which order services might be visited: reasons that everybody sees, and a rule in words. No weights, no score, no decision.

The rule: serious concerns first; then critical gaps that the provider itself shares; then actions that are late; then the longest
time since the last visit, a service never visited before all others. Whoever plans sorts by any single reason instead.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.roles import Can
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.inspections import own_views
from standards.inspections.models import Finding, Inspection, Regime
from standards.inspections.planning import DONE

CONCERNS_SINCE = timedelta(days=731)  # two years: older ones were looked at by an inspection since, or should have been
NEVER = date.min


@dataclass(frozen=True)
class Candidate:
    """A service and every reason for or against visiting it soon."""

    service: Service
    last_visit: date | None
    days_since: int | None
    shares: bool  # whether its provider shares a self-assessment with the inspectorate
    critical_gaps: int
    overdue: int
    concerns: int
    planned: Inspection | None = None

    def reasons(self) -> list[str]:
        """In words, in the order of the rule."""
        said = []
        if self.concerns:
            said.append(ngettext("%d serious concern in two years", "%d serious concerns in two years", self.concerns) % self.concerns)
        if self.critical_gaps:
            said.append(
                ngettext("%d critical gap it names itself", "%d critical gaps it names itself", self.critical_gaps) % self.critical_gaps
            )
        if self.overdue:
            said.append(ngettext("%d action is late", "%d actions are late", self.overdue) % self.overdue)
        if self.days_since is None:
            said.append(_("never visited"))
        else:
            said.append(ngettext("%d day since the last visit", "%d days since the last visit", self.days_since) % self.days_since)
        if not self.shares:
            said.append(_("shares no self-assessment, so its gaps are not known here"))
        return said


Order = Callable[[Candidate], Any]
ORDERS: dict[str, Order] = {
    "suggested": lambda one: (-one.concerns, -one.critical_gaps, -one.overdue, one.last_visit or NEVER, one.service.name),
    "visit": lambda one: (one.last_visit or NEVER, one.service.name),
    "concerns": lambda one: (-one.concerns, one.service.name),
    "gaps": lambda one: (-one.critical_gaps, one.service.name),
    "overdue": lambda one: (-one.overdue, one.service.name),
}


def suggest(user: Any, day: date, order: str = "suggested", *, without_plan: bool = False) -> list[Candidate]:
    """The services that this person might plan an inspection of. A fixed number of queries, however many there are."""
    inspectorates = list(Organisation.objects.where(user, Can.LEAD_INSPECTION).values_list("pk", flat=True))
    regimes = list(Regime.objects.of_leads(user).on(day))
    barred = set(user.inspection_teams.filter(conflict="barred").values_list("inspection__service", flat=True))
    open_ones = Service.objects.open_everywhere()
    services = [one for one in open_ones if one.pk not in barred and any(regime.covers(one) for regime in regimes)]
    found = _candidates(services, inspectorates, day)
    if without_plan:
        found = [one for one in found if one.planned is None]
    return sorted(found, key=ORDERS.get(order, ORDERS["suggested"]))


def _candidates(services: Iterable[Service], inspectorates: list[Any], day: date) -> list[Candidate]:
    ours = Inspection.objects.filter(organisation__in=inspectorates)
    visits = dict(ours.filter(status__in=DONE).values_list("service").annotate(last=Max("ends_on")).order_by())
    planned = {row.service_id: row for row in ours.under_way().exclude(status__in=DONE).order_by("-starts_on")}
    serious = Finding.objects.standing().filter(
        inspection__in=ours.values("pk"), kind=Finding.Kind.SERIOUS_CONCERN, at__date__gte=day - CONCERNS_SINCE
    )
    concerns = dict(serious.values_list("inspection__service").annotate(number=Count("pk")).order_by())
    services = list(services)
    copies = own_views.of_services([one.pk for one in services], inspectorates, day)
    return [
        Candidate(
            one, visits.get(one.pk), (day - visits[one.pk]).days if one.pk in visits else None, one.pk in copies,
            len(copies[one.pk].critical_gaps) if one.pk in copies else 0, copies[one.pk].overdue if one.pk in copies else 0,
            concerns.get(one.pk, 0), planned.get(one.pk),
        )
        for one in services
    ]  # fmt: skip
