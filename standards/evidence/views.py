"""Pages of the evidence room: the library, one item, its versions, and the only way to a file."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.roles import Can
from portal.audit.history import history_of
from portal.audit.trail import record
from providers.organisations.permissions import can
from standards.evidence import filing, permissions, store
from standards.evidence.forms import EvidenceForm, FileForm, Filter, ReasonForm
from standards.evidence.models import Evidence, EvidenceFile, Outdated
from standards.evidence.receiving import MARK

PAGE = 50
POLICY = "sandbox; default-src 'none'"  # whatever a browser may do with the file, it does it in a box that can reach nothing
form_view = require_http_methods(["GET", "HEAD", "POST"])


def _evidence(request: HttpRequest, pk: UUID) -> Evidence:
    found: Evidence = get_object_or_404(Evidence.objects.visible_to(request.user).with_uses(), pk=pk)
    return found


def _changeable(request: HttpRequest, pk: UUID) -> Evidence:
    """As ``_evidence``, for who may change it. Raises ``PermissionDenied`` for who only reads."""
    evidence = _evidence(request, pk)
    if not permissions.can_change(request.user, evidence):
        raise PermissionDenied
    return evidence


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The library."""
    form = Filter(request.GET, user=request.user)
    rows = form.narrow(Evidence.objects.visible_to(request.user)).with_uses()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_add": can(request.user, Can.ASSESS), "today": timezone.localdate()}
    return render(request, "standards/evidence/index.html", context)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One item: what it shows, where it is used, its versions and its history. Also one that was put aside."""
    evidence = _evidence(request, pk)
    has_scanner = bool(settings.CLAMD_ADDRESS)
    context = {
        "evidence": evidence,
        "files": [(file, file.is_open(has_scanner=has_scanner)) for file in evidence.files.all()],
        "uses": evidence.uses_in_order(),
        "lines": history_of(evidence),
        "decisions": evidence.decisions.select_related("by"),
        "may_change": permissions.can_change(request.user, evidence),
    }
    return render(request, "standards/evidence/show.html", context)


@form_view
def add(request: HttpRequest) -> HttpResponse:
    """A new item: a reference, or a file, or both."""
    if not can(request.user, Can.ASSESS):
        raise PermissionDenied
    form = EvidenceForm(request.POST or None, request.FILES or None, user=request.user)
    if saved := _saved(request, form):
        return _to(request, reverse("evidence:show", args=[saved.pk]))
    context = {"form": form, "room": _rooms(request)}
    return render(request, "standards/evidence/add.html", context, status=_status(form))


@form_view
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is said about an item. Who comes second reads both texts."""
    evidence = _changeable(request, pk)
    form = EvidenceForm(request.POST or None, instance=evidence, user=request.user)
    try:
        if _saved(request, form):
            return redirect("evidence:show", pk)
    except Outdated as newer:
        return _both(request, newer.row)
    return render(request, "standards/evidence/edit.html", {"form": form, "evidence": evidence}, status=_status(form))


@form_view
def add_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new version of an item's file. The older ones stay, with their numbers and hashes."""
    evidence = _changeable(request, pk)
    form = FileForm(request.POST or None, request.FILES or None, evidence=evidence)
    if _saved(request, form):
        return _to(request, reverse("evidence:show", args=[pk]))
    context = {"form": form, "evidence": evidence, "room": [(evidence.organisation, filing.room_of(evidence.organisation_id))]}
    return render(request, "standards/evidence/add_file.html", context, status=_status(form))


@form_view
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an item aside, with a reason."""
    return _decide(request, pk, "retire", "standards/evidence/retire.html")


@form_view
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back into use, with a reason."""
    return _decide(request, pk, "restore", "standards/evidence/restore.html")


def _decide(request: HttpRequest, pk: UUID, name: str, template: str) -> HttpResponse:
    evidence = _changeable(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        getattr(evidence, name)(form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Done."))
        return redirect("evidence:show", pk)
    context = {"form": form, "evidence": evidence, "back": reverse("evidence:show", args=[pk])}
    return render(request, template, context, status=_status(form))


@require_safe
def download(request: HttpRequest, pk: UUID, file_pk: UUID) -> HttpResponseBase:
    """One file, whole, to be kept and not opened here. Who may is asked each time, and each time is written down."""
    evidence = _evidence(request, pk)
    file: EvidenceFile = get_object_or_404(evidence.files.all(), pk=file_pk)
    if not file.is_open(has_scanner=bool(settings.CLAMD_ADDRESS)):
        return render(request, "standards/evidence/not_open.html", {"evidence": evidence, "file": file}, status=409)
    try:
        content = store.opened(file.stored_name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    if request.method == "GET":
        with transaction.atomic():
            record("evidence.evidence.download", evidence, by=request.user, codes={"number": file.number, "file": file.pk})
    kind = f"{file.media_type}; charset=utf-8" if file.media_type.startswith("text/") else file.media_type
    response = FileResponse(content, as_attachment=True, filename=file.shown_name, content_type=kind)
    response["Content-Length"] = str(file.size)
    response["Content-Security-Policy"] = POLICY
    response["Accept-Ranges"] = "none"
    return response


def _saved(request: HttpRequest, form: Any) -> Any:
    """Save a valid form. A file that was too large, or finds no room, comes back as an error; everything typed is still there."""
    form.is_too_big = bool(request.META.get(MARK))
    if not form.is_valid():
        return None
    try:
        saved = form.save(by=request.user)
    except ValidationError as problem:
        form.add_error(None, problem)
        return None
    messages.success(request, _("Saved."))
    return saved


def _status(form: Any) -> int:
    if not form.is_bound:
        return 200
    return 413 if getattr(form, "is_too_big", False) else 422


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """On to ``address``. The script of the form goes there itself: it must not follow a redirect, or the messages would be read unseen."""
    if request.headers.get("X-Waymark-Form"):
        return HttpResponse(headers={"X-Waymark-Next": address})
    return redirect(address)


def _rooms(request: HttpRequest) -> list[tuple[Any, filing.Room]]:
    return [(organisation, filing.room_of(organisation)) for organisation in filing.where_may_bring(request.user)]


def _both(request: HttpRequest, newer: Evidence) -> HttpResponse:
    """Both versions side by side; sending again is then based on the newer one."""
    data = request.POST.copy()
    data["version"] = str(newer.version)
    form = EvidenceForm(data, instance=_evidence(request, newer.pk), user=request.user)
    form.is_valid()
    pairs = [
        (field.label, getattr(newer, f"get_{field.name}_display", lambda name=field.name: getattr(newer, name))(), _shown(field))
        for field in form.visible_fields()
        if field.name in EvidenceForm.Meta.fields
    ]
    return render(request, "standards/evidence/conflict.html", {"form": form, "evidence": newer, "pairs": pairs}, status=409)


def _shown(field: Any) -> Any:
    value = field.value()
    labels = {str(key): label for key, label in getattr(field.field, "choices", ())}
    return labels.get(str(value), value)
