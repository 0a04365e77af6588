"""Work for the drills, and a nursery of workers: Django is loaded once, and each worker is a fork of it that can be killed.

Run as ``python -m tests.drills.toil``: a line on the standard input begins a worker with its own session, whose id is the answer. The
environment says which database, broker and mail folder; ``TOIL_LEASE`` shortens every lease to so many seconds.
"""

import datetime as dt
import os
import sys
import time
import uuid
from collections.abc import Iterable
from dataclasses import replace

import django
from django.db import connections, transaction

PARTS = 3  # rows that one toil writes, all or none
VERB = "accounts.user.toiled"


def toil(person: str, thing: str, seconds: float) -> None:
    """Three events about ``thing``, slowly, in one transaction; nothing when they are there."""
    from portal.accounts.models import User  # Django is loaded by then, not before
    from portal.audit.models import Event

    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=person)
        if Event.objects.filter(verb=VERB, subject_id=thing).exists():
            return
        for part in range(PARTS):
            Event.objects.create(verb=VERB, by=user, subject_type="accounts.user", subject_id=uuid.UUID(thing), codes={"part": part})
            time.sleep(seconds / PARTS)


def register() -> None:
    """Put the drill's work and its listener into the registries of this process."""
    from portal.accounts.models import User  # Django is loaded by then, not before
    from portal.audit import notices, outbox

    def teller(event: object) -> Iterable[notices.Telling]:
        for user in User.objects.filter(email__endswith="@drill.example").order_by("email"):
            yield notices.Telling(to=user, kind="toil.told", link="/workspace/")

    notices.SENTENCES["toil.told"] = "Something was done."
    notices.TELLERS["accounts.user.told"] = [teller]
    outbox.WORK["toil.toil"] = outbox.Trade(toil, dt.timedelta(minutes=1), 10_000)
    outbox.DAILY.clear()
    if "TOIL_LEASE" in os.environ:
        lease = dt.timedelta(seconds=float(os.environ["TOIL_LEASE"]))
        outbox.WORK.update({name: replace(trade, lease=lease, tries=10_000) for name, trade in outbox.WORK.items()})


def nursery() -> None:
    """Begin a worker for each line read."""
    django.setup()
    register()
    from portal.celery import app  # after the settings

    connections.close_all()
    print("ready", flush=True)
    for _line in sys.stdin:
        child = os.fork()
        if not child:
            os.setsid()
            os.dup2(2, 1)  # what Celery prints is no answer
            command = [
                "worker",
                "-B",
                "-P",
                "threads",
                "-c",
                "2",
                "-l",
                "ERROR",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ]
            app.worker_main(command)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import signal

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nursery()
