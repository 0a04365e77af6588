"""Pages of the action plan: list, board, print, table, one action, and its steps."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.roles import Can
from portal.audit.history import history_page
from portal.steps import Step, WrongState
from providers.organisations.permissions import can
from standards.actions import listing, permissions
from standards.actions.forms import STEP_FORMS, ActionForm, ReasonForm, ServiceForm, StepForm
from standards.actions.models import Action, Outdated

COLUMNS = (Action.Status.OPEN, Action.Status.IN_PROGRESS, Action.Status.DONE, Action.Status.VERIFIED)
ON_BOARD = 50  # cards in a column; the list has the rest


def _action(request: HttpRequest, pk: UUID) -> Action:
    rows = Action.objects.visible_to(request.user).select_related(*listing.NEEDED, "organisation")
    found: Action = get_object_or_404(rows, pk=pk)
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list."""
    form, rows = listing.listed(request.user, request.GET)
    page = Paginator(rows, listing.PAGE).get_page(request.GET.get("page"))
    return render(request, "standards/actions/index.html", {"form": form, "page": page, "query": request.GET.urlencode(), **_may(request)})


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The same rows as cards in columns by status. Everything is done by button, so also by keyboard."""
    form, rows = listing.listed(request.user, request.GET)
    cards: dict[str, list[Action]] = {status: [] for status in COLUMNS}
    for action in rows.filter(status__in=COLUMNS):
        cards[action.status].append(action)
    columns = [
        {
            "label": Action.Status(status).label,
            "count": len(held),
            "cards": [(action, _quick(request, action)) for action in held[:ON_BOARD]],
        }
        for status, held in cards.items()
    ]
    context = {"form": form, "columns": columns, "query": request.GET.urlencode(), **_may(request)}
    return render(request, "standards/actions/board.html", context)


def _quick(request: HttpRequest, action: Action) -> list[Step]:
    """The steps that need no words: buttons on the card itself."""
    return [step for step in action.open_to(request.user) if STEP_FORMS.get(step.name) is StepForm]


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """The same rows on paper."""
    _form, rows = listing.listed(request.user, request.GET)
    return render(request, "standards/actions/printed.html", {"rows": rows, "today": timezone.localdate()})


class _Echo:
    """A file that hands back what is written to it, so that a table leaves row by row."""

    def write(self, value: str) -> str:
        return value


@require_safe
def table(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows as CSV (C15), each cell safe in a spreadsheet (INJ-06)."""
    _form, rows = listing.listed(request.user, request.GET)
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    lines = ["\ufeff", *(writer.writerow(cells) for cells in listing.table(rows))]
    headers = {"Content-Disposition": f'attachment; filename="actions-{timezone.localdate():%Y-%m-%d}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One action, with what its reader may do now."""
    return _page(request, _action(request, pk))


@require_safe
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened to an action, who did it and when."""
    action = _action(request, pk)
    crumbs = [(reverse("actions:index"), _("Action plan")), (reverse("actions:show", args=[pk]), action.what)]
    return history_page(request, action, crumbs=crumbs)


def plan(request: HttpRequest) -> HttpResponse:
    """A new action that comes from no answer: first for which service, then what."""
    chosen = ServiceForm(request.POST if "service" in request.POST else request.GET or None, user=request.user)
    if not can(request.user, Can.ASSESS):
        raise PermissionDenied
    if not chosen.is_bound or not chosen.is_valid():
        return render(request, "standards/actions/choose.html", {"form": chosen}, status=422 if chosen.is_bound else 200)
    posted = request.POST if request.method == "POST" else None
    form = ActionForm(posted, proposal=chosen.proposal())
    if form.is_valid() and (action := saved(form, request)):
        return redirect("actions:show", action.pk)
    return render(
        request, "standards/actions/plan.html", {"form": form, "chosen": chosen.cleaned_data}, status=422 if form.is_bound else 200
    )


def saved(form: ActionForm, request: HttpRequest) -> Action | None:
    """Save a valid form. What the rules refuse comes back as errors of the form, with everything typed still in it."""
    try:
        action = form.save(by=request.user)
    except ValidationError as problem:
        form.add_error(None, problem.messages)
        return None
    messages.success(request, _("Saved."))
    return action


def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is planned. Who comes second reads both texts (INT-01)."""
    action = _action(request, pk)
    if not permissions.can_work_on(request.user, action):
        raise PermissionDenied
    form = ActionForm(request.POST or None, instance=action)
    try:
        if form.is_valid() and saved(form, request):
            return redirect("actions:show", pk)
    except Outdated as newer:
        return _both(request, form, newer.row)
    except WrongState as wrong:
        return _page(request, _action(request, pk), problem=str(wrong), status=409)
    return render(request, "standards/actions/change.html", {"form": form, "action": action}, status=422 if form.is_bound else 200)


def _both(request: HttpRequest, form: ActionForm, newer: Any) -> HttpResponse:
    """Both versions side by side; sending again is then based on the newer one."""
    data = request.POST.copy()
    data["version"] = str(newer.version)
    mine = ActionForm(data, instance=_action(request, newer.pk))
    pairs = [
        (field.label, getattr(newer, f"get_{field.name}_display", lambda name=field.name: getattr(newer, name))(), _shown(field))
        for field in mine.visible_fields()
    ]
    return render(request, "standards/actions/conflict.html", {"form": mine, "action": newer, "pairs": pairs}, status=409)


def _shown(field: Any) -> str:
    value = field.value()
    labels = {str(key): label for key, label in getattr(field.field, "choices", ())}
    return str(labels.get(str(value), value))


@require_POST
def take(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """A step that can be undone: begin, complete, verify, send back."""
    action = _action(request, pk)
    if name not in STEP_FORMS:
        raise Http404
    if not Action.STEPS[name].may(request.user, action):
        raise PermissionDenied
    form = STEP_FORMS[name](request.POST)
    if not form.is_valid():
        return _page(request, action, {name: form}, status=422)
    return _taken(request, action, name, form)


def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It will not be done. Asked once more, with a reason, because nothing leads back."""
    action = _action(request, pk)
    if not permissions.can_work_on(request.user, action):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        return _taken(request, action, "cancel", form)
    context = {"form": form, "action": action, "back": reverse("actions:show", args=[pk])}
    return render(request, "standards/actions/cancel.html", context, status=422 if form.is_bound else 200)


def _taken(request: HttpRequest, action: Action, name: str, form: StepForm) -> HttpResponse:
    try:
        getattr(action, name)(*form.words(), by=request.user)
    except WrongState as wrong:
        return _page(request, _action(request, action.pk), problem=str(wrong), status=409)
    messages.success(request, _("Done: %(step)s. The action is now “%(status)s”.") % {
        "step": Action.STEPS[name].label, "status": action.get_status_display(),
    })  # fmt: skip
    return redirect("actions:board") if request.POST.get("back") == "board" else redirect("actions:show", action.pk)


def _page(
    request: HttpRequest, action: Action, forms: dict[str, StepForm] | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    steps = [step for step in action.open_to(request.user) if step.name in STEP_FORMS]
    context = {
        "action": action,
        "steps": [(step, (forms or {}).get(step.name) or STEP_FORMS[step.name]()) for step in steps],
        "problem": problem,
        "may_change": permissions.can_work_on(request.user, action) and action.status in Action.STEPS["change"].sources,
        "waits_for_another": action.status == Action.Status.DONE and action.done_by_id == request.user.pk,
    }
    return render(request, "standards/actions/show.html", context, status=status)


def _may(request: HttpRequest) -> dict[str, bool]:
    return {"may_plan": can(request.user, Can.ASSESS)}
