"""Writes the story into the tables, in bulk and with its dates. What it writes passes the same checks as what people do."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.audit.models import Event
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.actions.models import Action, NoActionReason, Source
from standards.assessments import freezing, gaps, scoring
from standards.assessments.beginning import proposed_period, proposed_title
from standards.assessments.demo import story
from standards.assessments.models import Answer, AnswerVersion, Approval, Assessment, EvidenceUse, Remark, Section, Share
from standards.catalogue.models import Edition, Indicator
from standards.evidence.models import Evidence

SENT = {story.IN_REVIEW, story.APPROVED, story.SHARED, story.PRIVATE, story.ARCHIVED}
Thing = TypeVar("Thing")
MONTH = timedelta(days=30.44)


def chance(*words: object) -> float:
    """A number from 0 up to 1 that is the same whenever it is asked for."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, words)).encode()).digest()[:6]) / 2**48


def one_of(things: Sequence[Thing], *words: object) -> Thing:
    """One of ``things``, always the same."""
    return things[int(chance(*words) * len(things))]


def written_at(answer: Answer) -> datetime:
    """When it was answered."""
    return answer.answered_at or timezone.now()


class Teller:
    """Tells the story of one service."""

    def __init__(self, tale: story.Story, today: date) -> None:
        people = {user.email: user for user in User.objects.filter(email__in=(tale.author, tale.approver))}
        self.tale, self.today = tale, today
        self.author, self.approver = people[tale.author], people[tale.approver]
        self.service = Service.objects.select_related("organisation").get(name=tale.service, organisation__memberships__user=self.author)
        self.edition = Edition.objects.select_related("framework").get(framework__code=tale.edition.rpartition("-")[0], code=tale.edition)
        self.indicators = list(
            Indicator.objects.for_service(self.edition, self.service.kind).select_related("standard__chapter").order_by(
                "standard__chapter__order", "standard__order", "order"
            )
        )  # fmt: skip
        self.evidence: list[Evidence] = []
        self.events: list[Event] = []
        self.previous: Assessment | None = None

    def tell(self) -> int:
        """Write everything. Returns how many assessments there are."""
        self.edition.pin()
        self.evidence = Evidence.objects.bulk_create(self._evidence(item) for item in story.EVIDENCE)
        for chapter in self.tale.rounds:
            self.round(chapter)
        Event.objects.bulk_create(sorted(self.events, key=lambda event: event.at))
        return len(self.tale.rounds)

    def moment(self, day: date, hour: int) -> datetime:
        """``day`` at a full hour, never later than now."""
        return min(timezone.make_aware(datetime.combine(day, time(hour))), timezone.now())

    def happened(self, thing: Any, verb: str, by: User, at: datetime, before: str = "", after: str = "", **codes: Any) -> None:
        """Keep what the trail would have kept on that day."""
        label = thing._meta.label_lower
        self.events.append(
            Event(
                at=at, by=by, verb=f"{label}.{verb}", subject_type=label, subject_id=thing.pk,
                organisation_id=self.service.organisation_id, before=before, after=after, codes=codes,
            )
        )  # fmt: skip

    def _evidence(self, item: story.Item) -> Evidence:
        ended = self.today - item.ended * MONTH
        return Evidence(
            organisation=self.service.organisation, service=self.service, kind=item.kind, title=item.title, shows=item.shows,
            reference=item.reference, period_start=ended - 12 * MONTH, period_end=ended, review_on=self.today + item.review * MONTH,
            is_anonymised=True, created_by=self.author, created_at=self.moment(ended, 15),
        )  # fmt: skip

    # --- One round ----------------------------------------------------------------------------------------------------

    def round(self, chapter: story.Round) -> None:
        """One assessment from its beginning to where it stands."""
        sent_on = self.today - chapter.months * MONTH
        begun_on = sent_on - timedelta(days=24)
        period = proposed_period(begun_on)
        row = Assessment(
            organisation=self.service.organisation, service=self.service, service_kind=self.service.kind, edition=self.edition,
            title=proposed_title(self.service, self.edition, period), period_start=period[0], period_end=period[1],
            due_on=sent_on + timedelta(days=14), previous=self.previous, status=chapter.status, author=self.approver,
            created_at=self.moment(begun_on, 9),
        )  # fmt: skip
        row.save(force_insert=True)
        self.happened(
            row, "begin", self.approver, row.created_at, after=story.DRAFT, edition=self.edition.code, answers=len(self.indicators)
        )
        answers = Answer.objects.bulk_create(self._answers(row, chapter, begun_on))
        said = [answer for answer in answers if answer.version]
        AnswerVersion.objects.bulk_create(self._version(answer) for answer in said)
        EvidenceUse.objects.bulk_create(self._uses(said))
        self._plan(row, said, is_over=chapter.months > 6)
        self._teamwork(row, chapter, answers, begun_on)
        if chapter.status in SENT:
            self._send(row, chapter, self.moment(sent_on, 16))
        self.previous = row

    def _answers(self, row: Assessment, chapter: story.Round, begun_on: date) -> Iterator[Answer]:
        for at, indicator in enumerate(self.indicators):
            if at >= chapter.share * len(self.indicators):
                yield Answer(assessment=row, indicator=indicator)
                continue
            value = self._value(indicator, chapter.level)
            by = self.author if chance("who", indicator.code) < 0.8 else self.approver
            yield Answer(
                assessment=row, indicator=indicator, value=value, comment=one_of(story.COMMENTS[value], row.period_end, indicator.code),
                confidence=one_of(story.CONFIDENCE[value], indicator.code), answered_by=by, version=1,
                answered_at=self.moment(begun_on + timedelta(days=1 + at * 20 // len(self.indicators)), 9 + at % 8),
            )  # fmt: skip

    def _value(self, indicator: Indicator, level: float) -> str:
        """What was found: the same indicator stays near where it was, and rises with the level."""
        place = chance(self.tale.service, indicator.code)
        if place < 0.02 and not indicator.is_critical:
            return scoring.NOT_APPLICABLE
        reached = place + level + (0.08 if indicator.is_critical else 0)
        return "not_met" if reached < 0.26 else "partly_met" if reached < 0.5 else "mostly_met" if reached < 0.85 else "fully_met"

    def _version(self, answer: Answer) -> AnswerVersion:
        return AnswerVersion(
            answer=answer, key=uuid.uuid4(), version=1, base=0, value=answer.value, comment=answer.comment, confidence=answer.confidence,
            by=answer.answered_by, at=written_at(answer),
        )  # fmt: skip

    def _uses(self, answers: Iterable[Answer]) -> Iterator[EvidenceUse]:
        for answer in answers:
            if answer.confidence in {"document", "observed"}:
                used = {one_of(self.evidence, answer.indicator.code, number) for number in range(2)}
                yield from (
                    EvidenceUse(answer=answer, evidence=item, added_by=answer.answered_by, added_at=written_at(answer))
                    for item in sorted(used, key=lambda item: item.title)
                )

    # --- Plan and teamwork --------------------------------------------------------------------------------------------

    def _plan(self, row: Assessment, answers: list[Answer], *, is_over: bool) -> None:
        """Every critical gap is decided, and some others are. What a round planned is done by the next one."""
        low = [answer for answer in answers if answer.value in {"not_met", "partly_met"}]
        critical = [answer for answer in low if gaps.is_critical_gap(answer)]
        chosen = critical + [answer for answer in low if answer not in critical and chance(row.title, answer.indicator.code) < 0.12]
        if len(critical) > 1:
            NoActionReason.objects.create(
                organisation=row.organisation, source=Source.ANSWER, source_id=critical[-1].pk, reason=story.LATER, given_by=self.approver,
                given_at=written_at(critical[-1]),
            )  # fmt: skip
            chosen.remove(critical[-1])
        actions = [self._action(answer, at, is_over) for at, answer in enumerate(chosen)]
        Action.objects.bulk_create(actions)
        for action in actions:
            self.happened(action, "plan", self.approver, action.created_at, after=Action.Status.OPEN, due=action.due_on.isoformat())
            if action.done_at:
                self.happened(action, "complete", self.author, action.done_at, Action.Status.OPEN, Action.Status.DONE)
            if action.verified_at:
                self.happened(action, "verify", self.approver, action.verified_at, Action.Status.DONE, Action.Status.VERIFIED)

    def _action(self, answer: Answer, at: int, is_over: bool) -> Action:
        planned = written_at(answer)
        start, due = planned.date(), planned.date() + timedelta(days=(14, 42, 90)[at % 3] if is_over else (10, 45, 100)[at % 3])
        action = Action(
            organisation=self.service.organisation, service=self.service, indicator=answer.indicator, source=Source.ANSWER,
            source_id=answer.pk, what=one_of(story.ACTIONS, answer.indicator.code), owner_role=Role.ASSESSOR, owner=self.author,
            start_on=start, due_on=due, priority=story.PRIORITY[answer.indicator.is_critical], created_at=planned, created_by=self.approver,
        )  # fmt: skip
        if is_over or at % 4 == 0:
            action.status, action.completion, action.done_by = Action.Status.DONE, story.DONE, self.author
            action.done_at = self.moment(min(due, self.today), 11)
        if is_over:
            action.status, action.verified_by = Action.Status.VERIFIED, self.approver
            action.verified_at = self.moment(min(due + timedelta(days=5), self.today), 14)
        elif at % 4 == 1:
            action.status = Action.Status.IN_PROGRESS
        return action

    def _teamwork(self, row: Assessment, chapter: story.Round, answers: list[Answer], begun_on: date) -> None:
        if chapter.status != story.DRAFT:
            return
        chapters = list(dict.fromkeys(indicator.standard.chapter for indicator in self.indicators))
        for at, one in enumerate(chapters[:3]):
            status = (Section.Status.READY, Section.Status.RETURNED, Section.Status.GIVEN)[at]
            Section.objects.create(
                organisation_id=row.organisation_id, assessment=row, chapter=one, to=self.author, given_by=self.approver, status=status,
                given_at=self.moment(begun_on, 10), due_on=row.due_on,
            )  # fmt: skip
        said = [answer for answer in answers if answer.answered_by_id == self.author.pk]
        for at, text in enumerate(story.REMARKS):
            Remark.objects.create(
                organisation_id=row.organisation_id, assessment=row, answer=said[at * 3], text=text, by=self.approver,
                at=self.moment(self.today - timedelta(days=3), 10 + at), settled_by=self.author if at else None,
                settled_at=self.moment(self.today - timedelta(days=1), 12) if at else None,
            )  # fmt: skip

    # --- Sent, approved, shared ---------------------------------------------------------------------------------------

    def _send(self, row: Assessment, chapter: story.Round, at: datetime) -> None:
        row.status, row.submitted_at, row.submitted_by = story.DRAFT, at, self.author
        codes = freezing.freeze(row, by=self.author)
        self.happened(row, "submit", self.author, at, story.DRAFT, story.IN_REVIEW, **codes)
        snapshot = row.snapshots.get(revision=row.revision)
        row.status, row.version = chapter.status, 2
        if chapter.status != story.IN_REVIEW:
            row.approved_at, row.approved_by = at + timedelta(days=6), self.approver
            Approval.objects.create(snapshot=snapshot, by=self.approver, at=row.approved_at, sha256=snapshot.sha256)
            self.happened(row, "approve", self.approver, row.approved_at, story.IN_REVIEW, story.APPROVED, sha256=snapshot.sha256)
            self._decide(row, chapter.status, row.approved_at + timedelta(days=1))
        row.save()

    def _decide(self, row: Assessment, status: str, at: datetime) -> None:
        verbs: dict[str, str] = {story.SHARED: "share", story.PRIVATE: "keep_private", story.ARCHIVED: "archive"}
        if status == story.SHARED:
            inspectorate = Organisation.objects.filter(kind=Kind.INSPECTORATE).order_by("name")[0]
            Share.objects.create(assessment=row, organisation=inspectorate, shared_by=self.approver, shared_at=at)
        if status in verbs:
            self.happened(row, verbs[status], self.approver, at, story.APPROVED, status)
