"""Starts from last time: texts, values and evidence come along as unconfirmed, and count only once somebody says "still true"."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from standards.actions.models import Outdated
from standards.assessments import permissions, scoring
from standards.assessments.models import Answer, AnswerVersion, Assessment, EvidenceUse
from standards.catalogue.models import Crosswalk, Edition, Indicator

SAME, CHANGED, NEW = "same", "changed", "new"
FINISHED = ("approved", "shared", "kept_private", "archived")  # from which one may start: nobody is still writing in it


@dataclass(frozen=True)
class Match:
    """An indicator that is asked now, and the indicators of last time that it stands for."""

    indicator: Indicator
    before: tuple[Indicator, ...] = ()

    @property
    def relation(self) -> str:
        """``same`` wording, ``changed`` wording, or ``new``."""
        if not self.before:
            return NEW
        return SAME if len(self.before) == 1 and self.before[0].text == self.indicator.text else CHANGED


@dataclass(frozen=True)
class Crossing:
    """From one edition to another: every indicator asked now, and those of last time that nothing stands for."""

    matches: tuple[Match, ...]
    dropped: tuple[Indicator, ...] = field(default=())

    def count(self, relation: str) -> int:
        """How many are ``same``, ``changed`` or ``new``."""
        return sum(match.relation == relation for match in self.matches)


def crossing(before: Iterable[Indicator], after: Iterable[Indicator], walks: Iterable[Crosswalk]) -> Crossing:
    """Match by the crosswalk, and by code where it says nothing: a code is never used again for something else."""
    before, after = list(before), list(after)
    old = {indicator.code: indicator for indicator in before}
    said: dict[str, list[str]] = defaultdict(list)
    moved = set()
    for walk in walks:
        if walk.to_code:
            said[walk.to_code] += [walk.from_code] if walk.from_code else []
        moved.add(walk.from_code)
    matches = []
    for indicator in after:
        by_code = [] if indicator.code in moved else [indicator.code]
        codes = said.get(indicator.code, by_code)
        matches.append(Match(indicator, tuple(old[code] for code in codes if code in old)))
    taken = {source.pk for match in matches for source in match.before}
    return Crossing(tuple(matches), tuple(indicator for indicator in before if indicator.pk not in taken))


def look_ahead(previous: Assessment, edition: Edition) -> Crossing:
    """What starting from ``previous`` under ``edition`` would carry. Three queries."""
    before = [answer.indicator for answer in previous.answers.select_related("indicator")]
    walks = Crosswalk.objects.filter(from_edition=previous.edition_id, to_edition=edition)
    return crossing(before, Indicator.objects.for_service(edition, previous.service.kind), walks)


def begin_from(
    previous: Assessment,
    *,
    title: str,
    period_start: date,
    period_end: date,
    by: Any,
    due_on: date | None = None,
    edition: Edition | None = None,
    key: uuid.UUID | None = None,
) -> Assessment:
    """A new draft whose answers are those of ``previous``, unconfirmed. In bulk: the number of queries does not grow with the answers.

    ``key`` names the sending of a form: the same twice is one assessment. Raises ``PermissionDenied`` and ``ValidationError``.
    """
    if not permissions.can_begin_again(by, previous):
        raise PermissionDenied
    if previous.status not in FINISHED:
        raise ValidationError(_("The last one is not finished. Approve it first, or begin afresh."))
    edition = edition or previous.edition
    if edition.framework_id != previous.edition.framework_id:
        raise ValidationError({"edition": _("This edition belongs to another set of standards.")})
    with transaction.atomic():
        if key and (sent_before := Assessment.objects.filter(pk=key, author=by, previous=previous).first()):
            return sent_before
        edition.pin()
        row = Assessment(
            pk=key or uuid.uuid4(), organisation_id=previous.organisation_id, service=previous.service, service_kind=previous.service.kind,
            edition=edition, title=title, period_start=period_start, period_end=period_end, due_on=due_on, previous=previous, author=by,
        )  # fmt: skip
        row.full_clean()
        row.save(force_insert=True)
        carried = _carry(row, previous)
        record("assessments.assessment.begin_from", row, by=by, after=row.status, codes={"previous": previous.pk, "carried": carried})
    return row


def _carry(row: Assessment, previous: Assessment) -> int:
    answers = {answer.indicator_id: answer for answer in previous.answers.select_related("indicator").exclude(value="")}
    made, sources = [], {}
    for match in look_ahead(previous, row.edition).matches:
        old = [answers[indicator.pk] for indicator in match.before if indicator.pk in answers]
        made.append(_unconfirmed(row, match.indicator, old))
        sources[made[-1].pk] = [answer.pk for answer in old]
    Answer.objects.bulk_create(made, batch_size=500)
    evidence: dict[uuid.UUID, list[tuple[uuid.UUID, uuid.UUID]]] = defaultdict(list)
    for use in EvidenceUse.objects.filter(answer__assessment=previous):
        evidence[use.answer_id].append((use.evidence_id, use.added_by_id))
    EvidenceUse.objects.bulk_create(
        (
            EvidenceUse(answer_id=answer, evidence_id=item, added_by_id=person)
            for answer, olds in sources.items()
            for item, person in dict(pair for old in olds for pair in evidence[old]).items()
        ),
        batch_size=500,
    )
    return sum(bool(olds) for olds in sources.values())


def _unconfirmed(row: Assessment, indicator: Indicator, old: list[Answer]) -> Answer:
    """The answer of last time under ``indicator``. Where several became one, the most cautious value and all texts."""
    if not old:
        return Answer(assessment=row, indicator=indicator)
    lowest = min(old, key=lambda answer: scoring.SCORES.get(answer.value, scoring.FULL + 1))
    comment = old[0].comment if len(old) == 1 else "\n\n".join(f"{answer.indicator.code}: {answer.comment}" for answer in old)
    return Answer(
        assessment=row, indicator=indicator, value=lowest.value, comment=comment, confidence=lowest.confidence, carried_from=lowest,
        answered_by_id=lowest.answered_by_id, answered_at=lowest.answered_at,
    )  # fmt: skip


def confirm(answer: Answer, *, base: int, by: Any) -> Answer:
    """Still true: from now on it counts. ``base`` is the version its reader saw.

    Raises ``PermissionDenied``, ``ValidationError`` when there is nothing to confirm, ``Outdated`` when somebody wrote meanwhile.
    """
    return _decide(answer, "confirm", {}, base=base, by=by)


def discard(answer: Answer, *, base: int, by: Any) -> Answer:
    """Not true any more: the answer is empty again, its evidence taken off. What it said stays in its versions. Raises as ``confirm``."""
    return _decide(answer, "discard", {"value": "", "comment": "", "confidence": "none"}, base=base, by=by)


def _decide(answer: Answer, verb: str, values: Mapping[str, str], *, base: int, by: Any) -> Answer:
    with transaction.atomic():
        row: Answer = Answer.objects.select_for_update(of=("self",)).select_related("assessment").get(pk=answer.pk)
        if not permissions.can_answer(by, row.assessment):
            raise PermissionDenied
        if not row.carried_from_id:
            raise ValidationError(_("This answer does not come from last time."))
        if row.confirmed_at and row.confirmed_by_id == by.pk and row.version == base + 1:
            return row  # the same click sent twice
        if row.version != base or row.confirmed_at:
            raise Outdated(row)
        before = {name: getattr(row, name) for name in ("value", "comment", "confidence")}
        now = timezone.now()
        if values:  # what came from last time was never a version of this time: it is kept as one now, not taken
            AnswerVersion.objects.create(
                answer=row, key=uuid.uuid4(), version=None, base=base, by_id=row.answered_by_id or by.pk, at=now, **before
            )
            row.uses.all().delete()
            row.answered_by, row.answered_at = None, None
        for name, value in values.items():
            setattr(row, name, value)
        row.version, row.confirmed_at, row.confirmed_by = base + 1, now, by
        row.save()
        after = {name: getattr(row, name) for name in before}
        AnswerVersion.objects.create(answer=row, key=uuid.uuid4(), version=row.version, base=base, by=by, at=now, **after)
        record(f"assessments.answer.{verb}", row, by=by, codes={"version": row.version}, organisation=row.assessment.organisation_id)
    return row
