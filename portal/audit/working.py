"""Doing the jobs: claim, run, put off, give up, and ring again for those that nobody heard of."""

import datetime as dt
import logging
import traceback
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from portal.audit.bell import ring
from portal.audit.models import Job
from portal.audit.outbox import DAILY, WORK, enqueue

logger = logging.getLogger("waymark.audit")
FIRST_DELAY, LONGEST_DELAY = dt.timedelta(seconds=15), dt.timedelta(hours=1)
MORNING = dt.time(6)  # in London
AT_ONCE = 500  # rings in one sweep; the next one is half a minute away


class JobFailed(Exception):  # noqa: N818 - says what happened
    """A job did not work this time. Its text names the task and the kind of failure, never the failure's own text."""


def run(pk: UUID, at: dt.datetime | None = None) -> bool:
    """Do this job if it is due and nobody else has it. Returns whether it was done now. Raises ``JobFailed`` when it did not work."""
    at = at or timezone.now()
    row: Job | None = Job.objects.filter(pk=pk).first()
    if row is None or row.task not in WORK:
        return False  # not there any more, or not yet: an older worker leaves the work of a newer release alone
    trade = WORK[row.task]
    if not Job.objects.claim(row.pk, at, trade.lease):
        return False
    row.refresh_from_db()
    # By now another may have it, if this worker slept through its lease; or it was planned anew. Then it is not ours to close.
    ours = Job.objects.waiting().filter(pk=row.pk, attempts=row.attempts)
    try:
        trade.work(**row.arguments)
    except Exception as failure:  # noqa: BLE001 - whatever it is, the row must say so; raised again below
        problem = type(failure).__name__
        over = row.attempts >= trade.tries
        ours.update(lease_until=None, problem=problem, **({"failed_at": at} if over else {"run_at": at + delay(row.attempts)}))
        logger.warning("job %s of %s: %s at %s", row.pk, row.task, problem, _place(failure))
        raise JobFailed(f"{row.task}: {problem}") from None
    ours.update(lease_until=None, problem="", done_at=timezone.now(), progress=100)
    return True


def delay(attempts: int) -> dt.timedelta:
    """How long to wait after so many attempts: 15 s, 30 s, 1 min … an hour."""
    return min(LONGEST_DELAY, FIRST_DELAY * int(2 ** min(attempts - 1, 12)))


def sweep(at: dt.datetime | None = None) -> int:
    """Ring for what is due and unheard, close what died too often, and plan the morning's work. Returns how many were rung for."""
    at = at or timezone.now()
    plan_the_day(at)
    for name, trade in WORK.items():
        lost = Job.objects.waiting().filter(task=name, attempts__gte=trade.tries, lease_until__lt=at)
        lost.update(failed_at=at, lease_until=None, problem="Lost")  # every worker that took it died of it
    patience = dt.timedelta(seconds=2 * settings.SWEEP_SECONDS)
    rung = []
    for pk in Job.objects.unheard(at, patience).order_by("run_at").values_list("pk", flat=True)[:AT_ONCE]:
        if not ring(pk):
            break
        rung.append(pk)
    Job.objects.filter(pk__in=rung).update(sent_at=at)
    return len(rung)


def plan_the_day(at: dt.datetime) -> None:
    """Enqueue the work of this morning, from six o'clock in London on. A date has one row for each; missed dates have none."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.time() >= MORNING:
        day = local.date().isoformat()
        planned = set(Job.objects.filter(key__in=[f"day:{day}:{name}" for name in DAILY]).values_list("task", flat=True))
        for name in DAILY:
            if name not in planned:
                enqueue(name, key=f"day:{day}:{name}", day=day)


def run_due(at: dt.datetime | None = None, *, limit: int = 10_000) -> tuple[int, int]:
    """Do everything that is due here and now, without a broker, and what comes of it. Returns how many were done and how many failed."""
    done = failed = 0
    while done + failed < limit:
        moment = at or timezone.now()
        due = list(Job.objects.due(moment).filter(task__in=WORK).order_by("run_at", "created_at").values_list("pk", flat=True)[:100])
        if not due:
            break
        for pk in due:
            try:
                done += run(pk, moment)
            except JobFailed:
                failed += 1
    return done, failed


def try_again(row: Job) -> None:
    """An administrator wants a job that was given up to be tried once more, with all its attempts."""
    Job.objects.filter(pk=row.pk, failed_at__isnull=False).update(failed_at=None, attempts=0, run_at=timezone.now(), sent_at=None)
    ring(row.pk)


def _place(failure: BaseException) -> str:
    """File and line where it happened: enough to look, and no words of anybody's."""
    frames = traceback.extract_tb(failure.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
