"""The act of saving one answer: nothing that was typed is lost, and nobody is overwritten unseen.

Every save is a version (``AnswerVersion``): that is the history of the answer, who wrote what and when. A save names the version
its writer had seen (``base``). If somebody else has written since, what came is kept as a version without a number, and both
texts go back to the writer. A save also names itself (``key``): sent twice it happens once.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from providers.organisations.permissions import can
from standards.assessments import permissions
from standards.assessments.models import Answer, AnswerVersion, Assessment


class Sent(Exception):  # noqa: N818 - it is no error of the program: somebody has sent the assessment meanwhile
    """The assessment is no draft any more, so nothing was saved. ``str()`` is for people."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        words = _(
            "Not saved: this self-assessment is “%(status)s” now, and its answers stand as they were sent. Your words are still here."
        )
        super().__init__(words % {"status": assessment.get_status_display()})


@dataclass(frozen=True)
class Text:
    """What somebody says in an answer. ``value`` is empty while they have not chosen."""

    value: str
    comment: str
    confidence: str


@dataclass(frozen=True)
class Outcome:
    """What became of a save. ``version`` is what the next one is based on; ``answer`` is the row as it stands now.

    ``is_taken`` False: somebody else wrote meanwhile, and what came was put beside their text instead of over it.
    """

    answer: Answer
    is_taken: bool
    version: int
    at: datetime


def text_of(row: Answer | AnswerVersion) -> Text:
    """What stands in a row."""
    return Text(row.value, row.comment, row.confidence)


def save(answer_id: uuid.UUID, text: Text, *, base: int, key: uuid.UUID, by: Any) -> Outcome:
    """Save what ``by`` says in an answer. One transaction, four queries.

    Raises ``Answer.DoesNotExist`` for what this person does not see, ``PermissionDenied`` for who only reads, ``Sent`` once the
    assessment is no draft, ``ValidationError`` for a key that belongs to another save.
    """
    try:
        with transaction.atomic():
            return _save(answer_id, text, base, key, by)
    except IntegrityError as clash:  # two answers were sent under one key at the same moment
        raise _refused_key() from clash


def _save(answer_id: uuid.UUID, text: Text, base: int, key: uuid.UUID, by: Any) -> Outcome:
    row: Answer = Answer.objects.visible_to(by).select_for_update(of=("self",)).get(pk=answer_id)
    # Read apart, after the lock: joined to the query that waited for it, the status would be that of before the wait.
    known = Exists(AnswerVersion.objects.filter(key=key))
    assessment: Any = Assessment.objects.annotate(is_key_known=known).get(pk=row.assessment_id)
    row.assessment = assessment
    if not can(by, Can.ASSESS, assessment.organisation_id):
        raise PermissionDenied
    if assessment.is_key_known:
        return _sent_before(row, key, by)
    if not permissions.can_answer(by, assessment):
        raise Sent(assessment)
    now = timezone.now()
    if text == text_of(row):
        return Outcome(row, True, row.version, now)
    is_taken = base == row.version
    if is_taken:
        _take(row, text, by, now)
    AnswerVersion.objects.create(
        answer=row, key=key, version=row.version if is_taken else None, base=base, by=by, at=now,
        value=text.value, comment=text.comment, confidence=text.confidence,
    )  # fmt: skip
    return Outcome(row, is_taken, row.version, now)


def _take(row: Answer, text: Text, by: Any, now: datetime) -> None:
    """Another value than last time's says that this was looked at; other words alone leave "still true?" to be asked (C8)."""
    if row.is_unconfirmed and text.value and text.value != row.value:
        row.confirmed_at, row.confirmed_by = now, by
    row.value, row.comment, row.confidence = text.value, text.comment, text.confidence
    row.answered_by, row.answered_at, row.version = by, now, row.version + 1
    row.save()


def _sent_before(row: Answer, key: uuid.UUID, by: Any) -> Outcome:
    """The same save came twice: its first outcome."""
    first = AnswerVersion.objects.get(key=key)
    if first.answer_id != row.pk or first.by_id != by.pk:
        raise _refused_key()
    return Outcome(row, first.version is not None, first.version or row.version, first.at)


def _refused_key() -> ValidationError:
    return ValidationError(_("Not saved: this page was used for something else meanwhile. Copy your words and open it afresh."))
