"""Template tags of the workspace's frame."""

from typing import Any

from django import template

from portal.workspace.navigation import Desk, desk_of

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> Desk:
    """The rail of whoever reads this page; empty without a request, as on the page of a failure."""
    return desk_of(context.get("request"))


@register.simple_tag(takes_context=True)
def same_query_with(context: dict[str, Any], **changes: object) -> str:
    """The query of this page with ``changes``: a filter survives turning the page."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"
