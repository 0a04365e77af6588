"""The yearly national summary: made and released in the workspace by two people, read by everybody on a public page."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal import hashing
from portal.accounts.recent import recent_sign_in_required
from portal.audit.history import history_page
from portal.languages import BY_CODE, SOURCE
from portal.steps import Step
from portal.workspace.posting import posted, taken
from standards.reports import national, permissions
from standards.reports.exports import national as files
from standards.reports.forms.national import NATIONAL_FORMS, NATIONAL_WILL_HAPPEN, YearForm
from standards.reports.models import NationalSummary

either = require_http_methods(["GET", "HEAD", "POST"])


def _seen(request: HttpRequest, pk: UUID) -> NationalSummary:
    rows = NationalSummary.objects.visible_to(request.user).select_related("made_by", "released_by")
    found: NationalSummary = get_object_or_404(rows, pk=pk)
    return found


@either
def index(request: HttpRequest) -> HttpResponse:
    """Every year that was made, and making another."""
    if not permissions.publishes(request.user):
        raise Http404
    form = YearForm(posted(request))
    made: list[NationalSummary] = []
    if form.is_valid() and taken(form, lambda: made.append(national.prepare(form.cleaned_data["year"], by=request.user))):
        messages.success(request, _("The figures are frozen. Somebody else reads and releases them."))
        return redirect("reports:national_show", made[0].pk)
    rows = NationalSummary.objects.visible_to(request.user).select_related("made_by")
    context = {"form": form, "rows": rows}
    return render(request, "standards/reports/national/index.html", context, status=422 if form.is_bound else 200)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One year as everybody will read it, and what can be done with it."""
    row = _seen(request, pk)
    steps = [step for step in row.open_to(request.user) if step.name in NATIONAL_FORMS]
    context = {"row": row, "steps": steps, "is_intact": hashing.is_intact(row), **files.read(row.content)}
    return render(request, "standards/reports/national/show.html", context)


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened to it."""
    row = _seen(request, pk)
    crumbs = [(reverse("reports:national"), _("National summary")), (reverse("reports:national_show", args=[pk]), str(row.year))]
    return history_page(request, row, crumbs=crumbs)


@either
def step(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """A step by its name. A grave one asks for a recent sign-in."""
    row = _seen(request, pk)
    if name not in NATIONAL_FORMS:
        raise Http404
    found = NationalSummary.STEPS[name]
    found.check(row, request.user)
    return _grave(request, row, found) if found.is_grave else _take(request, row, found)


def _take(request: HttpRequest, row: NationalSummary, found: Step) -> HttpResponse:
    form = NATIONAL_FORMS[found.name](posted(request))
    if form.is_valid() and taken(form, lambda: getattr(row, found.name)(*form.arguments(), by=request.user)):
        messages.success(request, _("Done: %(step)s.") % {"step": found.label})
        return redirect("reports:national_show", row.pk)
    context = {
        "row": row, "form": form, "step": found, "will_happen": NATIONAL_WILL_HAPPEN[found.name],
        "back": reverse("reports:national_show", args=[row.pk]),
    }  # fmt: skip
    return render(request, "standards/reports/national/step.html", context, status=422 if form.is_bound else 200)


_grave = recent_sign_in_required(_take)


# --- For everybody -------------------------------------------------------------------------------------------------------


def _public(year: int) -> NationalSummary | None:
    """The summary of this year, if it stands; ``None`` if it stood once. Raises ``Http404`` for what was never public."""
    found = NationalSummary.objects.once_public(year)
    if found is None:
        raise Http404
    return found if found.status == NationalSummary.Status.RELEASED and hashing.is_intact(found) else None


def _gone(request: HttpRequest) -> HttpResponse:
    context = {"language": BY_CODE[get_language() or SOURCE]}
    return render(request, "standards/reports/public_gone.html", context, status=410)


@require_safe
def page(request: HttpRequest, year: int) -> HttpResponse:
    """One year, for everybody. Taken down: 410."""
    found = _public(year)
    if found is None:
        return _gone(request)
    context = {"language": BY_CODE[get_language() or SOURCE], "row": found, **files.read(found.content)}
    return render(request, "standards/reports/national/public.html", context)


@require_safe
def table(request: HttpRequest, year: int) -> HttpResponse:
    """The same figures as CSV."""
    found = _public(year)
    return _gone(request) if found is None else _file(files.table(found.content), "text/csv; charset=utf-8", f"inspections-{year}.csv")


@require_safe
def data(request: HttpRequest, year: int) -> HttpResponse:
    """The same figures as JSON."""
    found = _public(year)
    return (
        _gone(request) if found is None else _file(files.data(found.content, found.sha256), "application/json", f"inspections-{year}.json")
    )


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
