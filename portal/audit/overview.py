"""How the work in the background stands, for administrators: what waits, what failed, what was done. Ids only."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from portal.audit.models import Job

SHOWN = 50  # rows of each kind
TOO_LONG = dt.timedelta(minutes=5)  # a due job that waits longer says that no worker is there


@dataclass(frozen=True)
class Overview:
    """Numbers, and the newest rows of each kind."""

    due: int
    in_hand: int
    later: int
    failed: int
    done: int  # in the last 24 hours
    is_standing_still: bool
    failures: list[Job]
    waiting: list[Job]
    finished: list[Job]


def overview(at: dt.datetime) -> Overview:
    """How it stands at ``at``. Five queries."""
    waiting = Q(done_at__isnull=True, failed_at__isnull=True)
    in_hand = waiting & Q(lease_until__gte=at)
    numbers = Job.objects.aggregate(
        due=Count("pk", filter=waiting & Q(run_at__lte=at) & (Q(lease_until__isnull=True) | Q(lease_until__lt=at))),
        in_hand=Count("pk", filter=in_hand),
        later=Count("pk", filter=waiting & Q(run_at__gt=at)),
        failed=Count("pk", filter=Q(failed_at__isnull=False)),
        done=Count("pk", filter=Q(done_at__gte=at - dt.timedelta(days=1))),
    )
    return Overview(
        **numbers,
        is_standing_still=Job.objects.due(at).filter(run_at__lt=at - TOO_LONG).exists(),
        failures=list(Job.objects.failed()[:SHOWN]),
        waiting=list(Job.objects.waiting().order_by("run_at")[:SHOWN]),
        finished=list(Job.objects.done()[:SHOWN]),
    )
