"""Summaries: prepared by one person, checked and approved by another; read by those to whom they were issued."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import hashing
from portal.accounts.recent import recent_sign_in_required
from portal.audit.trail import saw
from portal.workspace.posting import posted, taken
from standards.reports import freezing, leaks, permissions, reading, renditions
from standards.reports.exports.content import document
from standards.reports.forms.checks import ApproveForm, HarmForm, HitForm
from standards.reports.models import DisclosureHit, Rendition
from standards.reports.views import access

SUMMARIES = ("shared", "public")


@require_safe
def overview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The words for wider audiences, and how far each summary is."""
    report = access.seen(request, pk)
    if not report.is_final or not permissions.can_prepare(request.user, report):
        raise Http404
    version = report.final_version()
    made = {row.kind: row for row in version.renditions.select_related("made_by", "approved_by").prefetch_related("issues__organisation")}
    context = {
        "report": report, "made": [(Rendition.Kind(kind).label, kind, made.get(kind)) for kind in SUMMARIES], "full": made.get("full"),
        "rows": report.statements.standing().in_full().order_by("order"), "may_publish": permissions.can_publish(request.user, report),
    }  # fmt: skip
    return render(request, "standards/reports/renditions.html", context)


@require_POST
def prepare(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Make a summary from the words written for it."""
    report = access.seen(request, pk)
    if kind not in SUMMARIES or not permissions.can_prepare(request.user, report):
        raise Http404
    try:
        made = renditions.prepare(report, kind, by=request.user)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return redirect("reports:renditions", pk)
    return redirect("reports:rendition_check", made.pk)


@require_safe
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The summary as its readers will see it, every hit, and the questions of the harm check."""
    found = access.rendition(request, pk)
    return _check(request, found, ApproveForm())


def _check(request: HttpRequest, found: Rendition, form: ApproveForm, status: int = 200) -> HttpResponse:
    report = found.version.report
    answers = {row.question: row for row in found.harm_answers.select_related("by")}
    context: dict[str, Any] = {
        "report": report, "rendition": found, "form": form, "hits": [(row, leaks.KINDS.get(row.kind,
        row.kind)) for row in found.hits.select_related("resolved_by")],
        "questions": [(code, words, answers.get(code)) for code, words in leaks.HARM.items()],
        "may_check": permissions.can_publish(request.user, report) and request.user.pk != found.made_by_id and not found.published_at,
        "may_withdraw": found.kind != "full" and not found.withdrawn_at and permissions.can_publish(request.user, report),
        "nothing": renditions.NOTHING, "spoken": freezing.spoken(found.code), **_read(found),
    }  # fmt: skip
    return render(request, "standards/reports/rendition_check.html", context, status=status)


def _read(found: Rendition) -> dict[str, Any]:
    content = found.content
    titles = {row["standard"]: row["title"] for row in content["judgements"]} | {
        row["code"]: row["title"] for row in content["key_questions"]
    }
    return {"content": content, "groups": reading.groups_of(content["statements"], titles)}


@require_http_methods(["GET", "HEAD", "POST"])
def resolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What becomes of one hit."""
    hit = get_object_or_404(DisclosureHit.objects.of_visible(request.user).select_related("rendition"), pk=pk)
    found = access.rendition(request, hit.rendition_id)
    hit.rendition = found
    form = HitForm(posted(request), initial={"resolution": hit.resolution, "reason": hit.reason})
    if form.is_valid() and taken(
        form, lambda: renditions.resolve(hit, form.cleaned_data["resolution"], form.cleaned_data["reason"], by=request.user)
    ):
        return redirect(f"{reverse('reports:rendition_check', args=[found.pk])}#hits")
    context = {"report": found.version.report, "rendition": found, "hit": hit, "kind": leaks.KINDS.get(hit.kind, hit.kind), "form": form}
    return render(request, "standards/reports/resolve.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def harm(request: HttpRequest, pk: UUID, question: str) -> HttpResponse:
    """One question of the harm check."""
    found = access.rendition(request, pk)
    if question not in leaks.HARM:
        raise Http404
    form = HarmForm(posted(request))
    if form.is_valid() and taken(form, lambda: renditions.answer_harm(found, question, **form.cleaned_data, by=request.user)):
        return redirect(f"{reverse('reports:rendition_check', args=[pk])}#harm")
    context = {"report": found.version.report, "rendition": found, "words": leaks.HARM[question], "form": form}
    return render(request, "standards/reports/harm.html", context, status=422 if form.is_bound else 200)


@require_POST
@recent_sign_in_required
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person approves exactly what stands there."""
    found = access.rendition(request, pk)
    form = ApproveForm(request.POST)
    if form.is_valid() and taken(form, lambda: renditions.approve(found, form.cleaned_data["typed"], by=request.user)):
        messages.success(request, _("Approved. It is not issued yet: that is a step of the report."))
        return redirect("reports:renditions", found.version.report_id)
    return _check(request, found, form, 422)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a summary down at once."""
    found = access.rendition(request, pk)
    report = found.version.report
    if not permissions.can_publish(request.user, report):
        raise PermissionDenied
    back = reverse("reports:rendition_check", args=[pk])
    if request.method == "POST":
        try:
            renditions.withdraw(found, by=request.user)
            messages.success(request, _("It is gone: nobody reads it any more."))
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        return redirect("reports:renditions", report.pk)
    return render(request, "standards/reports/withdraw.html", {"report": report, "rendition": found, "back": back})


@require_safe
def issued(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was issued to an organisation of this person's, to the letter. That they looked is on record."""
    found = get_object_or_404(Rendition.objects.issued_to(request.user).in_full(), pk=pk)
    with transaction.atomic():
        saw(request.user, found, "reports.issued")
    context = {
        "rendition": found,
        "is_intact": hashing.is_intact(found),
        "spoken": freezing.spoken(found.code),
        "document": document(found),
    }
    return render(request, "standards/reports/issued.html", context)
