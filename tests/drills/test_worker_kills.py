"""Workers are killed and brokers emptied at random moments: every job has its effect once, and none is lost (INT-07, INT-10, REL-02)."""

import email
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pytest
import redis
from django.conf import settings as live
from django.utils import timezone
from kombu import Connection

from portal.accounts.models import User
from portal.audit import bell, notices, outbox
from portal.audit.models import Event, Job, Notice
from portal.audit.outbox import WORK, enqueue
from portal.audit.trail import record
from tests.databases import own_copy
from tests.drills import toil
from tests.services import _free_port

ROOT: Path = live.BASE_DIR
PEOPLE = 3
LONGEST_WAIT = 120  # seconds until everything is done after the last kill: INT-07's bar


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy of the database, with the drill's work registered here as in the workers."""
    before: list[dict[str, Any]] = [dict(WORK), dict(notices.TELLERS), dict(notices.SENTENCES)]
    daily = list(outbox.DAILY)
    with own_copy(request, "kills") as address:
        Job.objects.all().delete()
        for number in range(PEOPLE):
            User.objects.create_user(f"toiler{number}@drill.example")
        toil.register()
        yield address
    for registry, old in zip((WORK, notices.TELLERS, notices.SENTENCES), before, strict=False):
        registry.clear()
        registry.update(old)
    outbox.DAILY.extend(daily)


def wait_for_work_in_hand() -> None:
    """Until some job has been taken and is not done: on a slow machine a kill could always come before the first."""
    end = time.monotonic() + 30
    while time.monotonic() < end and not Job.objects.filter(done_at__isnull=True, attempts__gt=0).exists():
        time.sleep(0.01)


@pytest.mark.django_db
def test_int_05_the_drills_own_work_done_twice_has_one_effect() -> None:
    user, thing = User.objects.create_user("once@drill.example"), str(uuid.uuid4())
    for _time in range(2):
        toil.toil(str(user.pk), thing, 0)
    assert Event.objects.filter(verb=toil.VERB, subject_id=thing).count() == toil.PARTS


class Nursery:
    """Where workers come from. ``start`` begins one; ``kill`` ends it as a power cut would."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self.process, self.orders, self.answers = process, process.stdin, process.stdout
        assert self.answers.readline().strip() == "ready"

    def start(self) -> int:
        """The session of a new worker."""
        self.orders.write("\n")
        self.orders.flush()
        return int(self.answers.readline())

    @staticmethod
    def kill(session: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(session, signal.SIGKILL)


@contextmanager
def nursery(database: str, folder: Path, broker: str, log: IO[bytes]) -> Iterator[Nursery]:
    """A nursery whose workers use this database and broker, and write e-mails into ``folder``/mail."""
    # Files are taken from the folder a few a second: more sweeps than this would leave the jobs no room.
    sweeps = "1" if broker.startswith("filesystem") else "0.3"
    variables = {
        **os.environ, "DATABASE_URL": database, "CELERY_BROKER_URL": broker, "WAYMARK_VAR": str(folder), "SWEEP_SECONDS": sweeps,
        "TOIL_LEASE": "1.5", "EMAIL_URL": f"filemail:///{folder / 'mail'}", "DJANGO_SETTINGS_MODULE": "portal.settings",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.drills.toil"]
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
    ) as process:
        try:
            yield Nursery(process)
        finally:
            process.kill()


def ask_for_work(things: list[uuid.UUID]) -> None:
    """Three slow jobs, and an event of which everybody is told."""
    user = User.objects.filter(email__endswith="@drill.example").first()
    assert user
    for seconds in (0.02, 0.1, 0.3):
        things.append(uuid.uuid4())
        enqueue("toil.toil", key=f"toil:{things[-1]}", person=str(user.pk), thing=str(things[-1]), seconds=seconds)
    record("accounts.user.told", user, by=None)


def wait_until_done() -> float:
    """Seconds until no job waits."""
    begun = time.monotonic()
    while Job.objects.waiting().exists():
        assert time.monotonic() - begun < LONGEST_WAIT, list(
            Job.objects.waiting().values_list("task", "attempts", "problem", "lease_until")
        )
        time.sleep(0.1)
    return time.monotonic() - begun


def mails(folder: Path) -> Counter[str]:
    """How many copies of each e-mail were sent, by its Message-ID."""
    found: Counter[str] = Counter()
    for path in folder.glob("*.log"):
        parts = path.read_text().split("-" * 79 + "\n")
        found.update(str(email.message_from_string(part)["Message-ID"]) for part in parts if "Message-ID" in part)
    return found


def drill(trials: int, longest: float, database: str, folder: Path, broker: str, empty: Any, say: Any) -> None:
    """Work is asked for, a worker begins, is killed at a random moment, and the broker is emptied; then one worker may live."""
    Job.objects.all().delete()
    Notice.objects.all().delete()
    (folder / "mail").mkdir(parents=True)
    things: list[Any] = []
    chance = random.Random(7)  # noqa: S311 - the same moments each time
    before = Event.objects.filter(verb=toil.VERB).count()
    with (folder / "worker.log").open("wb") as log, nursery(database, folder, broker, log) as workers:
        for trial in range(trials):
            ask_for_work(things)
            session = workers.start()
            time.sleep(chance.uniform(0.15, longest))
            if trial == 0:
                wait_for_work_in_hand()
            workers.kill(session)
            if trial % 2:
                empty()
        died = Job.objects.filter(done_at__isnull=True, attempts__gt=0).count()
        session = workers.start()
        seconds = wait_until_done()
        workers.kill(session)
    assert Event.objects.filter(verb=toil.VERB).count() - before == len(things) * toil.PARTS
    done = Job.objects.all()
    assert (done.filter(done_at__isnull=True).count(), done.filter(failed_at__isnull=False).count()) == (0, 0)
    told = Notice.objects.filter(kind="toil.told")
    assert (told.count(), told.filter(mailed_at__isnull=True).count()) == (trials * PEOPLE, 0)
    sent = mails(folder / "mail")
    assert len(sent) == trials * PEOPLE, "every e-mail went out"
    repeated = sum(sent.values()) - len(sent)
    assert repeated <= trials, "a worker killed between sending and noting it sends the same Message-ID again"
    again = done.filter(attempts__gt=1).count()
    assert again > 0, "no kill hit a job in hand: the drill proves nothing"
    say(f"{trials} kills, {done.count()} jobs, {again} taken more than once, {died} in hand or put off at the last kill, "
        f"{repeated} of {len(sent)} e-mails sent twice, all done {seconds:.1f} s after the last kill")  # fmt: skip


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Any:
    """Shows a line in spite of pytest."""

    def show(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}")

    return show


def broker_of_tests() -> str:
    """A database of the tests' Redis for the drill alone."""
    address = os.environ["CACHE_URL"].replace("rediscache://", "redis://").rpartition("/")
    return f"{address[0]}/{int(address[2]) + 7}"


def test_int_07_killed_workers_and_an_emptied_redis(database: str, tmp_path: Path, say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = broker_of_tests()
    monkeypatch.setattr(bell.app, "connection_for_write", lambda **_: Connection(broker, transport_options={}))
    client = redis.Redis.from_url(broker)
    client.flushdb()
    drill(40, 1.2, database, tmp_path, broker, client.flushdb, say)


def test_int_10_killed_workers_a_deleted_queue_and_no_bell_at_all(
    database: str, tmp_path: Path, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "ring", lambda pk: False)  # every job is found by the sweeper
    drill(20, 2.5, database, tmp_path, "filesystem://localhost", lambda: shutil.rmtree(tmp_path / "queue", ignore_errors=True), say)


def test_rel_02_with_the_broker_down_work_is_kept_and_done_when_it_is_back(
    database: str, tmp_path: Path, say: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mail").mkdir()
    port = _free_port()
    broker = f"redis://127.0.0.1:{port}/0"
    monkeypatch.setattr(bell.Broken, "until", 0.0)
    monkeypatch.setattr(bell.app, "connection_for_write", lambda **_: Connection(broker, transport_options=live.BELL_TRANSPORT_OPTIONS))
    things: list[uuid.UUID] = []
    begun = time.monotonic()
    ask_for_work(things)
    seconds = time.monotonic() - begun
    assert seconds < 1.5, "the web goes on"
    assert Job.objects.waiting().count() == 4
    with (tmp_path / "worker.log").open("wb") as log, nursery(database, tmp_path, broker, log) as workers:
        session = workers.start()
        time.sleep(1)
        assert Job.objects.waiting().count() == 4
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
        server = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        try:
            waited = wait_until_done()
        finally:
            workers.kill(session)
            server.kill()
            server.wait()
    assert Event.objects.filter(verb=toil.VERB, subject_id__in=things).count() == len(things) * toil.PARTS
    assert timezone.now()
    say(f"broker down: four jobs noted in {seconds:.2f} s; done {waited:.1f} s after it was back")
