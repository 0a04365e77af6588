"""Web workers are killed while answers are saved (INT-06): what was acknowledged is there, and nothing is there twice.

The log of the clients is the oracle, never the server. ``KILLS=300`` makes the drill longer.
"""

import http.client
import json
import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db.models import Count

from standards.assessments.models import Answer, AnswerVersion
from tests import builders
from tests.conftest import Site, start_site, stop_site
from tests.databases import own_copy
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.cast import Cast, cast

KILLS = int(os.environ.get("KILLS", "12"))
GRACE = 6  # seconds: a worker that dies within 5.5 of its birth is a crash loop to the server, which then ends
WRITERS = 4
LONGEST = 60  # seconds until a save that was cut off is acknowledged at last


@pytest.fixture(scope="module")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy that this process and the portal both use."""
    with own_copy(request, "autosave") as address:
        yield address


@pytest.fixture(scope="module")
def site(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Two workers, each begun anew when it dies."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    again = {"GRANIAN_RESPAWN_FAILED_WORKERS": "true", "GRANIAN_RESPAWN_INTERVAL": "0.1"}
    running = start_site(tmp_path_factory.mktemp("kills"), database, workers=2, CACHE_URL=f"{server}/{int(number) + 10}", **again)
    yield running
    stop_site(running)


def workers(site: Site) -> list[int]:
    """The processes that serve."""
    children = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text().split()
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in map(int, children)}
    return [pid for pid, line in lines.items() if b"resource_tracker" not in line]


@dataclass
class Writer:
    """A browser that saves one answer over and over. ``acknowledged``: the words the portal said were saved, in order."""

    site: Site
    cookies: str
    answer: Answer
    stop: threading.Event
    acknowledged: list[tuple[int, str, str]] = field(default_factory=list)  # version, key, words
    cut: int = 0
    refused: list[str] = field(default_factory=list)
    token: str = ""

    def ask(self, method: str, body: str = "") -> tuple[int, dict[str, object]]:
        """One request on a connection of its own. Raises ``OSError`` or ``HTTPException`` when it is cut off."""
        link = http.client.HTTPConnection(urlsplit(self.site.address).netloc, timeout=10)
        try:
            headers = {
                "Accept": "application/json", "Cookie": self.cookies, "X-CSRFToken": self.token, "Origin": self.site.address,
                "Content-Type": "application/x-www-form-urlencoded",
            }  # fmt: skip
            link.request(method, f"/workspace/assessments/answers/{self.answer.pk}/", body, headers)
            reply = link.getresponse()
            text = reply.read()
            if cookie := reply.getheader("Set-Cookie", ""):
                self.cookies = "; ".join({*self.cookies.split("; "), cookie.split(";")[0]}) if "csrf" in cookie else self.cookies
            return reply.status, json.loads(text) if text.startswith(b"{") else {}
        finally:
            link.close()

    def run(self) -> None:
        """Until told to stop: the next words, sent under one key until somebody answers."""
        version, number = 0, 0
        while not self.stop.is_set():
            number += 1
            key, words = str(uuid.uuid4()), f"words {number} " + "x" * (number % 400)
            body = urlencode({"value": "partly_met", "comment": words, "confidence": "described", "base": version, "key": key})
            status, reply = self.until_answered("POST", body)
            if status != 200:
                self.refused.append(f"{status} {reply}")
                return
            version = int(str(reply["version"]))
            self.acknowledged.append((version, key, words))

    def until_answered(self, method: str, body: str = "") -> tuple[int, dict[str, object]]:
        """As the page does: what was cut off is sent again, unchanged."""
        end = time.monotonic() + LONGEST
        while True:
            try:
                status, reply = self.ask(method, body)
            except (OSError, http.client.HTTPException, ValueError):
                self.cut += 1
            else:
                if status < 500:
                    return status, reply
            assert time.monotonic() < end, "nobody answered any more"
            time.sleep(0.05)


def browsers(site: Site, world: Cast, stop: threading.Event) -> list[Writer]:
    """One for each of some answers, half of them the manager's."""
    rows = list(asked.empty(world.service, asked.edition(WRITERS), world.assessor).answers.in_order())
    made = []
    for at, row in enumerate(rows):
        client = builders.sign_in(world.who(("manager", "assessor")[at % 2]))
        cookies = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        made.append(Writer(site, cookies, row, stop))
        _status, reply = made[-1].until_answered("GET")
        made[-1].token = str(reply["token"])
    return made


def test_int_06_nothing_acknowledged_is_lost_when_workers_are_killed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    chance, stop, killed = random.Random(6), threading.Event(), 0  # noqa: S311 - when to kill, not a secret
    born: dict[int, float] = {}
    writers = browsers(site, cast(), stop)
    threads = [threading.Thread(target=writer.run) for writer in writers]
    for thread in threads:
        thread.start()
    end = time.monotonic() + KILLS * 15
    while killed < KILLS and time.monotonic() < end and not any(writer.refused for writer in writers):
        time.sleep(min(3, chance.expovariate(1.2)))
        now = time.monotonic()
        if found := [pid for pid in workers(site) if now - born.setdefault(pid, now) > GRACE]:
            os.kill(chance.choice(found), signal.SIGKILL)
            killed += 1
    stop.set()
    for thread in threads:
        thread.join(LONGEST + 10)
    assert [writer.refused for writer in writers if writer.refused] == []
    assert killed == KILLS
    saves, cut = sum(len(writer.acknowledged) for writer in writers), sum(writer.cut for writer in writers)
    check(writers)
    assert saves > KILLS
    assert cut, "no save was ever cut off: nothing was tried"
    with capsys.disabled():
        print(f" [{killed} kills, {saves} saves acknowledged, {cut} requests cut off, 0 lost, 0 twice]", end="")


def check(writers: list[Writer]) -> None:
    """Every acknowledged save is there once, under the number it was told; each chain has no gap and ends in its row."""
    for writer in writers:
        rows = {str(version.key): version for version in AnswerVersion.objects.filter(answer=writer.answer)}
        for version, key, words in writer.acknowledged:
            assert (rows[key].version, rows[key].comment) == (version, words)
        numbers = [row.version for row in rows.values()]
        assert None not in numbers, "a writer met themselves"
        assert sorted(number for number in numbers if number) == list(range(1, len(numbers) + 1))
        now = Answer.objects.get(pk=writer.answer.pk)
        assert now.version == len(numbers)
        assert now.comment == next(row.comment for row in rows.values() if row.version == now.version), "torn"
    assert not AnswerVersion.objects.values("key").annotate(times=Count("pk")).filter(times__gt=1).exists()
