"""The outbox: work is a row first, written with the change that wants it; the broker only rings the bell."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.audit.models import Job

Work = Callable[..., None]
WORK: dict[str, tuple[Work, int]] = {}


def job(name: str, *, lease: int = 120) -> Callable[[Work], Work]:
    """Register a function as the work called ``name``. It must be idempotent; ``lease`` seconds exceed its longest run.

    It is called with the arguments given to ``enqueue``, by name. Raising means: try again later.
    """

    def register(function: Work) -> Work:
        WORK[name] = (function, lease)
        return function

    return register


def enqueue(name: str, *, key: str, run_at: datetime | None = None, **arguments: Any) -> Job:
    """Note that ``name`` must happen, at ``run_at`` or now. The same ``key`` twice is one job. Ids and codes only."""
    row, _new = Job.objects.get_or_create(key=key, defaults={"task": name, "arguments": arguments, "run_at": run_at or timezone.now()})
    return row
