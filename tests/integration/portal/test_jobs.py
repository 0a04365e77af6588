"""Jobs: claimed by one, done once, put off, given up, swept; the bell may be broken (INT-05, INT-10, REL-02, TIME-06, TIME-09)."""

import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone
from kombu import Connection

from portal.audit import bell, outbox, working
from portal.audit.models import Job
from portal.audit.outbox import DAILY, WORK, Trade, enqueue, replan
from tests.databases import own_copy

alone = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the job "test.note" was called with. "test.fail" always fails."""
    seen: list[dict[str, Any]] = []

    def fail(**arguments: Any) -> None:
        seen.append(arguments)
        raise ConnectionRefusedError("the name of a person, which must not be kept")

    monkeypatch.setitem(WORK, "test.note", Trade(lambda **arguments: seen.append(arguments), 2 * MINUTE, 3))
    monkeypatch.setitem(WORK, "test.fail", Trade(fail, 2 * MINUTE, 3))
    return seen


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """For which jobs the bell was rung."""
    rung: list[uuid.UUID] = []

    def heard(pk: uuid.UUID) -> bool:
        rung.append(pk)
        return True

    for module in (outbox, working):
        monkeypatch.setattr(module, "ring", heard)
    monkeypatch.setattr(working, "DAILY", [])
    return rung


@alone
def test_the_same_key_is_one_job_and_it_is_done_once(calls: list[dict[str, Any]]) -> None:
    one, same = (enqueue("test.note", key="k", thing="7") for _ in range(2))
    assert one.pk == same.pk
    assert [working.run(one.pk) for _ in range(3)] == [True, False, False]
    assert calls == [{"thing": "7"}]
    one.refresh_from_db()
    assert (one.attempts, one.progress, one.problem, one.lease_until) == (1, 100, "", None)
    assert one.done_at


@alone
def test_not_before_its_time_and_not_while_somebody_has_it(calls: list[dict[str, Any]]) -> None:
    taken, now = enqueue("test.note", key="taken"), timezone.now()
    later = enqueue("test.note", key="later", run_at=now + HOUR)
    assert not working.run(later.pk, now)
    assert Job.objects.claim(taken.pk, now, 2 * MINUTE)
    assert not working.run(taken.pk, now + MINUTE)
    assert working.run(taken.pk, now + 3 * MINUTE), "its lease is over: whoever had it is dead"
    assert working.run(later.pk, now + HOUR)
    assert len(calls) == 2


@alone
def test_priv_a_failure_is_kept_as_its_kind_and_tried_again_later_then_given_up(
    calls: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    row, now = enqueue("test.fail", key="f"), timezone.now()
    waits = []
    for _attempt in range(3):
        with pytest.raises(working.JobFailed, match=r"test\.fail: ConnectionRefusedError"):
            working.run(row.pk, now)
        assert not working.run(row.pk, now), "not at once"
        row.refresh_from_db()
        waits.append((row.run_at - now).total_seconds())
        now = max(now, row.run_at)
    assert waits == [15, 30, 0]
    assert (row.attempts, row.problem, row.done_at) == (3, "ConnectionRefusedError", None)
    assert row.failed_at
    assert "name of a person" not in caplog.text + str(Job.objects.values_list())
    assert "test_jobs.py" in caplog.text
    working.try_again(row)
    row.refresh_from_db()
    assert row.attempts == 0
    assert row.failed_at is None


@alone
def test_who_slept_through_the_lease_does_not_close_the_work_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    row, now = enqueue("test.slow", key="s"), timezone.now()

    def sleeps(**arguments: Any) -> None:
        assert Job.objects.claim(row.pk, now + HOUR, MINUTE), "meanwhile another has it"

    monkeypatch.setitem(WORK, "test.slow", Trade(sleeps, MINUTE, 3))
    working.run(row.pk, now)
    row.refresh_from_db()
    assert row.done_at is None
    assert row.attempts == 2


@alone
def test_the_sweeper_rings_for_the_unheard_and_closes_what_kills_its_workers(calls: list[dict[str, Any]], rings: list[uuid.UUID]) -> None:
    now = timezone.now() + MINUTE
    row = enqueue("test.note", key="unheard")
    enqueue("test.note", key="future", run_at=now + DAY)
    rings.clear()
    patience = timedelta(seconds=2 * live.SWEEP_SECONDS)
    assert [working.sweep(now), working.sweep(now + patience / 2), working.sweep(now + patience * 1.1)] == [1, 0, 1]
    assert rings == [row.pk, row.pk]
    deadly = enqueue("test.note", key="deadly")
    for attempt in range(3):
        assert Job.objects.claim(deadly.pk, now + attempt * HOUR, MINUTE)
    working.sweep(now + 3 * HOUR)
    deadly.refresh_from_db()
    assert (deadly.problem, bool(deadly.failed_at)) == ("Lost", True)
    assert calls == []


@alone
def test_int_10_a_rollback_rings_for_nothing_and_leaves_nothing(
    rings: list[uuid.UUID], calls: list[dict[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("test.note", key="gone")
        raise ZeroDivisionError
    assert (rings, Job.objects.filter(key="gone").count()) == ([], 0)
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("test.note", key="kept")
        assert rings == [], "not before the commit"
    assert len(rings) == 1
    assert calls == []


@alone
def test_int_10_a_crash_between_commit_and_bell_is_swept(rings: list[uuid.UUID], calls: list[dict[str, Any]]) -> None:
    row = enqueue("test.note", key="crashed")  # inside the test's transaction nothing is rung
    assert rings == []
    assert working.sweep(timezone.now()) == 1
    assert rings == [row.pk]
    assert working.run_due() == (1, 0)
    assert calls == [{}]


@alone
def test_replanned_work_is_moved_and_done_anew_only_when_it_changed(calls: list[dict[str, Any]]) -> None:
    now = timezone.now()
    row = replan("test.note", key="r", run_at=now + HOUR, at="1")
    replan("test.note", key="r", run_at=now + 2 * HOUR, at="2")
    assert working.run_due(now + HOUR) == (0, 0)
    assert working.run_due(now + 2 * HOUR) == (1, 0)
    replan("test.note", key="r", run_at=now + 2 * HOUR, at="2")
    assert working.run_due(now + 3 * HOUR) == (0, 0), "the same again does nothing"
    replan("test.note", key="r", run_at=now + 4 * HOUR, at="4")
    assert working.run_due(now + 4 * HOUR) == (1, 0)
    assert [call["at"] for call in calls] == ["2", "4"]
    assert Job.objects.get(key="r").pk == row.pk


# --- Time -------------------------------------------------------------------------------------------------------------


def mornings(moments: list[datetime], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The days for which the morning's work was done, when the clock struck at these moments."""
    days: list[str] = []
    monkeypatch.setitem(WORK, "test.daily", Trade(lambda **given: days.append(given["day"]), MINUTE, 3))
    monkeypatch.setattr(working, "DAILY", ["test.daily"])
    for moment in moments:
        working.plan_the_day(moment)
        working.run_due(max(moment, timezone.now()))
    return days


@alone
def test_time_09_the_morning_comes_once_a_day_and_once_after_days_of_standstill(monkeypatch: pytest.MonkeyPatch) -> None:
    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 1, day, hour, minute, tzinfo=UTC)

    assert mornings([at(5, 5, 59)], monkeypatch) == []
    assert mornings([at(5, 6), at(5, 6), at(5, 6, 1), at(5, 23)], monkeypatch) == ["2026-01-05"]
    assert mornings([at(9, 4), at(9, 15), at(9, 16)], monkeypatch) == ["2026-01-09"], "down for three days: caught up once"
    assert mornings([at(9, 15), at(8, 15), at(9, 15)], monkeypatch) == ["2026-01-08"], "a clock that steps back repeats no day"


@alone
def test_time_09_six_oclock_is_londons_in_summer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    summer = [datetime(2026, 7, 1, 4, 59, tzinfo=UTC), datetime(2026, 7, 1, 5, 0, tzinfo=UTC)]
    assert mornings(summer[:1], monkeypatch) == []
    assert mornings(summer, monkeypatch) == ["2026-07-01"]
    changing = [datetime(2026, 3, 29, hour, tzinfo=UTC) for hour in range(24)] + [
        datetime(2026, 10, 25, hour, tzinfo=UTC) for hour in range(24)
    ]
    assert mornings(changing, monkeypatch) == ["2026-03-29", "2026-10-25"]


@alone
@pytest.mark.parametrize("step", [timedelta(minutes=-5), timedelta(minutes=5), -HOUR, DAY])
def test_time_06_a_clock_that_jumps_loses_nothing_and_repeats_nothing(calls: list[dict[str, Any]], step: timedelta) -> None:
    now = timezone.now()
    done, waiting = enqueue("test.note", key="done"), enqueue("test.note", key="waiting", run_at=now + 2 * HOUR)
    assert working.run(done.pk, now + MINUTE)
    working.run_due(now + MINUTE + step)
    working.run_due(now + 3 * HOUR)
    assert len(calls) == 2
    assert Job.objects.filter(pk__in=[done.pk, waiting.pk], done_at__isnull=False).count() == 2


@alone
def test_the_audits_own_mornings_are_registered() -> None:
    assert {"audit.seal", "audit.digests"} <= set(DAILY)


# --- Twenty workers ---------------------------------------------------------------------------------------------------


def winners(claim: Callable[[], bool], count: int = 20) -> int:
    """How many of so many threads, begun at once, got it."""
    barrier, got = threading.Barrier(count), []

    def take() -> None:
        try:
            barrier.wait(20)
            got.append(claim())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(got) == count
    return sum(got)


@pytest.fixture(scope="module")
def copy(request: pytest.FixtureRequest) -> Iterator[str]:
    with own_copy(request, "jobs") as database:
        yield database


def test_int_05_of_twenty_workers_one_has_the_job(copy: str) -> None:
    for number in range(10):
        row = Job.objects.create(key=f"claim:{number}", task="test.none")
        assert winners(partial(Job.objects.claim, row.pk, timezone.now(), HOUR)) == 1
        row.refresh_from_db()
        assert row.attempts == 1


def test_int_05_on_the_embedded_database_too(tmp_path: Path) -> None:
    place = {**connections["default"].settings_dict, **live.DATABASES["default"], "ENGINE": "django.db.backends.sqlite3"}
    place |= {"NAME": str(tmp_path / "embedded.sqlite3"), "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20}}
    connections.settings["embedded"] = place
    try:
        assert isinstance(connections["embedded"], DatabaseWrapper)
        with connections["embedded"].schema_editor() as editor:
            editor.create_model(Job)
        for number in range(5):
            row = Job.objects.using("embedded").create(key=f"claim:{number}", task="test.none")
            assert winners(partial(Job.objects.using("embedded").claim, row.pk, timezone.now(), HOUR)) == 1
    finally:
        connections["embedded"].close()
        del connections["embedded"], connections.settings["embedded"]


# --- The bell ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell.Broken, "until", 0.0)


def ring_at(address: str, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, float]:
    """Whether the bell of this broker rang, and after how many seconds we knew."""
    options = live.BELL_TRANSPORT_OPTIONS
    monkeypatch.setattr(bell.app, "connection_for_write", lambda **_: Connection(address, transport_options=options))
    begun = time.monotonic()
    return bell.ring(uuid.uuid4()), time.monotonic() - begun


def test_rel_02_a_broker_that_is_down_costs_no_time_and_is_left_alone(no_silence: None, monkeypatch: pytest.MonkeyPatch) -> None:
    bell.ring(uuid.uuid4())  # the first one loads the broker's client
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = f"redis://127.0.0.1:{free.getsockname()[1]}/0"
    rang, seconds = ring_at(down, monkeypatch)
    assert not rang
    assert seconds < 1
    assert ring_at(down, monkeypatch)[1] < 0.01, "known to be broken: not tried again for a while"


def test_rel_02_a_broker_that_hangs_costs_a_second_once(no_silence: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(20)
        rang, seconds = ring_at(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", monkeypatch)
    assert not rang
    assert seconds < 2


# --- Commands ---------------------------------------------------------------------------------------------------------


@alone
def test_without_a_broker_a_command_does_what_is_due(calls: list[dict[str, Any]], rings: list[uuid.UUID], capsys: Any) -> None:
    enqueue("test.note", key="by hand")
    call_command("run_jobs")
    assert "1 done, 0 failed" in capsys.readouterr().out
    assert calls == [{}]


@alone
def test_after_a_restore_old_mails_are_held_and_new_ones_go(capsys: Any) -> None:
    now = timezone.now()
    old = Job.objects.create(key="notice:1", task="audit.mail_notice", created_at=now - HOUR)
    new = Job.objects.create(key="notice:2", task="audit.mail_notice")
    other = Job.objects.create(key="event:1", task="audit.deliver_event", created_at=now - HOUR)
    call_command("hold_mail", before=now - MINUTE)
    assert set(Job.objects.waiting().values_list("pk", flat=True)) >= {new.pk, other.pk}
    assert list(Job.objects.failed().values_list("pk", "problem")) == [(old.pk, "Held")]
