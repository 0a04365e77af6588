"""The exit's address in templates."""

from typing import Any

from django import template

from survivors.leave.destinations import destination

register = template.Library()


@register.simple_tag(takes_context=True)
def leave_to(context: dict[str, Any], language: str) -> str:
    """Where leaving leads. A page that has the register at hand (``facts``) is not asked for it again."""
    facts = context.get("facts")
    return destination(language, facts if isinstance(facts, dict) else None)
