"""Every morning: whoever works with her is told that she chose to be asked today, and once a week as long as nobody has."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.history import call
from portal.audit.notices import Telling, say, tell
from portal.audit.outbox import daily
from providers.transitions.models import FollowUp

say("transitions.ask_today", _("Somebody who moved on chose to be asked how things are. It is due."))

call("transitions.transition.follow_up_chosen", _("Chose when she is asked"))
call("transitions.transition.contact_tried", _("Tried to reach her"))
call("transitions.transition.follow_up_answered", _("Wrote down what she said"))


@daily("transitions.ask_today")
def ask_today(day: str) -> None:
    """Once for every whole week that a point is due and nobody has asked. Silence closes nothing."""
    today = date.fromisoformat(day)
    for point in FollowUp.objects.to_ask(today).select_related("transition__worker"):
        weeks = (today - point.due_on).days // 7
        link = reverse("consent:follow_up", args=[point.transition_id])
        tell(
            Telling(point.transition.worker, "transitions.ask_today", link), once=f"transitions.ask_today:{point.pk}:{point.due_on}:{weeks}"
        )
