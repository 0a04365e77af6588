"""Populations and samples: frozen, drawn, and drawn again by whoever doubts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.workspace.posting import posted, taken
from standards.inspections import sampling
from standards.inspections.forms.visit import DrawForm, PopulationForm
from standards.inspections.models import Inspection, Population, Sample
from standards.inspections.views import access
from standards.inspections.views.access import form_view, with_content, writable


@form_view
@with_content
def freeze(request: HttpRequest, inspection: Inspection) -> HttpResponse:
    """Freeze a list of references."""
    writable(request, inspection)
    form, back = PopulationForm(posted(request)), reverse("inspections:visit", args=[inspection.pk])
    if form.is_valid() and taken(
        form, lambda: sampling.freeze(inspection, form.cleaned_data["name"], form.cleaned_data["references"], by=request.user)
    ):
        messages.success(request, _("Frozen. Nobody can change it any more."))
        return redirect(back)
    note = _("Check it first: it cannot be changed or taken back.")
    return access.page(request, inspection, form, title=_("Freeze a population"), back=back, note=note, label=_("Freeze it"))


@form_view
@with_content
def draw(request: HttpRequest, inspection: Inspection, population: UUID) -> HttpResponse:
    """Draw a sample."""
    row: Population = get_object_or_404(inspection.populations.select_related("inspection"), pk=population)
    writable(request, inspection)
    form, back = DrawForm(posted(request)), reverse("inspections:visit", args=[inspection.pk])
    drawn: list[Sample] = []
    if form.is_valid() and taken(form, lambda: drawn.append(sampling.draw(row, form.cleaned_data["size"], by=request.user))):
        return redirect("inspections:sample", inspection.pk, drawn[0].pk)
    lead = _("%(name)s: %(number)d references") % {"name": row.name, "number": len(row.references)}
    note = _("The seed is made by Waymark, and every draw stays to be seen by the whole team.")
    return access.page(request, inspection, form, title=_("Draw a sample"), back=back, lead=lead, note=note, label=_("Draw"))


@require_safe
@with_content
def sample(request: HttpRequest, inspection: Inspection, sample: UUID) -> HttpResponse:
    """A sample, drawn again as this page is made: what it should be, and whether it is."""
    rows = inspection.samples.select_related("population", "drawn_by").prefetch_related("findings")
    row: Sample = get_object_or_404(rows, pk=sample)
    context = access.around(request, inspection, "visit") | {"sample": row, "check": sampling.verify(row)}
    return render(request, "standards/inspections/sample.html", context)
