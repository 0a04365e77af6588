"""The team of an inspection, and what its members declare."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.calendar.working_days import LONDON
from portal.workspace.posting import posted, taken
from standards.inspections import permissions, teams
from standards.inspections.forms.planning import DecideForm, DeclareForm, MemberForm, WindowForm
from standards.inspections.models import Inspection, TeamMember
from standards.inspections.views import access
from standards.inspections.views.access import form_view


@form_view
def team(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who is on it; who plans it puts others on it."""
    inspection = access.plan_of(request, pk)
    may_plan = permissions.can_plan(request.user, inspection) and inspection.status not in ("closed", "called_off")
    if request.method == "POST" and not may_plan:
        raise PermissionDenied
    form = MemberForm(posted(request), inspection=inspection)
    if form.is_valid() and taken(form, lambda: teams.add(inspection, **form.cleaned_data, by=request.user)):
        messages.success(request, _("On the team. They are asked first whether there is a conflict of interest."))
        return redirect("inspections:team", pk)
    context = access.around(request, inspection, "team") | {
        "form": form if may_plan else None, "may_plan": may_plan,
        "team": [(member, may_plan and permissions.can_clear(request.user, member)) for member in inspection.current_team()],
        "former": inspection.team.filter(ended_at__isnull=False).select_related("user"),
    }  # fmt: skip
    return render(request, "standards/inspections/team.html", context, status=422 if form.is_bound else 200)


def _member(inspection: Inspection, member: UUID) -> TeamMember:
    found: TeamMember = get_object_or_404(inspection.current_team(), pk=member)
    return found


@form_view
def change_member(request: HttpRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Another window, or another role on the team."""
    inspection = access.plannable(request, pk)
    row = _member(inspection, member)
    first = {"is_lead": row.is_lead, "first": row.starts_at.astimezone(LONDON).date(), "last": row.ends_at.astimezone(LONDON).date()}
    form = WindowForm(posted(request), initial=first)
    back = reverse("inspections:team", args=[pk])
    if form.is_valid() and taken(form, lambda: teams.change(row, **form.cleaned_data, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect(back)
    return access.page(request, inspection, form, title=_("On the team: %s") % row.user, back=back)


@require_POST
def take_off(request: HttpRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Off the team at once."""
    inspection = access.plannable(request, pk)
    teams.take_off(_member(inspection, member), by=request.user)
    messages.success(request, _("Off the team. Nothing of this inspection opens to them any more."))
    return redirect("inspections:team", pk)


@form_view
def declare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The first thing that a member of the team reads: whose inspection it is, and nothing else, until they have declared."""
    inspection: Inspection = get_object_or_404(Inspection.objects.declarable_by(request.user).in_full(), pk=pk)
    row = _own(request, inspection)
    form = DeclareForm(posted(request))
    if form.is_valid() and taken(
        form, lambda: teams.declare(row, form.cleaned_data["conflict"] == "yes", form.cleaned_data["declaration"], by=request.user)
    ):
        is_open = inspection.is_open_to(request.user)
        messages.success(
            request, _("Thank you. The inspection is open to you now.") if is_open else _("Thank you. A colleague decides about it.")
        )
        return redirect("inspections:show", pk) if is_open else redirect("inspections:declare", pk)
    context = {"inspection": inspection, "member": row, "form": form}
    return render(request, "standards/inspections/declare.html", context, status=422 if form.is_bound else 200)


def _own(request: HttpRequest, inspection: Inspection) -> TeamMember:
    found: TeamMember = get_object_or_404(inspection.current_team(), user=request.user)
    return found


@form_view
def decide(request: HttpRequest, pk: UUID, member: UUID) -> HttpResponse:
    """Decide about somebody else's conflict."""
    inspection = access.plannable(request, pk)
    row = _member(inspection, member)
    if not permissions.can_clear(request.user, row):
        raise PermissionDenied
    form = DecideForm(posted(request))
    back = reverse("inspections:team", args=[pk])
    if form.is_valid() and taken(
        form, lambda: teams.decide(row, form.cleaned_data["decision"] == "accepted", form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, _("Decided. They are told."))
        return redirect(back)
    lead = _("%(name)s declared: “%(words)s”") % {"name": row.user, "words": row.declaration}
    return access.page(request, inspection, form, title=_("Conflict of interest"), lead=lead, back=back, label=_("Decide"))
