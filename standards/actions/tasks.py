"""What happens every morning: weekly reminders of what is late, and everybody's week."""

from datetime import date

from django.db.models import Q
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.notices import Telling, forget, tell
from portal.audit.outbox import daily
from standards.actions.models import Action
from standards.actions.notices import BEFORE, link_of

AHEAD = 7  # days: what is due within them belongs to the week


@daily("actions.remind_overdue")
def remind_overdue(day: str) -> None:
    """Once for every whole week that an action is late. After a standstill the newest week is told, not each of those missed."""
    today = date.fromisoformat(day)
    nobodys = set(Action.objects.without_owner().values_list("pk", flat=True))
    for action in Action.objects.overdue(today).exclude(owner=None).select_related("owner"):
        weeks = (today - action.due_on).days // 7
        if weeks and action.pk not in nobodys:
            tell(Telling(action.owner, "actions.overdue", link_of(action)), once=f"actions.overdue:{action.pk}:{action.due_on}:{weeks}")
    for pk in nobodys:  # whoever left is reminded no more (C32, C47)
        for kind in BEFORE:
            forget(f"action:{pk}:{kind}")


@daily("actions.weekly_digest")
def weekly_digest(day: str) -> None:
    """One notice a week for everybody who has something late or due within the week, with a link to exactly these."""
    today = date.fromisoformat(day)
    year, week, _weekday = today.isocalendar()
    due = Action.objects.overdue(today) | Action.objects.due_within(today, AHEAD)
    held = due.exclude(Q(owner=None) | Q(pk__in=Action.objects.without_owner().values("pk")))
    for person in User.objects.filter(pk__in=held.values("owner")):
        link = f"{reverse('actions:index')}?owner=me&status=unfinished"
        tell(Telling(person, "actions.digest", link), once=f"actions.digest:{person.pk}:{year}-{week}")
