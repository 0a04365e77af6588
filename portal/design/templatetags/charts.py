"""Template tags that draw charts: ``{% load charts %}{% profile_chart bars %}{% trend_chart points words %}``."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import get_language_bidi

from portal.design.charts import Bar, Point, trend

register = template.Library()


@register.inclusion_tag("components/profile_chart.html")
def profile_chart(bars: Iterable[Bar]) -> dict[str, Any]:
    """A bar per row. Put ``{% include "components/profile_table.html" with bars=… caption=… heading=… %}`` beside it."""
    return {"bars": list(bars)}


@register.inclusion_tag("components/trend_chart.html")
def trend_chart(points: Iterable[Point], words: str) -> dict[str, Any]:
    """One figure over the years; ``words`` say what it is."""
    return {"trend": trend(points, rtl=get_language_bidi()), "words": words}
