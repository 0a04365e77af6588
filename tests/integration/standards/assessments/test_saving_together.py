"""Many people save at the same moment, on the database of production: nothing is lost, nobody is overwritten unseen."""

import random
import threading
import uuid
from collections.abc import Iterator
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from portal.accounts.models import User
from standards.assessments.models import Answer, AnswerVersion
from standards.assessments.saving import Outcome, Sent, Text, save
from tests.databases import at_once as side_by_side
from tests.databases import own_copy
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.cast import Cast, cast

WRITERS, ANSWERS, ROUNDS = 8, 40, 30


@pytest.fixture(scope="module")
def together(request: pytest.FixtureRequest) -> Iterator[Cast]:
    """A cast that is committed, in a database of this module's own."""
    with own_copy(request, "together"):
        yield cast()


at_once = partial(side_by_side, refused=(Sent, ValidationError), seconds=240)


def says(comment: str, value: str = "partly_met") -> Text:
    return Text(value, comment, "described")


def answers(world: Cast, count: int) -> list[Answer]:
    assessment = asked.empty(world.service, asked.edition(count), world.assessor)
    return list(assessment.answers.in_order())


def test_int_01_two_at_once_one_is_taken_and_the_other_kept_beside_it(together: Cast) -> None:
    for at in range(20):
        row = answers(together, 1)[0]
        people = (together.who("manager"), together.who("assessor"))
        outcomes = at_once([partial(save, row.pk, says(f"{by.first_name} {at}"), base=0, key=uuid.uuid4(), by=by) for by in people])
        assert sorted(outcome.is_taken for outcome in outcomes) == [False, True]
        assert {version.comment for version in row.versions.all()} == {f"Mara {at}", f"Asha {at}"}
        assert Answer.objects.get(pk=row.pk).version == 1


def test_int_02_eight_writers_forty_answers_a_chain_without_a_gap(together: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    rows = answers(together, ANSWERS)
    writers = [together.who(name) for name in ("manager", "assessor") for _at in range(WRITERS // 2)]
    log: list[tuple[uuid.UUID, str, Outcome]] = []

    def write(number: int, by: User) -> None:
        chance, seen = random.Random(number), dict.fromkeys((row.pk for row in rows), 0)  # noqa: S311 - which answer, not a secret
        for turn in range(ROUNDS):
            row = chance.choice(rows)
            words = f"writer {number} turn {turn}"
            outcome = save(row.pk, says(words), base=seen[row.pk], key=uuid.uuid4(), by=by)
            seen[row.pk] = outcome.version
            log.append((row.pk, words, outcome))

    at_once([partial(write, number, by) for number, by in enumerate(writers)])
    assert len(log) == WRITERS * ROUNDS, "somebody was stopped"
    versions = {(version.answer_id, version.comment): version for version in AnswerVersion.objects.filter(answer__in=rows)}
    for pk, words, outcome in log:  # everything that was acknowledged is there, under the number it was told
        assert (versions[pk, words].version is not None) == outcome.is_taken
        if outcome.is_taken:
            assert (versions[pk, words].version, versions[pk, words].base) == (outcome.version, outcome.version - 1)
    for row in Answer.objects.filter(pk__in=[row.pk for row in rows]):
        chain = sorted(version.version for version in versions.values() if version.answer_id == row.pk and version.version)
        assert chain == list(range(1, row.version + 1))
        assert not chain or row.comment == next(
            words for (pk, words), version in versions.items() if pk == row.pk and version.version == row.version
        )
    conflicts = sum(not outcome.is_taken for _pk, _words, outcome in log)
    assert conflicts, "they never met: nothing was tried"
    with capsys.disabled():
        print(f" [{len(log)} saves, {conflicts} met a newer text, 0 lost]", end="")


def test_int_03_the_same_save_twenty_times_at_once_happens_once(together: Cast) -> None:
    row, key, by = answers(together, 1)[0], uuid.uuid4(), together.who("assessor")
    outcomes = at_once([partial(save, row.pk, says("Once."), base=0, key=key, by=by)] * 20)
    assert {(outcome.is_taken, outcome.version) for outcome in outcomes} == {(True, 1)}
    assert row.versions.count() == 1


def test_int_03_one_key_for_two_answers_at_once_serves_one(together: Cast) -> None:
    for _at in range(10):
        rows, key, by = answers(together, 2), uuid.uuid4(), together.who("assessor")
        outcomes = at_once([partial(save, row.pk, says("Once."), base=0, key=key, by=by) for row in rows])
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Outcome", "ValidationError"]
        assert AnswerVersion.objects.filter(key=key).count() == 1


def test_int_04_a_save_that_waited_while_the_assessment_was_sent_is_refused(together: Cast) -> None:
    """The status is read after the lock: joined to the query that waited, it would be that of before the wait."""
    row = answers(together, 1)[0]
    is_locked, result = threading.Event(), []

    def wait_for_it() -> None:
        is_locked.wait(20)
        result.extend(at_once([partial(save, row.pk, says("Too late."), base=0, key=uuid.uuid4(), by=together.who("assessor"))]))

    thread = threading.Thread(target=wait_for_it)
    thread.start()
    with transaction.atomic():  # what sending does: locks the answers, then changes the status
        list(Answer.objects.select_for_update().filter(pk=row.pk))
        is_locked.set()
        thread.join(1.5)
        with connection.cursor() as cursor:  # only a step may change a status; this stands for its last moment
            cursor.execute("UPDATE assessments_assessment SET status = 'in_review' WHERE id = %s", [row.assessment_id])
    thread.join(20)
    assert isinstance(result[0], Sent)
    assert Answer.objects.get(pk=row.pk).version == 0


def test_c1_three_hundred_rapid_toggles_are_all_stored(together: Cast) -> None:
    row, by, values = answers(together, 1)[0], together.who("assessor"), ("not_met", "fully_met")
    for at in range(300):
        assert save(row.pk, says("", values[at % 2]), base=at, key=uuid.uuid4(), by=by).version == at + 1
    assert list(row.versions.order_by("version").values_list("value", flat=True)) == [values[at % 2] for at in range(300)]
