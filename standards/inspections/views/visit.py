"""The visit: what was done, what was found, pictures of things."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.recent import recent_sign_in_required
from portal.audit.history import history_page
from portal.steps import WrongState
from portal.workspace.posting import posted, taken
from standards.actions.models import Outdated
from standards.evidence.receiving import MARK
from standards.inspections import permissions, photos, recording
from standards.inspections.forms.visit import ActivityForm, FindingForm, PhotoForm
from standards.inspections.forms.watched import Watched
from standards.inspections.models import Activity, Alert, Finding, Inspection
from standards.inspections.views import access
from standards.inspections.views.access import form_view, with_content, writable

FINDING_STEPS = ("agree", "reopen", "withdraw")


@require_safe
@with_content
def visit(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """What the team did, and what it drew samples from."""
    populations = inspection.populations.select_related("frozen_by").prefetch_related("samples__drawn_by").order_by("frozen_at")
    context = access.around(request, inspection, "visit") | {
        "activities": inspection.activities.select_related("by"),
        "populations": populations,
    }
    return render(request, "standards/inspections/visit.html", context)


@form_view
@with_content
def add_activity(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Note what was done."""
    writable(request, inspection)
    form, back = ActivityForm(posted(request)), reverse("inspections:visit", args=[inspection.pk])
    if form.is_valid() and taken(form, lambda: recording.note_activity(inspection, form.values(), by=request.user)):
        messages.success(request, _("Saved."))
        return redirect(back)
    return access.page(request, inspection, form, title=_("Note what was done"), back=back)


@form_view
@with_content
def change_activity(request: HttpRequest, inspection: Inspection, activity: UUID) -> HttpResponse:
    """Change what was noted. Who comes second reads both texts."""
    row: Activity = get_object_or_404(inspection.activities.all(), pk=activity)
    writable(request, inspection)
    names = ("method", "on", "headcount", "interpreter", "language_group", "note")
    first = {name: getattr(row, name) for name in names} | {"base": row.version}
    form, back = ActivityForm(posted(request), initial=first), reverse("inspections:visit", args=[inspection.pk])
    try:
        if form.is_valid() and taken(
            form, lambda: recording.change_activity(row, form.values(), base=form.cleaned_data["base"], by=request.user)
        ):
            messages.success(request, _("Saved."))
            return redirect(back)
    except Outdated as newer:
        again = ActivityForm(access.based_on(request, newer.row.version))  # type: ignore[attr-defined]
        return access.both_texts(request, inspection, again, newer.row, back=back)
    return access.page(request, inspection, form, title=_("Change what was noted"), back=back)


# --- Findings ---------------------------------------------------------------------------------------------------------


@require_safe
@with_content
def findings(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Everything that was found, and what the inspection before this one found."""
    context = access.around(request, inspection, "findings") | {
        "findings": inspection.findings.in_full().prefetch_related("photos"),
        "earlier": Finding.objects.of_earlier(inspection) if inspection.earlier_id else (),
    }
    return render(request, "standards/inspections/findings.html", context)


@form_view
@with_content
def add_finding(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """A new finding under the next name."""
    writable(request, inspection)
    form, back = FindingForm(posted(request), inspection=inspection), reverse("inspections:findings", args=[inspection.pk])
    saved: list[Finding] = []

    def save() -> None:
        given = form.cleaned_data
        saved.append(
            recording.find(
                inspection, form.values(), given["indicators"], given["activities"], key=given["key"], to_provider=not given["hold_back"],
                by=request.user,
            )
        )  # fmt: skip

    if form.is_valid() and taken(form, save):
        messages.success(request, _("Written down as %s.") % saved[0].code)
        return redirect("inspections:finding", inspection.pk, saved[0].pk)
    return access.page(request, inspection, form, title=_("Write down a finding"), back=back)


def _finding(inspection: Inspection, finding: UUID) -> Finding:
    rows = inspection.findings.in_full().select_related("inspection", "alert")
    found: Finding = get_object_or_404(rows, pk=finding)
    return found


@require_safe
@with_content
def finding(request: HttpRequest, inspection: Inspection, finding: UUID) -> HttpResponse:
    """One finding: what shows it, its pictures, and what may be done with it."""
    row = _finding(inspection, finding)
    context = access.around(request, inspection, "findings") | {
        "finding": row, "steps": row.open_to(request.user), "photos": row.photos.all(),
        "may_lead": permissions.can_lead(request.user, inspection), "photo_form": PhotoForm(),
        "remarks": row.review_remarks.select_related("by"),
    }  # fmt: skip
    return render(request, "standards/inspections/finding.html", context)


@require_safe
@with_content
def finding_history(request: HttpRequest, inspection: Inspection, finding: UUID) -> HttpResponse:
    """What happened to a finding."""
    row = _finding(inspection, finding)
    crumbs = [
        (reverse("inspections:show", args=[inspection.pk]), inspection.number),
        (reverse("inspections:finding", args=[inspection.pk, row.pk]), row.code),
    ]
    return history_page(request, row, crumbs=crumbs)


@form_view
@with_content
def change_finding(request: HttpRequest, inspection: Inspection, finding: UUID) -> HttpResponse:
    """Change a draft. Who comes second reads both texts."""
    row = _finding(inspection, finding)
    writable(request, inspection)
    if row.status != Finding.Status.DRAFT:
        raise WrongState(row, Finding.STEPS["change"])
    form = FindingForm(posted(request), inspection=inspection, finding=row)
    back = reverse("inspections:finding", args=[inspection.pk, row.pk])

    def save() -> None:
        given = form.cleaned_data
        recording.rewrite(
            row, form.values(), given["indicators"], given["activities"], base=given["base"],
            to_provider=not given.get("hold_back", False), by=request.user,
        )  # fmt: skip

    try:
        if form.is_valid() and taken(form, save):
            messages.success(request, _("Saved."))
            return redirect(back)
    except Outdated as newer:
        again = FindingForm(access.based_on(request, newer.row.version), inspection=inspection, finding=row)  # type: ignore[attr-defined]
        return access.both_texts(request, inspection, again, newer.row, back=back)
    return access.page(request, inspection, form, title=_("Change %s") % row.code, back=back)


@form_view
@with_content
def take_finding(request: HttpRequest, inspection: Inspection, finding: UUID, name: str) -> HttpResponseBase:
    """Agree it, open it again, or withdraw it; confirmed on a page. Withdrawing asks for a recent sign-in."""
    if name not in FINDING_STEPS:
        raise Http404
    row, step = _finding(inspection, finding), Finding.STEPS[name]
    step.check(row, request.user)
    view = recent_sign_in_required(_take) if step.is_grave else _take
    return view(request, inspection, row, name)


def _take(request: HttpRequest, inspection: Inspection, row: Finding, name: str) -> HttpResponse:
    back = reverse("inspections:finding", args=[inspection.pk, row.pk])
    form = Watched(posted(request))
    if form.is_valid() and taken(form, lambda: getattr(row, name)(by=request.user)):
        messages.success(request, _("Done."))
        return redirect(back)
    context = {"inspection": inspection, "finding": row, "step": Finding.STEPS[name], "form": form, "back": back}
    return render(request, "standards/inspections/step.html", context, status=422 if form.is_bound else 200)


@require_POST
@with_content
def alert_seen(request: HttpRequest, inspection: Inspection, alert: UUID) -> HttpResponse:
    """The lead says that they have it in hand."""
    row: Alert = get_object_or_404(inspection.alerts.select_related("inspection"), pk=alert)
    recording.seen_by_lead(row, by=request.user)
    messages.success(request, _("Noted, with your name and the time."))
    return redirect("inspections:finding", inspection.pk, row.finding_id)


# --- Photos -----------------------------------------------------------------------------------------------------------


@form_view
@with_content
def add_photo(request: HttpRequest, inspection: Inspection, finding: UUID) -> HttpResponse:
    """A picture of a thing. What the camera wrote into it is gone before it is stored."""
    row = _finding(inspection, finding)
    writable(request, inspection)
    form = PhotoForm(posted(request), request.FILES or None)
    form.is_too_big = bool(request.META.get(MARK))
    back = reverse("inspections:finding", args=[inspection.pk, row.pk])

    def save() -> None:
        if form.arrived is None:
            raise ValidationError(_("Choose a picture."))
        recording.keep_photo(row, form.arrived, form.cleaned_data["caption"], by=request.user)

    if form.is_valid() and taken(form, save):
        messages.success(request, _("Saved. Where and when it was taken was removed."))
        return redirect(back)
    return access.page(request, inspection, form, title=_("Add a picture to %s") % row.code, back=back, multipart=True)


@require_safe
@with_content
def photo(request: HttpRequest, inspection: Inspection, photo: UUID) -> HttpResponseBase:
    """The picture itself. Who may is asked each time."""
    return photos.answer(get_object_or_404(inspection.photos.all(), pk=photo).pk)
