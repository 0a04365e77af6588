"""What a record costs: the page with fifty sealed pieces, and how much of its time is cryptography."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from portal.vault import sealing
from providers.transitions import needs, offering
from tests.integration.providers.transitions.cast import World, world

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
RUNS, PIECES, MOST_MS = 7, 50, 5.0


class Watch:
    """Adds up the time inside the functions it stands around, and counts their calls."""

    def __init__(self) -> None:
        self.seconds, self.calls = 0.0, 0

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **named: Any) -> Any:
            begin = time.perf_counter()
            try:
                return act(*args, **named)
            finally:
                self.seconds += time.perf_counter() - begin
                self.calls += 1

        return timed


def full_record() -> World:
    """Every item written, an offer, and as many questions with answers as make fifty pieces of the page."""
    made = world()
    made.begin()
    for item in needs.EDITED:
        made.write({item: {"words": "as she said"}})
    made.consent(*needs.EDITED)
    made.now().plan(by=made.who("worker"))
    made.now().agree("recorded", by=made.who("worker"))
    offer = offering.send(made.now(), made.receiver, by=made.who("worker"))
    for number in range((PIECES - len(needs.EDITED)) // 2 + 1):
        question = offering.ask(offer, f"Question {number}", by=made.who("their_worker"))
        offering.reply(question, f"Answer {number}", by=made.who("worker"))
    return made


def test_a_record_with_fifty_sections(db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = full_record()
    client, address = made.client("worker"), f"/workspace/transitions/{made.row.pk}/"
    client.get(address)
    watch = Watch()
    monkeypatch.setattr(sealing, "unseal", watch.around(sealing.unseal))  # every piece and every key is opened by it
    spent, took, calls = [], [], 0
    for _run in range(RUNS):
        watch.seconds, watch.calls = 0.0, 0
        begin = time.perf_counter()
        with CaptureQueriesContext(connections["default"]) as rows, CaptureQueriesContext(connections["keyring"]) as keys:
            assert client.get(address).status_code == 200
        took.append(time.perf_counter() - begin)
        spent.append(watch.seconds)
        calls = watch.calls
    with capsys.disabled():
        print(
            f"\n  record page: {calls} pieces and keys opened in {min(spent) * 1000:.2f} ms of {min(took) * 1000:.0f} ms; "
            f"{len(rows)} queries, {len(keys)} of the keyring"
        )
    assert calls >= PIECES
    assert min(spent) * 1000 <= MOST_MS
    assert len(rows) <= 40
    assert len(keys) <= 5
