"""Who is told of what happens to a transition. Imported at start-up; each part says its own in a module of its own."""

from providers.transitions import transition_notices

__all__ = ["transition_notices"]
