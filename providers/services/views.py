"""Pages about services: list, one service, changing it, what the public sees of it, its contracts, its state."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.roles import Can
from portal.audit.history import history_page
from portal.steps import WrongState
from providers.organisations.permissions import can
from providers.services.forms import ContractForm, ListingForm, NewServiceForm, ServiceForm, Versioned
from providers.services.models import Contract, Outdated, Service
from providers.services.permissions import can_manage

either = require_http_methods(["GET", "HEAD", "POST"])


def _service(request: HttpRequest, pk: UUID) -> Service:
    """One that this person may read; a stranger gets 404."""
    found: Service = get_object_or_404(Service.objects.visible_to(request.user).in_full(), pk=pk)
    return found


def _managed(request: HttpRequest, pk: UUID) -> Service:
    """One that this person may change; who only reads it gets 403."""
    service = _service(request, pk)
    if not can_manage(request.user, service):
        raise PermissionDenied
    return service


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The services of one's organisations."""
    services = Service.objects.visible_to(request.user).in_full()
    return render(request, "providers/services/index.html", {"services": services, "may_create": can(request.user, Can.MANAGE_SERVICES)})


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One service, and what may be done with it."""
    service = _service(request, pk)
    context = {"service": service, "may_manage": can_manage(request.user, service), "today": timezone.localdate()}
    steps = sorted(service.open_to(request.user), key=lambda step: step.to == Service.Status.CLOSED)  # the gravest last
    return render(request, "providers/services/show.html", context | {"steps": steps})


@either
def create(request: HttpRequest) -> HttpResponse:
    """A new service."""
    if not can(request.user, Can.MANAGE_SERVICES):
        raise PermissionDenied
    form = NewServiceForm(request.POST or None, user=request.user)
    if form.is_valid() and (service := _saved(request, form)):
        messages.success(request, _("The service is here. Next you may say what the public sees of it."))
        return redirect("services:show", service.pk)
    return _form(request, form, "providers/services/create.html")


@either
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name, kind and place."""
    service = _managed(request, pk)
    return _change(request, ServiceForm, service, service, "providers/services/edit.html")


@either
def listing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the public sees, shown before it is seen."""
    service = _managed(request, pk)
    if request.method == "POST" and "preview" in request.POST:
        form = ListingForm(request.POST, instance=service)
        return _form(request, form, "providers/services/listing.html", service=service, is_preview=form.is_valid())
    return _change(request, ListingForm, service, service, "providers/services/listing.html")


@either
def take_step(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Pause, close or open again, after a page that says what will happen."""
    service = _managed(request, pk)
    step = Service.STEPS.get(name)
    if step is None:
        raise Http404
    if request.method == "POST":
        getattr(service, step.name)(by=request.user)
        messages.success(request, _("Done. The service is “%s” now.") % service.get_status_display())
        return redirect("services:show", pk)
    if service.status not in step.sources:
        raise WrongState(service, step)
    context = {"service": service, "step": step, "back": reverse("services:show", args=[pk])}
    return render(request, "providers/services/take_step.html", context)


@either
def add_contract(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A further contract."""
    service = _managed(request, pk)
    return _change(request, ContractForm, Contract(service=service), service, "providers/services/contract.html")


@either
def edit_contract(request: HttpRequest, pk: UUID, contract: UUID) -> HttpResponse:
    """A contract of this service."""
    service = _managed(request, pk)
    row = get_object_or_404(service.contracts, pk=contract)
    return _change(request, ContractForm, row, service, "providers/services/contract.html")


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened to it, and who did it."""
    service = _service(request, pk)
    crumbs = [(reverse("services:index"), _("Services")), (reverse("services:show", args=[pk]), service.name)]
    return history_page(request, service, crumbs=crumbs)


def _saved(request: HttpRequest, form: Versioned) -> Any:
    """The row; None where somebody was quicker, and the form says with what. Raises ``Outdated``."""
    try:
        return form.save_by(request.user)
    except ValidationError as taken:
        form.add_error(None, taken)
        return None


def _change(request: HttpRequest, kind: type[Versioned], row: Any, service: Service, template: str) -> HttpResponse:
    """Show the form of ``row``, or save it. Who comes second reads both versions and nothing is overwritten."""
    form = kind(request.POST or None, instance=row)
    try:
        if not form.is_valid() or not _saved(request, form):
            return _form(request, form, template, service=service)
    except Outdated as newer:
        return _both(request, kind, newer.row, template, service)
    messages.success(request, _("Saved."))
    for remark in form.remarks():
        messages.warning(request, remark)
    return redirect("services:show", service.pk)


def _both(request: HttpRequest, kind: type[Versioned], newer: Any, template: str, service: Service) -> HttpResponse:
    """The form with what was sent, on the newer version, and beside each field how it stands now."""
    data = request.POST.copy()
    data["version"] = str(newer.version)
    form = kind(data, instance=newer)
    theirs = kind(instance=type(newer)._base_manager.get(pk=newer.pk))
    form.is_valid()
    return _form(request, form, template, status=409, service=service, theirs=theirs.as_words(), is_conflict=True)


def _form(request: HttpRequest, form: Any, template: str, status: int = 0, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=status or (422 if form.errors else 200))
