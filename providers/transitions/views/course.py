"""The checklist and the dates of one transition."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.workspace.posting import taken
from providers.services.models import Outdated
from providers.transitions import checklists, clocks, dates, permissions, sections, words
from providers.transitions.codes import CheckReason
from providers.transitions.forms import CheckForm, LetterForm, OwnClockForm
from providers.transitions.looking import of_record
from providers.transitions.models import Check, Clock, Transition
from providers.transitions.permissions import Sight


def _may_read(request: HttpRequest, row: Transition) -> None:
    """Checklist and dates are for the two sides while they work on it. Raises ``PermissionDenied``."""
    if permissions.sight(request.user, row) not in {Sight.FULL, Sight.PACKAGE, Sight.OUTLINE}:
        raise PermissionDenied


def allowed(check: Check) -> list[str]:
    """The answers beside done and open that this point allows."""
    answers = [Check.State.NOT_NEEDED.value] if checklists.may_be_not_needed(check) else []
    return answers + ([Check.State.WAIVED.value] if check.may_waive else [])


@require_safe
@of_record("checklist")
def checklist(request: HttpRequest, row: Transition) -> HttpResponse:
    """All points, those that stop her from leaving marked."""
    _may_read(request, row)
    return _checklist(request, row)


def _checklist(request: HttpRequest, row: Transition, wrong: Any = None, *, problem: str = "", status: int = 200) -> HttpResponse:
    works = permissions.can_work_on(request.user, row) and row.status in Transition.CHECKING
    points, blockers = [], 0
    for check in row.checks.select_related("by"):
        check.transition = row
        form = wrong if wrong is not None and wrong.check.pk == check.pk else CheckForm(check=check, allowed=allowed(check))
        reason = dict(CheckReason.choices).get(check.reason, "")
        blockers += check.blocks and check.state == Check.State.OPEN
        points.append({"check": check, "words": words.check(check.key), "form": form if works else None, "reason": reason})
    context = {"row": row, "points": points, "blockers": blockers, "problem": problem, "reference": _named(row), "works": works}
    return render(request, "providers/transitions/checklist.html", context, status=status)


def _named(row: Transition) -> str:
    return sections.references([row]).get(row.pk, "")


@require_POST
@of_record("checklist")
def answer(request: HttpRequest, row: Transition, key: str) -> HttpResponse:
    """How one point stands. It is found through the record (C19)."""
    check = row.checks.filter(key=key).first()
    if check is None:
        raise Http404
    if not permissions.can_work_on(request.user, row):
        raise PermissionDenied
    check.transition = row
    form = CheckForm(request.POST, check=check, allowed=allowed(check))
    try:
        is_done = form.is_valid() and taken(form, lambda: _answered(check, form.cleaned_data, request.user))
    except Outdated:
        words_ = _("Somebody else answered this point meanwhile. It stands as below; answer again if it is wrong.")
        return _checklist(request, row, problem=words_, status=409)
    if not is_done:
        return _checklist(request, row, form, problem=" ".join(str(wrong) for wrong in form.non_field_errors()), status=422)
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('transitions:checklist', args=[row.pk])}#{key}")


def _answered(check: Check, said: Any, by: Any) -> None:
    checklists.answer(check, said["state"], said.get("reason", ""), base=said["version"], by=by)


@require_safe
@of_record("dates")
def calendar(request: HttpRequest, row: Transition) -> HttpResponse:
    """Every date with the rule it comes from; the letter's wins."""
    _may_read(request, row)
    return _calendar(request, row)


def _calendar(request: HttpRequest, row: Transition, *, problem: str = "", own: Any = None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    works = permissions.can_work_on(request.user, row) and row.status not in Transition.TERMINAL
    found = []
    for clock in sorted(row.clocks.all(), key=lambda one: one.due_on):
        rule = clocks.rule_of(row, clock.kind) or {}
        found.append({
            "clock": clock, "words": words.clock(clock.kind), "rule": rule, "basis": words.BASES.get(rule.get("basis", ""), ""),
            "overdue": clock.is_overdue(today), "may_tick": works and not rule.get("met_by") and not rule.get("ends_support"),
            "letter": _letter_form(clock) if works and clock.is_open else None,
        })  # fmt: skip
    own = own or (OwnClockForm(row=row) if works else None)
    context = {"row": row, "dates": found, "own": own, "problem": problem, "today": today, "reference": _named(row), "works": works}
    return render(request, "providers/transitions/dates.html", context, status=status)


def _letter_form(clock: Clock) -> LetterForm:
    return LetterForm(initial={"letter_on": clock.letter_on}, auto_id=f"id_{clock.kind}_%s")


def _clock(row: Transition, kind: str) -> Clock:
    found: Clock | None = row.clocks.filter(kind=kind).first()
    if found is None:
        raise Http404
    return found


@require_POST
@of_record("dates")
def letter(request: HttpRequest, row: Transition, kind: str) -> HttpResponse:
    """The date in her own letter."""
    _clock(row, kind)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _calendar(request, row, problem=_("This is no date."), status=422)
    return _set(request, row, dates.say_letter, row, kind, form.cleaned_data["letter_on"])


@require_POST
@of_record("dates")
def tick(request: HttpRequest, row: Transition, kind: str, state: str) -> HttpResponse:
    """Met, does not apply, or open after all."""
    _clock(row, kind)
    if state not in {dates.MET, dates.DROPPED, dates.OPEN}:
        raise Http404
    return _set(request, row, dates.answer, row, kind, state)


@require_POST
@of_record("dates")
def add(request: HttpRequest, row: Transition) -> HttpResponse:
    """A deadline with a day of its own."""
    form = OwnClockForm(request.POST, row=row)
    if not permissions.can_work_on(request.user, row):
        raise PermissionDenied
    if not form.is_valid():
        return _calendar(request, row, own=form, status=422)
    said = form.cleaned_data
    return _set(request, row, dates.begin, row, said["kind"], said["started_on"], said["letter_on"])


def _set(request: HttpRequest, row: Transition, act: Any, *said: Any) -> HttpResponse:
    try:
        act(*said, by=request.user)
    except ValidationError as wrong:
        return _calendar(request, row, problem=" ".join(wrong.messages), status=422)
    messages.success(request, _("Saved."))
    return redirect("transitions:dates", row.pk)
