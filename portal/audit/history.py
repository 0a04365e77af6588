"""The history of a record, in words: what happened, who did it, when. Never what somebody wrote.

A noun says its words in ``notices.py``, beside those of its notices:

    call("assessments.answer.save", _("Saved an answer"))

A step without words of its own is told by its label ("Send for review"), anything else by the words in its verb. The noun's view
finds the record among those the person may see, then returns ``history_page(request, record, crumbs=[(address, words)])``.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.audit.models import Event

EVENT_WORDS: dict[str, Any] = {}
LONGEST = 500  # lines on a page, the newest


@dataclass(frozen=True)
class Line:
    """One line. ``before`` and ``after`` are states in words, empty where the state did not change. ``who`` is empty for Waymark itself."""

    at: dt.datetime
    who: str
    what: str
    before: str = ""
    after: str = ""
    number: int = 0  # of the event: what an administrator is asked about


def call(verb: str, words: Any) -> None:
    """Events with this verb (``app.model.step``) are told in these lazily translated words, in the past tense."""
    EVENT_WORDS[verb] = words


def history_of(thing: models.Model) -> list[Line]:
    """What happened to ``thing``, the newest first. The caller has made sure that the reader may see it. One query."""
    states = _states(type(thing))
    return [
        Line(
            event.at, str(event.by or ""), words_of(event), number=event.pk,
            **({"before": _state(states, event.before), "after": _state(states, event.after)} if event.before != event.after else {}),
        )
        for event in Event.objects.about(thing).select_related("by").order_by("-pk")[:LONGEST]
    ]  # fmt: skip


def words_of(event: Event) -> str:
    """What happened, in the language of now."""
    if event.verb in EVENT_WORDS:
        return str(EVENT_WORDS[event.verb])
    *_model, verb = event.verb.split(".")
    step = getattr(_model_of(event), "STEPS", {}).get(verb)
    return str(step.label) if step else verb.replace("_", " ").capitalize()


def history_page(request: HttpRequest, thing: models.Model, *, crumbs: Iterable[tuple[str, Any]], name: str = "") -> HttpResponse:
    """The page. ``crumbs`` lead to the record; ``name`` is what it is called there, ``str(thing)`` by default."""
    context = {"lines": history_of(thing), "crumbs": list(crumbs), "name": name or str(thing), "longest": LONGEST}
    return render(request, "portal/audit/history.html", context)


def _model_of(event: Event) -> type[models.Model] | None:
    try:
        return apps.get_model(event.subject_type)
    except (LookupError, ValueError):
        return None  # the model of an older release


def _states(model: type[models.Model]) -> dict[str, Any]:
    field = next((field for field in model._meta.concrete_fields if field.name == "status"), None)
    return dict(getattr(field, "flatchoices", None) or ())


def _state(states: dict[str, Any], code: str) -> str:
    return str(states.get(code, code.replace("_", " "))) if code else _("nothing yet")
