"""What pages ask of the accounts."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag(takes_context=True)
def session_seconds(context: dict[str, Any]) -> int:
    """Seconds until this session ends if nothing more is heard."""
    session = getattr(context.get("request"), "session", None)
    return session.seconds_left() if session is not None and hasattr(session, "seconds_left") else settings.SESSION_IDLE_SECONDS
