"""What every view with a form does: bind what was posted, act, and say at the fields what was refused."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: also a form that was sent empty."""
    return request.POST if request.method == "POST" else None


def taken(form: forms.BaseForm, act: Callable[[], Any]) -> bool:
    """Whether ``act`` was done. What it finds wrong is said on the form, at the field it is about."""
    try:
        act()
    except ValidationError as problem:
        known = hasattr(problem, "error_dict") and set(problem.error_dict) <= set(form.fields)
        form.add_error(None, problem if known else ValidationError(problem.messages))
        return False
    return True
