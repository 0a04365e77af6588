"""What the script that saves as people type is told: short, in JSON, with the words it shows."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from standards.assessments import asking
from standards.assessments.forms.answers import writer_mark
from standards.assessments.models import Answer
from standards.assessments.saving import Outcome, Text


def is_wanted(request: HttpRequest) -> bool:
    """Whether a script asks."""
    return request.headers.get("Accept", "").startswith("application/json")


def clock(at: datetime) -> str:
    """The time on the reader's clock: 12:03."""
    return date_format(localtime(at), "H:i")


def saved(outcome: Outcome) -> JsonResponse:
    """Taken, or both texts (409) when somebody else had written meanwhile."""
    row = outcome.answer
    if not outcome.is_taken:
        return JsonResponse({"kind": "conflict", "theirs": theirs(row)}, status=409)
    needed = asking.still_needed(row)
    return JsonResponse(
        {"kind": "saved", "version": outcome.version, "at": clock(outcome.at), "needed": needed, "is_unconfirmed": row.is_unconfirmed}
    )


def theirs(row: Answer) -> dict[str, Any]:
    """What stands in the answer now, who wrote it and when."""
    return {
        "value": row.value, "label": row.get_value_display() or _("No answer yet"), "comment": row.comment, "confidence": row.confidence,
        "version": row.version, "by": str(row.answered_by or ""), "at": clock(row.answered_at) if row.answered_at else "",
    }  # fmt: skip


def standing(request: HttpRequest, row: Answer) -> JsonResponse:
    """How an answer stands, whose page would save it, and a fresh token: for a page that stayed open while its person signed in again."""
    return JsonResponse({"theirs": theirs(row), "writer": writer_mark(request.user), "token": get_token(request)})


def refused(problems: list[str], status: int) -> JsonResponse:
    """Nothing was saved, for these reasons."""
    return JsonResponse({"kind": "refused", "problems": problems}, status=status)


def both(row: Answer, mine: Text) -> dict[str, Any]:
    """Their words and then one's own, to be edited into one, and a key for saving that."""
    text = "\n\n".join(text for text in (row.comment, mine.comment) if text.strip())
    return {"both": text, "other_key": uuid.uuid4()}
