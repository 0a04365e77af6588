"""Writes to the audit trail."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from portal.audit.models import Event, View
from portal.audit.notices import TELLERS
from portal.audit.outbox import enqueue_new

CODE = re.compile(r"[\w.:/@+-]{0,80}")  # one word: no sentence fits, so no text of a case can


def record(
    verb: str,
    thing: models.Model,
    *,
    by: Any,
    before: str = "",
    after: str = "",
    codes: Mapping[str, Any] | None = None,
    organisation: uuid.UUID | None = None,
) -> Event:
    """Write that ``verb`` happened to ``thing``, and queue whatever hangs on it. Call it inside the change's transaction.

    ``codes``: short words, numbers, ids. Raises ``ValidationError`` for anything that could be a sentence.
    """
    checked = {name: _code(value) for name, value in (codes or {}).items()}
    if organisation is None:
        organisation = getattr(thing, "organisation_id", None)
    event = Event.objects.create(
        verb=verb, by=by, subject_type=thing._meta.label_lower, subject_id=thing.pk, organisation_id=organisation,
        before=before, after=after, codes=checked,
    )  # fmt: skip
    if verb in TELLERS:
        enqueue_new("audit.deliver_event", key=f"event:{event.pk}", event=event.pk)
    return event


def saw(user: Any, thing: models.Model, why: str) -> View:
    """Write that this person looked at ``thing``, and why (a code). Call it in the transaction that reads what they see."""
    organisation = getattr(thing, "organisation_id", None)
    looked_at = {"subject_type": thing._meta.label_lower, "subject_id": thing.pk, "organisation_id": organisation}
    row: View = View.objects.create(by=user, why=_code(why), **looked_at)
    return row


def _code(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [_code(part) for part in value]
    text = str(value)
    if not CODE.fullmatch(text):
        raise ValidationError("An event keeps codes, not sentences: no text of a case belongs in the audit trail.")
    return text
