"""What she said after the move and what was tried, read from the rows of a transition: for pages, and for the steps that hang on it."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from portal.calendar.working_days import OF_NATION
from portal.vault.keyring import Key, open_key
from providers.transitions import follow_up_states
from providers.transitions.follow_up_states import Answered, Tried

if TYPE_CHECKING:
    from providers.transitions.models import FollowUp, Transition

FIELD = "follow_up:{}"


def content_of(follow_up: "FollowUp", key: Key) -> dict[str, Any]:
    """What was sealed, or nothing. Raises ``Unreadable``."""
    if follow_up.blob is None:
        return {}
    found: dict[str, Any] = key.unseal(bytes(follow_up.blob), field=FIELD.format(follow_up.pk), version=follow_up.version)
    return found


def answered(transition: "Transition", key: Key) -> list[Answered]:
    """Everything she said, for the rules."""
    rows = transition.follow_ups.filter(done_at__isnull=False)
    contents = [(row.point, content_of(row, key)) for row in rows]
    return [Answered(point, content.get("answers", {}), content.get("stable", "")) for point, content in contents]


def may_be_called_stable(transition: "Transition") -> bool:
    """Whether "sustained" may be said: by her own word, never by silence."""
    return follow_up_states.may_be_called_stable(answered(transition, open_key(transition.pk)))


def contact_is_lost(transition: "Transition") -> bool:
    """Whether what was agreed has been tried enough."""
    tried = [Tried(at, result) for at, result in transition.attempts.values_list("at", "result")]
    return follow_up_states.contact_is_lost(tried, timezone.now(), OF_NATION[transition.nation])
