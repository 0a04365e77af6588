"""Steps and saves at the same moment, against the database of production: one wins, and nothing is mixed."""

import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connections

from portal.audit.models import Event
from portal.steps import WrongState
from standards.assessments import freezing
from standards.assessments.saving import Sent, Text, save
from tests.databases import own_copy
from tests.integration.standards.assessments.cast import Cast, cast


@pytest.fixture(scope="module")
def _copy(request: pytest.FixtureRequest) -> Iterator[None]:
    """A database of its own: these tests commit."""
    with own_copy(request, "races"):
        yield


@pytest.fixture
def committed(_copy: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast, really written: threads have connections of their own."""
    with django_db_blocker.unblock():
        yield cast(indicators=2)


def test_the_cast_stands(db: None) -> None:
    """One test that takes ``db``, so that there is a database to copy."""
    assert cast(indicators=2).now().status == "draft"


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do these at the same moment, each on a connection of its own. What each returned or raised."""
    barrier, found = threading.Barrier(len(acts)), list[Any]([None] * len(acts))

    def run(at: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            found[at] = act()
        except Exception as problem:  # handed to the test, which looks at it
            found[at] = problem
            if isinstance(problem, AssertionError):
                raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_int_03_sent_five_times_at_once_is_sent_once(committed: Cast) -> None:
    found = together(*[lambda: committed.now().submit(by=committed.who("assessor"))] * 5)
    assert sum(isinstance(one, WrongState) for one in found) == 4
    assert committed.now().snapshots.count() == 1
    assert Event.objects.about(committed.row).filter(verb="assessments.assessment.submit").count() == 1


def write(world: Cast, answer: uuid.UUID, text: str, version: int) -> Any:
    """The manager writes."""
    return save(answer, Text("fully_met", text, "none"), base=version, key=uuid.uuid4(), by=world.who("manager"))


def test_int_04_sending_and_writing_at_once_never_mix(committed: Cast) -> None:
    first = committed.row.answers.get(indicator__code="PRI-01-b")
    for number in range(8):
        text, version = f"Written at the last moment {number}", committed.row.answers.get(pk=first.pk).version
        found = together(
            lambda: committed.now().submit(by=committed.who("assessor")),
            partial(write, committed, first.pk, text, version),
        )
        snapshot = committed.now().snapshots.get(revision=committed.now().revision)
        frozen = next(row for row in freezing.indicators_of(snapshot.content) if row["code"] == "PRI-01-b")["answer"]["comment"]
        live = committed.row.answers.get(pk=first.pk).comment
        assert frozen == live, "what was sent is what stands"
        assert (live == text) == (not isinstance(found[1], Sent))
        committed.now().send_back("Again.", by=committed.who("manager"))


def test_int_04_approving_and_returning_at_once_do_one_of_the_two(committed: Cast) -> None:
    committed.send()
    found = together(
        lambda: committed.now().approve(by=committed.who("manager")),
        lambda: committed.now().send_back("No.", by=committed.who("manager")),
    )
    assert sum(isinstance(one, WrongState) for one in found) == 1
    row = committed.now()
    assert (row.status, bool(row.approved_at)) in {("approved", True), ("draft", False)}
