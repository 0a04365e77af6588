"""Who looked at her record, in words she can be shown: the day, whose people, what for. Never the name of a person of staff."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.models import View
from providers.organisations.models import Membership
from providers.transitions.models import Transition

MOST = 500
WHY = {
    "consent": gettext_lazy("What you agree to"), "package": gettext_lazy("What was handed over"),
    "disclosure": gettext_lazy("What was shared without your agreement"), "move_on_plan": gettext_lazy("Made your plan"),
    "card": gettext_lazy("Made your card"), "follow_up": gettext_lazy("How you are doing"),
    "follow_up_answer": gettext_lazy("What you answered"), "looks": gettext_lazy("This list"),
    "record": gettext_lazy("Your record"), "needs": gettext_lazy("What you need"),
    "checklist": gettext_lazy("What is to be done before you move"),
    "dates": gettext_lazy("Your dates"), "change": gettext_lazy("Where to and when"), "step": gettext_lazy("Where your move stands"),
    "offer": gettext_lazy("Asking another service"), "answer": gettext_lazy("Whether they can take you over"),
    "question": gettext_lazy("A question about you"), "phone": gettext_lazy("What was heard on the telephone"),
    "withdraw": gettext_lazy("Taking an offer back"), "guest": gettext_lazy("The way in of a service without an account"),
    "history": gettext_lazy("What has happened"), "agreeing": gettext_lazy("Writing down what you agree to"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """On this day people of these organisations looked, so often, for this."""

    day: date
    organisations: str
    why: str
    times: int


def of(transition: Transition) -> list[Line]:
    """The newest first, one line for a day, an organisation and a purpose. Three queries."""
    found: Any = View.objects.about(transition)
    rows = list(found.order_by("-pk").values_list("by", "at", "why")[:MOST])
    homes = _homes({by for by, _at, _why in rows})
    keys = [(timezone.localdate(at), homes.get(by, ""), why.partition(":")[0]) for by, at, why in rows]
    return [
        Line(day, whose or _("Somebody who has left"), str(WHY.get(why, _("Something else"))), len(list(same)))
        for (day, whose, why), same in groupby(sorted(keys, key=lambda key: (-key[0].toordinal(), key[1], key[2])))
    ]


def _homes(people: set[Any]) -> dict[Any, str]:
    found: dict[Any, set[str]] = {}
    for user, name in Membership.objects.filter(user__in=people).values_list("user", "organisation__name"):
        found.setdefault(user, set()).add(name)
    return {user: ", ".join(sorted(names)) for user, names in found.items()}
