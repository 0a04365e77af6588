"""Pages of follow-up: when she is asked, attempts in the agreed way, what she said, and who looked at her record."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.vault.keyring import open_key
from portal.workspace.posting import posted, taken
from providers.services.models import Outdated
from providers.transitions import follow_up_reading, follow_ups, looks
from providers.transitions.follow_up_forms import (
    ANSWER_WORDS,
    BREACH_WORDS,
    CHANNEL_WORDS,
    OUTCOME_WORDS,
    POINT_WORDS,
    QUESTION_WORDS,
    AnswerForm,
    AttemptForm,
    PointsForm,
)  # fmt: skip
from providers.transitions.follow_up_states import Answered
from providers.transitions.looking import watched
from providers.transitions.models import FollowUp, Transition
from providers.transitions.needs import DAYS
from providers.transitions.safe_contact import Breach, Channel, Rules
from providers.transitions.views.consent import workable


def _point(row: Transition, follow_up_pk: UUID) -> FollowUp:
    """A point of this very transition (C19)."""
    found: FollowUp = get_object_or_404(row.follow_ups.select_related("transition"), pk=follow_up_pk)
    return found


def beside(rules: Rules) -> dict[str, Any]:
    """What stands beside every contact."""
    days = [label for code, label in DAYS if int(code) in rules.days]
    return {
        "rules": rules,
        "channels": [CHANNEL_WORDS[channel] for channel in rules.allowed],
        "days": days if len(days) < len(DAYS) else [],
    }


@require_safe
@watched
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every point, what came of it, and the rules of contact beside it."""
    row = workable(request, pk, "follow_up")
    context = {
        "transition": row, "points": [(found, POINT_WORDS[found.point]) for found in row.follow_ups.all()],
        "today": timezone.localdate(),
        "attempts": [(tried, CHANNEL_WORDS[Channel(tried.channel)]) for tried in row.attempts.select_related("by").reverse()[:30]],
        "is_lost": follow_up_reading.contact_is_lost(row), "may_be_called_stable": follow_up_reading.may_be_called_stable(row),
        **beside(follow_ups.rules_for(row)),
    }  # fmt: skip
    return render(request, "providers/transitions/follow_up.html", context)


@watched
def choose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which points she wants."""
    row = workable(request, pk, "follow_up")
    wanted = [found.point for found in row.follow_ups.all() if found.is_wanted]
    form = PointsForm(posted(request), initial={"points": wanted, "moved_on": row.exit_on})
    if form.is_valid() and taken(form, lambda: follow_ups.choose_points(row, **form.cleaned_data, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("consent:follow_up", pk)
    return _ask(request, row, form, _("When she is asked"))


@watched
def attempt(request: HttpRequest, pk: UUID, follow_up_pk: UUID) -> HttpResponse:
    """Log an attempt. What would break the agreement is refused in words."""
    row = workable(request, pk, "follow_up")
    found = _point(row, follow_up_pk)
    rules = follow_ups.rules_for(row)
    form = AttemptForm(posted(request), rules=rules)
    if form.is_valid():
        try:
            follow_ups.log_attempt(row, form.contact(), form.cleaned_data["result"], follow_up=found, by=request.user)
        except ValidationError as problem:
            for error in problem.error_list:
                form.add_error(None, BREACH_WORDS[Breach(error.code)] if error.code else error)
        else:
            messages.success(request, _("Written down."))
            return redirect("consent:follow_up", pk)
    return _ask(request, row, form, _("An attempt to reach her"), **beside(rules), shows_rules=True)


@watched
def answer(request: HttpRequest, pk: UUID, follow_up_pk: UUID) -> HttpResponse:
    """What she said. Who comes second reads what stands there now (INT-01)."""
    row = workable(request, pk, "follow_up")
    found = _point(row, follow_up_pk)
    form = AnswerForm(posted(request), follow_up=found)
    heard: list[Answered] = []
    try:
        is_done = form.is_valid() and taken(form, lambda: heard.append(_heard(found, form, request.user)))
    except Outdated:
        form.add_error(None, _("Somebody else wrote this down meanwhile. Nothing was overwritten: open it and compare."))
        return _ask(request, row, form, POINT_WORDS[found.point], status=409)
    if is_done:
        if heard[0].risks:
            messages.warning(request, _("She said no to something she needs. Something has to happen today."))
        messages.success(request, _("Written down."))
        return redirect("consent:follow_up", pk)
    return _ask(request, row, form, POINT_WORDS[found.point], **beside(follow_ups.rules_for(row)), shows_rules=True)


def _heard(found: FollowUp, form: AnswerForm, by: Any) -> Answered:
    return follow_ups.answer(found, form.content(), base=form.cleaned_data["version"], by=by)


def _ask(request: HttpRequest, row: Transition, form: Any, heading: Any, *, status: int = 0, **more: Any) -> HttpResponse:
    context = {"form": form, "transition": row, "heading": heading, **more}
    return render(request, "providers/transitions/follow_up_form.html", context, status=status or (422 if form.is_bound else 200))


@require_safe
@watched
def said(request: HttpRequest, pk: UUID, follow_up_pk: UUID) -> HttpResponse:
    """What she said at one point. The look is written down."""
    row = workable(request, pk, "follow_up_answer")
    found = get_object_or_404(row.follow_ups.filter(done_at__isnull=False), pk=follow_up_pk)
    content = follow_up_reading.content_of(found, open_key(row.pk))
    labels = dict(ANSWER_WORDS)
    pairs: list[tuple[Any, Any]] = [(QUESTION_WORDS[name], labels[given]) for name, given in content.get("answers", {}).items()]
    pairs += [(OUTCOME_WORDS[name], step) for name, step in content.get("outcomes", {}).items()]
    pairs += [(_("Stable in her own view"), labels[content["stable"]])] if content.get("stable") else []
    pairs += [(_("What she wants us to do"), content["wish"])] if content.get("wish") else []
    context = {"transition": row, "follow_up": found, "heading": POINT_WORDS[found.point], "pairs": pairs}
    return render(request, "providers/transitions/follow_up_said.html", context)


@require_safe
@watched
def looked(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who looked at her record, to show to her: day, organisation, what for. Asking is a look itself."""
    row = workable(request, pk, "looks")
    context = {"transition": row, "lines": looks.of(row)}
    return render(request, "providers/transitions/consent_looks.html", context)
