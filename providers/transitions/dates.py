"""What people do with dates: the day in a letter, a duty that was met or does not apply, a legal deadline that begins."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from providers.transitions import clocks, permissions
from providers.transitions.models import Clock, Transition

MET, DROPPED, OPEN = "met", "dropped", "open"


def _locked(row: Transition, by: Any) -> Transition:
    locked: Transition = Transition.objects.select_for_update(of=("self",)).select_related("pathway").get(pk=row.pk)
    if not permissions.can_work_on(by, locked):
        raise PermissionDenied
    if locked.status in Transition.TERMINAL:
        raise ValidationError(_("The transition has ended."))
    return locked


def _kept(row: Transition, clock: Clock, act: str, by: Any) -> None:
    clocks.settle(row)
    row.version += 1
    row.save()
    record("transitions.clock.set", row, by=by, codes={"kind": clock.kind, "act": act, "due": clock.due_on.isoformat()})


def say_letter(row: Transition, kind: str, letter_on: date | None, *, by: Any) -> Clock:
    """The date printed in her own letter: it wins. None takes it away again. The end of support moves with it until the move is booked."""
    with transaction.atomic():
        row = _locked(row, by)
        clock: Clock = Clock.objects.get(transition=row, kind=kind)
        clock.letter_on = letter_on
        clock.save()
        rule = clocks.rule_of(row, kind)
        if rule and rule.get("ends_support") and row.status in {"draft", "planning", "consented", "referred", "declined", "accepted"}:
            row.exit_on = clocks.support_ends_on(row)
            clocks.start_from(row, "exit", row.exit_on)
        _kept(row, clock, "letter", by)
    return clock


def answer(row: Transition, kind: str, state: str, *, by: Any) -> Clock:
    """Met, does not apply here, or open after all."""
    with transaction.atomic():
        row = _locked(row, by)
        clock: Clock = Clock.objects.get(transition=row, kind=kind)
        rule = clocks.rule_of(row, kind) or {}
        if rule.get("ends_support") and state != OPEN:
            raise ValidationError(_("The end of support is a date, not a duty: it cannot be ticked off."))
        if rule.get("met_by") and state != OPEN:
            raise ValidationError(_("This is met by the step itself."))
        now = timezone.now()
        clock.met_at, clock.dropped_at = (now if state == MET else None), (now if state == DROPPED else None)
        clock.save()
        _kept(row, clock, state, by)
    return clock


def begin(row: Transition, kind: str, started_on: date, letter_on: date | None, *, by: Any) -> Clock:
    """A deadline with a day of its own to begin from: the claim, the second look, the domestic worker's application."""
    with transaction.atomic():
        row = _locked(row, by)
        rule = next((rule for rule in clocks.optional_rules(row) if rule["key"] == kind), None)
        if rule is None:
            raise ValidationError({"kind": _("This deadline runs already, or is none of this nation.")})
        clocks.start(row, rule, started_on)
        clock: Clock = Clock.objects.get(transition=row, kind=kind)
        clock.letter_on = letter_on
        clock.save()
        _kept(row, clock, "begin", by)
    return clock
