"""What a provider says of itself, as far as it shares it with the inspectorate: read from the frozen copy, never from live answers.

Own view and judgement are two columns. Nothing here writes into an assessment, and no judgement is worked out from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.dateparse import parse_date

from standards.assessments import frozen
from standards.assessments.models import Assessment, Share, Snapshot
from standards.inspections.models import Inspection

# The bands of self-assessments (domain research, part 4.3) in the words of judgements. A critical indicator that is not met holds its
# standard at 39 percent, so it can never read better than "not met" here.
VALUE_OF_BAND = {"early": "not_met", "developing": "partly_met", "good": "mostly_met", "strong": "met"}
OPEN_ACTIONS = ("open", "in_progress")


@dataclass(frozen=True)
class OwnView:
    """The provider's own view of one standard."""

    value: str  # as a judgement would be called; empty where nothing was scored
    percent: int | None
    answers: tuple[Mapping[str, Any], ...] = ()  # indicators of the frozen copy, as an audience reads them


@dataclass
class OwnCopy:
    """The copy that a provider shares: whose receipt, of when, and its view of each standard by code."""

    receipt: str = ""
    title: str = ""
    assessment: UUID | None = None
    revision: int = 0
    edition: str = ""
    views: dict[str, OwnView] = field(default_factory=dict)
    critical_gaps: tuple[str, ...] = ()
    overdue: int = 0

    def __bool__(self) -> bool:
        return bool(self.receipt)


def of_inspection(inspection: Inspection) -> OwnCopy:
    """The newest copy of this service that is shared with the inspectorate now, under the same edition. Two queries at most."""
    edition = inspection.regime.edition.code
    found = _shared([inspection.service_id], [inspection.organisation_id]).filter(assessment__edition__code=edition).first()
    return read(found) if found else OwnCopy()


def of_services(services: Iterable[UUID], organisations: Iterable[UUID], day: date) -> dict[UUID, OwnCopy]:
    """By service: the newest copy that is shared with one of these organisations. One query."""
    copies: dict[UUID, OwnCopy] = {}
    for snapshot in _shared(services, organisations):
        if snapshot.assessment.service_id not in copies:
            copies[snapshot.assessment.service_id] = read(snapshot, day)
    return copies


def _shared(services: Iterable[UUID], organisations: Iterable[UUID]) -> Any:
    shares = Share.objects.filter(ended_at__isnull=True, organisation__in=list(organisations))
    assessments = Assessment.objects.filter(status=Assessment.Status.SHARED, service__in=list(services), pk__in=shares.values("assessment"))
    rows = Snapshot.objects.filter(assessment__in=assessments.values("pk"), approval__isnull=False, revision=F("assessment__revision"))
    return rows.select_related("assessment").order_by("-assessment__period_end", "-made_at")


def read(snapshot: Snapshot, day: date | None = None) -> OwnCopy:
    """What of a frozen copy stands beside judgements. Nothing is worked out again but what is late on ``day``."""
    content = frozen.for_audience(snapshot.content)
    scores = {part.code: part for chapter in frozen.result_of(snapshot.content).chapters for part in chapter.parts}
    answers: dict[str, list[Mapping[str, Any]]] = {}
    for _chapter, standard, row in frozen.rows_of(content):
        answers.setdefault(standard["code"], []).append(row)
    views = {
        code: OwnView(VALUE_OF_BAND.get(score.band, ""), score.percent, tuple(answers.get(code, ()))) for code, score in scores.items()
    }
    gaps = tuple(snapshot.content["scores"]["critical_gaps"])
    return OwnCopy(
        snapshot.receipt, snapshot.assessment.title, snapshot.assessment_id, snapshot.revision, content["edition"]["code"], views, gaps,
        _overdue(content, day) if day else 0,
    )  # fmt: skip


def _overdue(content: Mapping[str, Any], day: date) -> int:
    """Actions that were unfinished when the copy was made and whose date has passed."""
    actions = [action for _chapter, _standard, row in frozen.rows_of(content) for action in row["answer"]["actions"]]
    dates = [parse_date(action["due_on"]) for action in actions if action["status"] in OPEN_ACTIONS and action["due_on"]]
    return sum(1 for due in dates if due and due < day)
