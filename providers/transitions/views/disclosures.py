"""Pages of what was taken back and of what was shared without agreement."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.recent import recent_sign_in_required
from portal.accounts.roles import Can
from portal.vault.keyring import open_key
from portal.workspace.posting import posted, taken
from providers.organisations.permissions import can
from providers.transitions import consent_permissions as permissions
from providers.transitions import disclosing
from providers.transitions import recalls as recalling
from providers.transitions.codes import Item
from providers.transitions.consent_forms import DiscloseForm, RecallForm, ReviewForm
from providers.transitions.looking import watched
from providers.transitions.models import Disclosure, Recall
from providers.transitions.views.consent import held, workable


@require_safe
def recalls(request: HttpRequest) -> HttpResponse:
    """What was taken back from this person's organisations, the unanswered first."""
    found = Recall.objects.addressed_to(request.user).order_by("answered_at", "sent_at")
    rows = [(row, permissions.can_answer(request.user, row)) for row in found[:200]]
    return render(request, "providers/transitions/consent_recalls.html", {"rows": rows})


def answer(request: HttpRequest, recall_pk: UUID) -> HttpResponse:
    """The receiver's answer: deleted, or a ground in law. It cannot be changed afterwards."""
    row: Recall = get_object_or_404(Recall.objects.addressed_to(request.user), pk=recall_pk)
    if not permissions.can_answer(request.user, row):
        raise PermissionDenied
    form = RecallForm(posted(request))
    if form.is_valid() and taken(form, lambda: recalling.answer(row, ground=form.ground(), by=request.user)):
        messages.success(request, _("Answered. The sender is told."))
        return redirect("consent:recalls")
    status = _status(form, is_late=row.answered_at is not None)
    context = {"form": form, "recall": row, "back": reverse("consent:recalls")}
    return render(request, "providers/transitions/consent_answer.html", context, status=status)


def _status(form: Any, *, is_late: bool) -> int:
    """409: somebody else was quicker, and nothing was changed."""
    return 200 if not form.is_bound else 409 if is_late else 422


@recent_sign_in_required
@watched
def disclose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Share without agreement, to keep somebody safe. A second person looks at it."""
    row = workable(request, pk, "disclosure")
    form = DiscloseForm(posted(request), transition=row)
    if form.is_valid() and taken(form, lambda: disclosing.disclose(row, **form.words(), by=request.user)):
        messages.success(request, _("Written down. A second person is asked to look at it."))
        return redirect("consent:show", pk)
    context = {"form": form, "transition": row, "back": reverse("consent:show", args=[pk])}
    return render(request, "providers/transitions/consent_disclose.html", context, status=422 if form.is_bound else 200)


@watched
def review(request: HttpRequest, pk: UUID, disclosure_pk: UUID) -> HttpResponse:
    """What was shared, on what ground and why; and whether that was right. Nobody reviews their own act."""
    row = held(request, pk, "disclosure")
    found: Disclosure = get_object_or_404(Disclosure.objects.of(row), pk=disclosure_pk)
    may_review = permissions.can_review(request.user, found)
    if not (may_review or can(request.user, Can.ASSESS, found.discloser_id)) or (request.method == "POST" and not may_review):
        raise PermissionDenied
    form = ReviewForm(posted(request))
    if form.is_valid() and taken(form, lambda: disclosing.review(found, form.cleaned_data["outcome"], by=request.user)):
        messages.success(request, _("Reviewed."))
        return redirect("consent:show", pk)
    context = {
        "form": form if may_review and found.reviewed_at is None else None, "transition": row, "disclosure": found,
        "reason": disclosing.reason_of(found, open_key(row.pk)),
        "items": [Item(item).label for item in found.items],
    }  # fmt: skip
    return render(
        request, "providers/transitions/consent_review.html", context, status=_status(form, is_late=found.reviewed_at is not None)
    )
