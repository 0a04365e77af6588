"""What the worker does: two Celery tasks that carry ids, and the jobs of the audit trail itself."""

import datetime as dt
import hashlib
from contextlib import suppress
from uuid import UUID

from celery.signals import celeryd_init
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from portal.audit import seals, working
from portal.audit.bell import prepare_folders
from portal.audit.mail import send
from portal.audit.models import Event, Notice, NoticeChoice
from portal.audit.notices import Telling, deliver, tell
from portal.audit.outbox import daily, enqueue, job
from portal.celery import app

FOUR_DAYS_OF_TRIES = 100  # a mail server may be away for a weekend


@app.task(name="audit.run")
def run(pk: str) -> None:
    """Do the job of this id. A failure is noted in its row and said in the log; there is nothing for Celery to add."""
    with suppress(working.JobFailed):
        working.run(UUID(pk))


@app.task(name="audit.sweep")
def sweep() -> None:
    """Ring for what nobody heard of. From beat, every half minute."""
    working.sweep()


@celeryd_init.connect
def _begin(**kwargs: object) -> None:
    prepare_folders()


@job("audit.deliver_event")
def deliver_event(event: int) -> None:
    """Tell everybody who is to be told of an event."""
    deliver(Event.objects.get(pk=event))


@job("audit.remind")
def remind(to: str, kind: str, link: str, at: str) -> None:
    """The time of a reminder has come."""
    person = get_user_model().objects.filter(pk=to, is_active=True).first()
    if person:
        once = hashlib.sha256("\n".join((to, kind, link, at)).encode()).hexdigest()
        tell(Telling(person, kind, link), once=f"remind:{once}")


@job("audit.mail_notice", tries=FOUR_DAYS_OF_TRIES)
def mail_notice(notice: str) -> None:
    """Send the e-mail of one notice, unless it was read meanwhile. The lock makes a second worker wait and see that it is sent."""
    with transaction.atomic():
        row = Notice.objects.select_for_update(of=("self",)).select_related("to").filter(pk=notice).first()
        if row and row.mailed_at is None and row.read_at is None and row.to.is_active:
            send(row.to, f"/workspace/notices/{row.pk}/", name=f"notice.{row.pk}")
            row.mailed_at = timezone.now()
            row.save(update_fields=["mailed_at"])


@daily("audit.digests")
def digests(day: str) -> None:
    """One e-mail for each person who wants one a day and has something new."""
    news = Notice.objects.unread().filter(mailed_at__isnull=True, to__is_active=True, to__notice_choice__mail=NoticeChoice.Mail.DAILY)
    for person in news.order_by("to").values_list("to", flat=True).distinct():
        enqueue("audit.mail_digest", key=f"digest:{person}:{day}", to=str(person), day=day)


@job("audit.mail_digest", tries=FOUR_DAYS_OF_TRIES)
def mail_digest(to: str, day: str) -> None:
    """Send one person the morning's e-mail, if there still is something new."""
    with transaction.atomic():
        choice = NoticeChoice.objects.select_for_update(of=("self",)).select_related("user").get(pk=UUID(to))
        news = Notice.objects.unread().filter(to=UUID(to), mailed_at__isnull=True, created_at__lt=day_after(day))
        if choice.user.is_active and news.exists():
            send(choice.user, "/workspace/notices/", name=f"digest.{to}.{day}")
            news.update(mailed_at=timezone.now())


def day_after(day: str) -> dt.datetime:
    """The first moment after an ISO date, local time."""
    return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(day) + dt.timedelta(days=1), dt.time.min))


@daily("audit.seal")
def seal(day: str) -> None:
    """Close the chain over the events until now."""
    seals.seal()
