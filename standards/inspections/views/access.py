"""The door of every page about one inspection. Who may not see it finds nothing (404); who may see but not act is refused (403).

Plan and content are two doors: a planner reads the plan of every inspection of their inspectorate, findings and judgements open
only to its cleared team, and to its quality reviewers once their blind views are given (PERM-14).
"""

import functools
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from standards.inspections import permissions
from standards.inspections.models import Inspection

View = Callable[..., HttpResponseBase]
form_view = require_http_methods(["GET", "HEAD", "POST"])


def plan_of(request: HttpRequest, pk: UUID) -> Inspection:
    """An inspection whose plan this person may read."""
    found: Inspection = get_object_or_404(Inspection.objects.seen_by(request.user).in_full(), pk=pk)
    return found


def changeable(request: HttpRequest, pk: UUID) -> Inspection:
    """As ``plan_of``, for who may change the plan. Raises ``PermissionDenied``."""
    found = plan_of(request, pk)
    if not permissions.can_change(request.user, found):
        raise PermissionDenied
    return found


def plannable(request: HttpRequest, pk: UUID) -> Inspection:
    """As ``plan_of``, for who chooses its team. Raises ``PermissionDenied``."""
    found = plan_of(request, pk)
    if not permissions.can_plan(request.user, found):
        raise PermissionDenied
    return found


def content_of(request: HttpRequest, pk: UUID) -> Inspection:
    """An inspection whose findings and judgements this person may read."""
    found: Inspection = get_object_or_404(Inspection.objects.content_for(request.user).in_full(), pk=pk)
    return found


def with_content(view: View) -> View:
    """The view gets the inspection instead of its id. A reviewer first gives the blind views that wait: afterwards none would be blind."""

    @functools.wraps(view)
    def opened(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
        inspection = content_of(request, pk)
        if inspection.blind_views.waiting().exists() and not inspection.is_open_to(request.user):
            return redirect("inspections:blind", pk)
        return view(request, inspection, **kwargs)

    return opened


def writable(request: HttpRequest, inspection: Inspection) -> Inspection:
    """For who may write findings and judgements now. Raises ``PermissionDenied``."""
    if not permissions.can_record(request.user, inspection):
        raise PermissionDenied
    return inspection


def around(request: HttpRequest, inspection: Inspection, current: str = "") -> dict[str, Any]:
    """What the frame of every page about an inspection shows: its tabs, and what this reader may do."""
    user = request.user
    reads = Inspection.objects.content_for(user).allows(inspection)
    return {
        "inspection": inspection, "current": current, "reads_content": reads, "may_record": permissions.can_record(user, inspection),
        "may_review": inspection.status in Inspection.WRITTEN_UP and permissions.can_review(user, inspection),
    }  # fmt: skip


def page(request: HttpRequest, inspection: Inspection, form: Any, **context: Any) -> HttpResponse:
    """A page with one form. ``title``, ``back`` and, if need be, ``label``, ``lead`` and ``multipart``."""
    shown = around(request, inspection) | {"form": form, **context}
    return render(request, "standards/inspections/form.html", shown, status=422 if form.is_bound else 200)


def both_texts(request: HttpRequest, inspection: Inspection, form: Any, newer: Any, **context: Any) -> HttpResponse:
    """Both versions side by side (C3). Sending again is then based on the newer one."""
    pairs = [
        (field.label, shown_in(newer, field.name), shown_typed(field)) for field in form.visible_fields() if hasattr(newer, field.name)
    ]
    shown = around(request, inspection) | {"form": form, "pairs": pairs, **context}
    return render(request, "standards/inspections/both_texts.html", shown, status=409)


def based_on(request: HttpRequest, version: int) -> Any:
    """What was sent, with the newer version as its base."""
    data = request.POST.copy()
    data["base"] = str(version)
    return data


def shown_in(row: Any, name: str) -> Any:
    """A field of a row, in words."""
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    return ", ".join(str(one) for one in value.all()) if hasattr(value, "all") else value


def shown_typed(field: Any) -> Any:
    """What was typed into a field, in words."""
    value = field.value()
    labels = {str(key): label for key, label in getattr(field.field, "choices", ())}
    if isinstance(value, list | tuple):
        return ", ".join(str(labels.get(str(one), one)) for one in value)
    return labels.get(str(value), value)
