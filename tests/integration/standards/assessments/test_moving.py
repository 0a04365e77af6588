"""B13: a service sees what its own transitions show beside the standards about moving on; nobody else does, and nothing is sent."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.audit.models import Event
from providers.services.models import Service
from providers.transitions import evidence, pathways
from providers.transitions.codes import DeclineReason
from providers.transitions.models import Check, Clock, FollowUp, Offer, Transition
from standards.assessments import moving
from standards.assessments.models import Assessment
from standards.catalogue.models import Chapter, Edition, Framework, Standard
from tests import builders
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.cast import Cast, draft

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
SUBJECT = "transitions.transition"
NOTE = "What your own transitions show"


def begun(service: Service, worker: User, number: int, days_ago: int = 40, **fields: Any) -> list[Transition]:
    """``number`` records that this service began."""
    pathway = pathways.in_force(timezone.localdate())
    given = {
        "status": "settling", "trigger": "own_wish", "trigger_on": timezone.localdate() - timedelta(days=days_ago), "nation": "england",
        "created_at": timezone.now() - timedelta(days=days_ago), **fields,
    }  # fmt: skip
    made: list[Transition] = []
    for _at in range(number):
        index = bytes.fromhex(f"{Transition.objects.count():064x}")
        made.append(
            Transition.objects.create(
                organisation=service.organisation, service=service, pathway=pathway, worker=worker, reference_index=index, **given
            )
        )
    return made


def came_into(row: Transition, state: str) -> None:
    Event.objects.create(verb=f"{SUBJECT}.test", subject_type=SUBJECT, subject_id=row.pk, before="x", after=state)


def offered(row: Transition, **fields: Any) -> Offer:
    now = timezone.now()
    given = {"offered_at": now - timedelta(days=30), "answer_due_at": now - timedelta(days=23), **fields}
    made: Offer = Offer.objects.create(
        transition=row, organisation=builders.organisation(), sender_id=row.organisation_id, offered_by=row.worker, **given
    )
    return made


@pytest.fixture
def three(world: Cast) -> list[Transition]:
    """Three people: two left and were met, one of them was declined once before; contact with one was lost."""
    rows = begun(world.service, world.assessor, 3)
    today, now = timezone.localdate(), timezone.now()
    for row in rows[:2]:
        came_into(row, "consented")
        came_into(row, "moved")
        offered(row, status="contact_confirmed", start_on=today, answered_at=now - timedelta(days=25), contact_at=now)
        Check.objects.create(transition=row, key="joint_meeting", order=1, blocks=True, state="done")
        Clock.objects.create(
            transition=row, kind="plan_started", started_on=today, computed_on=today - timedelta(days=38), met_at=now - timedelta(days=39)
        )
        FollowUp.objects.create(transition=row, point="7d", due_on=today - timedelta(days=9))
    FollowUp.objects.filter(transition=rows[0]).update(done_at=now)
    offered(rows[0], status="declined", decline_reason="no_space", answered_at=now)
    Check.objects.create(transition=rows[2], key="joint_meeting", order=1, blocks=True, state="done")  # not left yet: in no part of those
    Clock.objects.create(transition=rows[1], kind="injuries_claim", started_on=today, computed_on=today - timedelta(days=1))
    came_into(rows[1], "contact_lost")
    return rows


@pytest.fixture
def edition(db: None) -> Iterator[Edition]:
    """Six questions under MOV-01 of the Survivor Care Standards."""
    made = asked.edition(6)
    Edition.objects.filter(pk=made.pk).update(framework=Framework.objects.get(code=moving.FRAMEWORK))
    Chapter.objects.filter(edition=made).update(code="MOV")
    Standard.objects.filter(chapter__edition=made).update(code="MOV-01")
    yield Edition.objects.get(pk=made.pk)


@pytest.fixture
def row(world: Cast, edition: Edition) -> Assessment:
    return asked.empty(world.service, edition, world.assessor)


def page(row: Assessment, client: Any, code: str = "MOV") -> str:
    body: str = client.get(reverse("assessments:chapter", args=[row.pk, code])).content.decode()
    return body


def test_b13_the_counts_are_the_service_s_own(world: Cast, three: list[Transition]) -> None:
    other = builders.service(world.provider)
    begun(other, world.manager, 5)
    begun(builders.service(world.rival), world.rival_manager, 7)
    begun(world.service, world.assessor, 2, days_ago=400)
    begun(world.service, world.assessor, 1, status="draft")
    begun(world.service, world.assessor, 1, status="purging")
    found = evidence.of_service(world.who("reader"), world.service)
    told = {key: (own.count, own.whole) for key, own in found.items() if own.count}
    assert told == {
        "begun": (3, None), "planned_in_time": (2, 3), "agreed": (2, 3), "offered": (2, None), "answered_in_time": (2, 2),
        "declined": (1, 2), "declined_no_space": (1, None), "meeting": (2, 2), "left": (2, None), "met": (2, 2),
        "legal_missed": (1, None), "lost": (1, None), "asked_7d": (1, 2),
    }  # fmt: skip


def test_b13_they_stand_under_the_standard_for_the_provider_s_people(world: Cast, row: Assessment, three: list[Transition]) -> None:
    for who in ("manager", "assessor", "reader"):
        body = page(row, world.client(who))
        assert NOTE in body
        assert 'Left: <span class="numbers">2</span>' in body
        assert "2 of 3" in body
        assert str(DeclineReason("no_space").label) in body
        assert str(DeclineReason("no_funding").label) not in body, "a reason that nobody gave is not listed"
    assert NOTE in world.client("manager").get(reverse("assessments:all_answers", args=[row.pk])).content.decode()


def test_b13_stat_04_nobody_else_gets_a_count(world: Cast, three: list[Transition]) -> None:
    for who in ("rival_manager", "inspector", "stranger"):
        assert evidence.of_service(world.who(who), world.service) == {}, who
    assert evidence.of_service(None, world.service) == {}


def test_b13_stat_01_what_is_sent_and_what_inspectors_read_holds_none(world: Cast, edition: Edition, three: list[Transition]) -> None:
    sent = draft(world.service, edition, world.assessor)
    sent.submit(by=world.who("assessor"))
    Assessment.objects.get(pk=sent.pk).approve(by=world.who("manager"))
    Assessment.objects.get(pk=sent.pk).share([world.inspectorate], by=world.who("manager"))
    snapshot = Assessment.objects.get(pk=sent.pk).snapshots.first()
    assert snapshot
    words = [str(own.label) for own in evidence.of_service(world.who("manager"), world.service).values()]
    kept = json.dumps(snapshot.content)
    assert not [word for word in [NOTE, "Joint meeting held", "Declined at least once", *words[1:]] if f'"{word}' in kept]
    client = world.client("inspector")
    for name, arguments in (("frozen_copy", [sent.pk, 1]), ("results", [sent.pk])):
        answer = client.get(reverse(f"assessments:{name}", args=arguments))
        assert answer.status_code == 200, name
        assert NOTE not in answer.content.decode()
    assert client.get(reverse("assessments:chapter", args=[sent.pk, "MOV"])).status_code == 403
    assert client.get(reverse("assessments:all_answers", args=[sent.pk])).status_code == 403


def test_b13_without_transitions_nothing_is_said(world: Cast, row: Assessment) -> None:
    assert NOTE not in page(row, world.client("manager"))


def test_b13_c38_one_query_more_and_only_where_moving_on_is_asked_about(
    world: Cast, row: Assessment, three: list[Transition], capsys: pytest.CaptureFixture[str]
) -> None:
    client, found = world.client("assessor"), {}
    elsewhere = asked.empty(world.service, asked.edition(6), world.assessor)
    for name, one, code in (("moving on", row, "MOV"), ("elsewhere", elsewhere, "C00")):
        page(one, client, code)
        with CaptureQueriesContext(connection) as queries:
            page(one, client, code)
        found[name] = len(queries)
        of_transitions = [query for query in queries if '"transitions_transition"' in query["sql"]]
        assert len(of_transitions) == (1 if name == "moving on" else 0)
    with capsys.disabled():
        print(f" [{found}]", end="")
    assert found["moving on"] == found["elsewhere"] + 1 <= 15


def test_b13_no_part_is_more_than_its_whole(world: Cast, three: list[Transition]) -> None:
    found = evidence.of_service(world.who("reader"), world.service)
    assert all(own.whole is None or own.count <= own.whole for own in found.values())
    assert {key for key, own in found.items() if own.whole is not None} == set(evidence.WHOLES)


def test_every_legal_clock_of_the_pathway_is_known() -> None:
    rules = pathways.in_force(timezone.localdate()).content["clocks"]
    assert {rule["key"] for rule in rules if rule.get("is_legal")} == set(evidence._legal())


def test_the_standards_about_moving_on_are_those_of_the_edition_in_use() -> None:
    rows = Standard.objects.filter(chapter__edition__code="scs-2018", chapter__code="MOV")
    assert set(rows.values_list("code", flat=True)) == set(moving.STANDARDS)


def test_every_count_stands_under_some_standard_or_is_a_whole() -> None:
    used = {key for keys in moving.STANDARDS.values() for key in keys}
    assert used == set(evidence.WORDS)
