"""Who is told of what happens to a transition. Imported at start-up; each part says its own in a module of its own."""

from providers.transitions import consent_notices, follow_up_notices, transition_notices

__all__ = ["consent_notices", "follow_up_notices", "transition_notices"]
