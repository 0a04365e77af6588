"""Words of a frozen copy in the reader's language: codes of answers, and texts as they stood then."""

from collections.abc import Mapping
from typing import Any

from django import template

from standards.assessments import frozen
from standards.assessments.models.answers import Confidence, Value

register = template.Library()


@register.simple_tag
def frozen_words(thing: Mapping[str, Any], field: str) -> str:
    """The words of ``field`` as they were then."""
    return frozen.words(thing, field)


@register.simple_tag
def value_word(code: str) -> str:
    """An answer's value in words."""
    return str(dict(Value.choices).get(code, code))


@register.simple_tag
def confidence_word(code: str) -> str:
    """How well an answer can be shown, in words."""
    return str(dict(Confidence.choices).get(code, code))
