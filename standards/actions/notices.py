"""Who is told of actions: whoever has one, whoever can verify one, and everybody in time before it is due."""

from collections.abc import Iterable
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can
from portal.audit.history import call
from portal.audit.models import Event
from portal.audit.notices import Telling, forget, on, remind, say
from standards.actions import planning
from standards.actions.models import Action

say("actions.given", _("An action is yours now."))
say("actions.to_verify", _("An action is said to be done. Somebody else has to verify it."))
say("actions.sent_back", _("An action was sent back: something is still missing."))
say("actions.verified", _("An action you did has been verified."))
say("actions.due_in_two_weeks", _("An action of yours is due in two weeks."))
say("actions.due_in_three_days", _("An action of yours is due in three days."))
say("actions.due_today", _("An action of yours is due today."))
say("actions.overdue", _("An action of yours is overdue."))
say("actions.digest", _("Your actions of this week."))

call("actions.action.plan", _("Planned"))
call("actions.action.begin", _("Started"))
call("actions.action.change", _("Changed what was planned"))
call("actions.action.complete", _("Marked as done"))
call("actions.action.verify", _("Verified"))
call("actions.action.send_back", _("Sent back"))
call("actions.action.cancel", _("Cancelled"))

BEFORE = {"due_in_two_weeks": 14, "due_in_three_days": 3, "due_today": 0}  # days before it is due
PLANNED = ("actions.action.plan", "actions.action.change", "actions.action.send_back")
ENDED = ("actions.action.complete", "actions.action.cancel", "actions.action.verify")


def link_of(action: Action) -> str:
    """The action's page."""
    return reverse("actions:show", args=[action.pk])


@on(*PLANNED, *ENDED)
def reminders(event: Event) -> Iterable[Telling]:
    """Plan the reminders anew, or take them away: for another date, another person, or because it is done."""
    action = Action.objects.select_related("owner").filter(pk=event.subject_id).first()
    if action:
        plan_reminders(action)
    return ()


def plan_reminders(action: Action) -> None:
    """Reminders 14 and 3 days before it is due and on the day, for whoever has it now. The same again changes nothing."""
    today = timezone.localdate()
    is_waiting = action.status in {Action.Status.OPEN, Action.Status.IN_PROGRESS} and action.owner is not None
    for kind, days in BEFORE.items():
        key, day = f"action:{action.pk}:{kind}", action.due_on - timedelta(days=days)
        if is_waiting and day > today:
            remind(f"actions.{kind}", to=action.owner, link=link_of(action), at=day, key=key)
        else:
            forget(key)


@on("actions.action.plan", "actions.action.change")
def given(event: Event) -> Iterable[Telling]:
    """Somebody has an action that another planned or passed on."""
    if event.verb.endswith("change") and "owner" not in event.codes.get("fields", ()):
        return
    action = Action.objects.select_related("owner").filter(pk=event.subject_id).first()
    if action and action.owner:
        yield Telling(action.owner, "actions.given", link_of(action))


@on("actions.action.complete")
def to_verify(event: Event) -> Iterable[Telling]:
    """Those who approve, other than who did it; where there is nobody else, everybody who assesses."""
    action = Action.objects.filter(pk=event.subject_id, status=Action.Status.DONE).first()
    if action is None:
        return
    for can in (Can.APPROVE, Can.ASSESS):
        others = planning.people_who([action.organisation_id], can).exclude(pk=cast("UUID", action.done_by_id))
        if others:
            yield from (Telling(person, "actions.to_verify", link_of(action)) for person in others)
            return


@on("actions.action.send_back", "actions.action.verify")
def looked_at(event: Event) -> Iterable[Telling]:
    """Who did it learns what became of it."""
    action = Action.objects.select_related("done_by").filter(pk=event.subject_id).first()
    if action and event.verb.endswith("verify") and action.done_by:
        yield Telling(action.done_by, "actions.verified", link_of(action))
    elif action and (done_by := event.codes.get("done_by")):
        yield from (Telling(person, "actions.sent_back", link_of(action)) for person in User.objects.filter(pk=done_by))
