"""The demo's two years: believable, sound by the portal's own checks, and told once."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from portal.accounts import seed as people
from portal.audit.models import Event
from providers.organisations import seed as organisations
from providers.services import seed as services
from standards.actions.models import Action
from standards.assessments import freezing, gaps, readiness, seed
from standards.assessments.demo.story import STORIES
from standards.assessments.models import Assessment, Remark, Section, Share, Snapshot
from standards.evidence.models import Evidence
from standards.evidence.personal_data import look

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DEMO_PASSWORD", "a-long-enough-password-5")
    for part in (people, organisations, services):
        part.demo()
    yield seed.demo()


def test_every_service_has_its_rounds_and_every_state_is_there(told: str) -> None:
    assert told == "assessments: 15 of 7 services"
    assert {row.status for row in Assessment.objects.all()} == set(Assessment.Status.values)
    oldest = min(Assessment.objects.values_list("created_at", flat=True))
    assert 650 < (timezone.now() - oldest).days < 800
    assert all(row.previous and row.previous.created_at < row.created_at for row in Assessment.objects.filter(previous__isnull=False))


def test_what_was_sent_could_have_been_sent_by_people(told: str) -> None:
    for row in Assessment.objects.exclude(status=Assessment.Status.DRAFT):
        assert readiness.problems(row, freezing.answers_of(row)) == []
        assert gaps.undecided(row) == []
        snapshot = row.snapshots.get(revision=row.revision)
        freezing.refuse_if_changed(row, snapshot)
        row.full_clean()
        if row.status != Assessment.Status.IN_REVIEW:
            assert snapshot.approval.by_id == row.approved_by_id != row.submitted_by_id
            assert not row.is_only_author(row.approved_by)


def test_drafts_are_half_done_with_work_shared_out(told: str) -> None:
    drafts = Assessment.objects.filter(status=Assessment.Status.DRAFT)
    assert {row.answers.exclude(value="").count() for row in drafts} and all(row.answers.filter(value="").exists() for row in drafts)
    assert {section.status for section in Section.objects.all()} == set(Section.Status.values)
    assert Remark.objects.unsettled().exists()
    assert Remark.objects.filter(settled_at__isnull=False).exists()


def test_actions_and_evidence_are_sound(told: str) -> None:
    for row in (*Action.objects.all(), *Evidence.objects.all()):
        row.full_clean(validate_unique=False)
    assert {row.status for row in Action.objects.all()} >= {"open", "in_progress", "done", "verified"}
    today = timezone.localdate()
    assert Action.objects.overdue(today).exists()
    assert {row.freshness(today) for row in Evidence.objects.all()} >= {"fresh", "stale"}


def test_nobody_can_be_found_in_it(told: str) -> None:
    texts = [answer.comment for row in Assessment.objects.all() for answer in row.answers.all()]
    texts += [text for row in Evidence.objects.all() for text in (row.title, row.shows, row.reference)]
    assert [text for text in set(texts) if look(text)] == []


def test_events_are_dated_as_things_happened_and_nothing_lies_ahead(told: str) -> None:
    sent = Event.objects.filter(verb="assessments.assessment.submit")
    assert sent.count() == Snapshot.objects.count() == 13
    for event in sent:
        assert event.at == Assessment.objects.get(pk=event.subject_id).submitted_at
    assert not Event.objects.filter(at__gt=timezone.now()).exists()
    assert Share.objects.count() == sum(chapter.status == Assessment.Status.SHARED for tale in STORIES for chapter in tale.rounds)


def test_told_again_nothing_changes(told: str) -> None:
    before = Assessment.objects.count(), Event.objects.count(), Evidence.objects.count()
    assert seed.demo() == "assessments: kept as they are"
    assert (Assessment.objects.count(), Event.objects.count(), Evidence.objects.count()) == before
