"""Year plan, suggested order, regimes; one plan, its scope, and the steps of its life."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.recent import recent_sign_in_required
from portal.accounts.roles import Can
from portal.audit.history import history_page
from portal.steps import WrongState
from portal.workspace.posting import posted, taken
from providers.organisations.permissions import can
from standards.actions.models import Outdated
from standards.inspections import deadlines, permissions, suggesting
from standards.inspections.forms.planning import ChangeForm, FeedbackForm, OrderForm, PlanForm, ScopeForm, YearFilter
from standards.inspections.forms.watched import Watched
from standards.inspections.models import Inspection, Regime
from standards.inspections.views import access
from standards.inspections.views.access import form_view

STEP_FORMS: dict[str, type[Watched]] = {
    "announce": Watched, "begin_visit": Watched, "give_feedback": FeedbackForm, "begin_report": Watched, "pause": Watched,
    "resume": Watched, "call_off": Watched,
}  # fmt: skip


def _require(user: Any, *abilities: Can) -> None:
    if not any(can(user, one) for one in abilities):
        raise PermissionDenied


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The plan of a year, month by month; above it what waits for a declaration."""
    _require(request.user, Can.INSPECT, Can.REVIEW_QUALITY)
    seen = Inspection.objects.seen_by(request.user)
    years = seen.years(timezone.localdate().year)
    form = YearFilter(request.GET or None, years=years, initial={"year": timezone.localdate().year})
    chosen = form.chosen()
    year = chosen.get("year") or timezone.localdate().year
    rows = seen.in_year(year).in_full().with_team()
    if "status" in chosen:
        rows = rows.filter(status=chosen["status"])
    months = [(list(group)) for _key, group in groupby(rows, key=lambda row: row.starts_on.month)]
    context = {
        "form": form, "year": year, "months": months, "may_plan": can(request.user, Can.LEAD_INSPECTION),
        "waiting": Inspection.objects.waiting_for_declaration(request.user).in_full(), "holidays_left": deadlines.days_left(),
    }  # fmt: skip
    return render(request, "standards/inspections/index.html", context)


@require_safe
def order(request: HttpRequest) -> HttpResponse:
    """Which services might be visited next, each with all its reasons."""
    _require(request.user, Can.LEAD_INSPECTION)
    form = OrderForm(request.GET or None)
    chosen = form.chosen()
    rows = suggesting.suggest(
        request.user, timezone.localdate(), chosen.get("sort", "suggested"), without_plan=bool(chosen.get("without_plan"))
    )
    return render(request, "standards/inspections/order.html", {"form": form, "rows": rows})


@require_safe
def regimes(request: HttpRequest) -> HttpResponse:
    """The rules under which one's inspectorate works."""
    _require(request.user, Can.INSPECT, Can.REVIEW_QUALITY, Can.PUBLISH_REPORTS)
    rows = [(regime, list(deadlines.rules(regime))) for regime in Regime.objects.visible_to(request.user)]
    context = {"rows": rows, "holidays_left": deadlines.days_left(), "today": timezone.localdate()}
    return render(request, "standards/inspections/regimes.html", context)


@form_view
def plan(request: HttpRequest) -> HttpResponse:
    """A new inspection."""
    _require(request.user, Can.LEAD_INSPECTION)
    first = {"service": request.GET.get("service", "")}
    form = PlanForm(posted(request), user=request.user, initial=first)
    saved: list[Inspection] = []
    if form.is_valid() and taken(form, lambda: saved.append(form.save())):
        messages.success(request, _("Planned. Choose the team next."))
        return redirect("inspections:team", saved[0].pk)
    return render(request, "standards/inspections/plan.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The plan of one inspection: what, when, why, who, and what comes next."""
    inspection = access.plan_of(request, pk)
    steps = [step for step in inspection.open_to(request.user) if step.name in STEP_FORMS]
    context = access.around(request, inspection, "show") | {
        "steps": steps, "standards": inspection.standards(), "team": inspection.current_team(), "report_due": inspection.report_due(),
        "may_change": permissions.can_change(request.user, inspection) and inspection.status in inspection.CHANGEABLE,
        "may_plan": permissions.can_plan(request.user, inspection), "alerts": _alerts(request, inspection),
    }  # fmt: skip
    return render(request, "standards/inspections/show.html", context)


def _alerts(request: HttpRequest, inspection: Inspection) -> Any:
    """Alerts are content: a planner who is not on the team reads none."""
    return inspection.alerts.opened_to(request.user).select_related("finding__standard", "lead_seen_by", "provider_seen_by")


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened to it, who did it and when."""
    inspection = access.plan_of(request, pk)
    crumbs = [(reverse("inspections:index"), _("Inspections")), (reverse("inspections:show", args=[pk]), inspection.number)]
    return history_page(request, inspection, crumbs=crumbs)


@form_view
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the plan. Who comes second reads both texts."""
    inspection = access.changeable(request, pk)
    if inspection.status not in inspection.CHANGEABLE:
        raise WrongState(inspection, Inspection.STEPS["change"])
    form = ChangeForm(posted(request), inspection=inspection)
    back = reverse("inspections:show", args=[pk])
    try:
        if form.is_valid() and taken(form, lambda: inspection.change(form.values(), base=form.cleaned_data["base"], by=request.user)):
            messages.success(request, _("Saved."))
            return redirect(back)
    except Outdated as newer:
        again = ChangeForm(access.based_on(request, newer.row.version), inspection=inspection)  # type: ignore[attr-defined]
        return access.both_texts(request, inspection, again, newer.row, back=back)
    return access.page(request, inspection, form, title=_("Change the plan"), back=back)


@form_view
def scope(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which standards it looks at."""
    inspection = access.changeable(request, pk)
    step = Inspection.STEPS["set_scope"]
    if inspection.status not in step.sources:
        raise WrongState(inspection, step)
    form = ScopeForm(posted(request), inspection=inspection)
    back = reverse("inspections:show", args=[pk])
    try:
        if form.is_valid() and taken(form, lambda: inspection.set_scope(form.chosen(), base=form.cleaned_data["base"], by=request.user)):
            messages.success(request, _("Saved."))
            return redirect(back)
    except Outdated as newer:
        again = ScopeForm(access.based_on(request, newer.row.version), inspection=inspection)  # type: ignore[attr-defined]
        return access.both_texts(request, inspection, again, newer.row, back=back)
    return access.page(request, inspection, form, title=_("What is inspected"), back=back)


@form_view
def take(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """A step of its life, confirmed on a page that says what it does. A grave one asks for a recent sign-in."""
    if name not in STEP_FORMS:
        raise Http404
    inspection = access.plan_of(request, pk)
    step = Inspection.STEPS[name]
    step.check(inspection, request.user)
    view = recent_sign_in_required(_take) if step.is_grave else _take
    return view(request, inspection, name)


def _take(request: HttpRequest, inspection: Inspection, name: str) -> HttpResponse:
    step, back = Inspection.STEPS[name], reverse("inspections:show", args=[inspection.pk])
    form = STEP_FORMS[name](posted(request))
    words = [field for field in form.fields if field != "looked"]

    def act() -> None:
        getattr(inspection, name)(*(form.cleaned_data[field] for field in words), by=request.user)

    if form.is_valid() and taken(form, act):
        done = _("Done: %(step)s. It is now “%(status)s”.")
        messages.success(request, done % {"step": step.label, "status": inspection.get_status_display()})
        return redirect(back)
    context = {"inspection": inspection, "step": step, "form": form, "back": back}
    return render(request, "standards/inspections/step.html", context, status=422 if form.is_bound else 200)
