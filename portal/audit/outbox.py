"""The outbox: work is a row first, written with the change that wants it; the broker only rings the bell.

    # tasks.py of a noun, imported at start-up
    @job("reports.render", lease=120)
    def render(report: str) -> None: ...

    # in the transaction of the change
    enqueue("reports.render", key=f"report:{report.pk}:pdf", report=str(report.pk))

Work may run more than once (a worker is killed after the effect and before the row says "done"), so it is written to be harmless
when repeated: it looks whether its effect is there, or writes under a unique key.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.audit.bell import ring
from portal.audit.models import Job

Work = Callable[..., None]


@dataclass(frozen=True)
class Trade:
    """A kind of work: what to call, how long it may take at most, how often to try."""

    work: Work
    lease: dt.timedelta
    tries: int


WORK: dict[str, Trade] = {}
DAILY: list[str] = []


def job(name: str, *, lease: int = 120, tries: int = 12) -> Callable[[Work], Work]:
    """Register a function as the work called ``name``. It must be idempotent; ``lease`` seconds exceed its longest run.

    It is called with the arguments given to ``enqueue``, by name. Raising means: try again later, after 15 s, 30 s, 1 min … at
    most an hour; after ``tries`` attempts (12 are some five hours) the job is given up and shown to administrators.
    """

    def register(function: Work) -> Work:
        WORK[name] = Trade(function, dt.timedelta(seconds=lease), tries)
        return function

    return register


def daily(name: str, *, lease: int = 300) -> Callable[[Work], Work]:
    """Register work for every morning at six, London time. It is called with ``day``, an ISO date.

    Once for a date, however often the clock strikes. After days of standstill it runs once, for today: look at everything
    that is due by ``day``, not only at what fell due on it.
    """
    DAILY.append(name)
    return job(name, lease=lease)


def enqueue(name: str, *, key: str, run_at: dt.datetime | None = None, **arguments: Any) -> Job:
    """Note that ``name`` must happen, at ``run_at`` or now. The same ``key`` twice is one job. Ids and codes only."""
    _note(Job(key=key, task=name, arguments=arguments, run_at=run_at or timezone.now()))
    row: Job = Job.objects.get(key=key)
    _ring_after_commit(row)
    return row


def enqueue_new(name: str, *, key: str, **arguments: Any) -> None:
    """As ``enqueue``, for a key that cannot be there yet, and nobody who wants the row: one query."""
    row = Job(key=key, task=name, arguments=arguments)
    row.save(force_insert=True)
    _ring_after_commit(row)


def replan(name: str, *, key: str, run_at: dt.datetime, **arguments: Any) -> Job:
    """The work ``key`` is this, at ``run_at``. Whatever was planned, done or given up under the key is replaced, unless it is the same."""
    with transaction.atomic():
        _note(Job(key=key, task=name, arguments=arguments, run_at=run_at))
        row: Job = Job.objects.select_for_update().get(key=key)
        if (row.task, row.arguments) != (name, arguments):
            row.task, row.arguments, row.run_at = name, arguments, run_at
            row.attempts, row.problem = 0, ""
            row.sent_at = row.lease_until = row.done_at = row.failed_at = None
            row.save()
        _ring_after_commit(row)
    return row


def _note(row: Job) -> None:
    # INSERT … ON CONFLICT DO NOTHING: one query, and no failed statement that would end the caller's transaction.
    Job.objects.bulk_create([row], ignore_conflicts=True)


def _ring_after_commit(row: Job) -> None:
    if row.done_at is None and row.failed_at is None and row.run_at <= timezone.now():
        transaction.on_commit(partial(ring, row.pk))
