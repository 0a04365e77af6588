"""Who is told of what, in which words. Each noun says its own in a module ``notices.py``, which is imported at start-up.

    # standards/assessments/notices.py
    from portal.audit.models import Event
    from portal.audit.notices import Telling, forget, on, remind, say

    say("assessments.sent_for_review", _("An assessment waits for your review."))
    say("assessments.review_soon", _("A review is due in a week."))

    @on("assessments.assessment.submit")
    def sent_for_review(event: Event) -> Iterable[Telling]:
        assessment = Assessment.objects.get(pk=event.subject_id)
        for person in approvers(assessment):
            yield Telling(to=person, kind="assessments.sent_for_review", link=reverse("assessments:detail", args=[assessment.pk]))

``on`` names one verb or several. The function runs in the worker, soon after the event, perhaps more than once: it only reads
and tells. What else hangs on an event (a PDF) it may ``enqueue`` with a key made of ids. It need not leave out who did it: nobody is
told of their own act.

A kind is a sentence from this fixed list, without names or numbers; it must be said before it is told, or ``manage.py check``
and the start fail. The link is a path of ours. The page shows the sentence; the e-mail says only that something waits, and where.

Reminders, inside the transaction of the change that sets the date:

    remind("actions.due_soon", to=owner, link=link, at=action.due_on - timedelta(days=7), key=f"action:{action.pk}:due")
    forget(f"action:{action.pk}:due")

``at`` is a date (its morning, seven o'clock in London) or a time, moved out of the quiet hours. The same ``key`` again with another
date, person or kind replaces what was planned, also when the earlier reminder has gone out already; with the same values it does
nothing. ``forget`` when the thing is done. A time that has passed is told at once: leave it out if that is not wanted.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.models import Event, Job, Notice, NoticeChoice
from portal.audit.outbox import enqueue, replan

DAY_BEGINS, DAY_ENDS = dt.time(7), dt.time(20)  # local; reminders are not sent at night (C47)


@dataclass(frozen=True)
class Telling:
    """``to`` is told the sentence of ``kind``, which leads to ``link``, a path of ours."""

    to: Any
    kind: str
    link: str


Teller = Callable[[Event], Iterable[Telling]]
TELLERS: dict[str, list[Teller]] = {}
SENTENCES: dict[str, Any] = {}


def on(*verbs: str) -> Callable[[Teller], Teller]:
    """Register a function that says who is told of events with these verbs (``app.model.step``)."""

    def register(teller: Teller) -> Teller:
        for verb in verbs:
            TELLERS.setdefault(verb, []).append(teller)
        return teller

    return register


def say(kind: str, sentence: Any) -> None:
    """Put the lazily translated ``sentence`` into the catalogue. A kind has one sentence: a second one is a ``ValueError``."""
    if SENTENCES.get(kind, sentence) != sentence:
        raise ValueError(f"the kind {kind} has a sentence already")
    SENTENCES[kind] = sentence


def tell(telling: Telling, *, once: str, event: Event | None = None) -> Notice:
    """Write one person's notice, and plan the e-mail they chose. ``once`` names this telling: again, it does nothing.

    Raises ``LookupError`` for a kind without a sentence, ``ValueError`` for a link that leads away from here.
    """
    if telling.kind not in SENTENCES:
        raise LookupError(telling.kind)
    if not telling.link.startswith("/") or telling.link.startswith("//"):
        raise ValueError("a notice leads to a path of ours")
    with transaction.atomic():
        notice, is_new = Notice.objects.get_or_create(
            once=once[:250], defaults={"to": telling.to, "event": event, "kind": telling.kind, "link": telling.link}
        )
        if is_new and NoticeChoice.of(telling.to) == NoticeChoice.Mail.AT_ONCE:
            enqueue("audit.mail_notice", key=f"notice:{notice.pk}", notice=str(notice.pk))
    return notice


def remind(kind: str, *, to: Any, link: str, at: dt.datetime | dt.date, key: str) -> Job:
    """Plan that ``to`` is told ``kind`` at that time, instead of whatever ``key`` stood for until now."""
    if kind not in SENTENCES:
        raise LookupError(kind)
    when = by_day(at if isinstance(at, dt.datetime) else morning_of(at))
    return replan("audit.remind", key=f"remind:{key}", run_at=when, to=str(to.pk), kind=kind, link=link, at=when.isoformat())


def forget(key: str) -> None:
    """The thing is done or gone: its reminder does not go out."""
    Job.objects.waiting().filter(key=f"remind:{key}").delete()


def morning_of(day: dt.date) -> dt.datetime:
    """Seven o'clock in London on that day, summer and winter."""
    return dt.datetime.combine(day, DAY_BEGINS, tzinfo=ZoneInfo(settings.TIME_ZONE))


def by_day(at: dt.datetime) -> dt.datetime:
    """``at``, or the next morning when it lies in the quiet hours."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.time() < DAY_BEGINS:
        return morning_of(local.date())
    return at if local.time() < DAY_ENDS else morning_of(local.date() + dt.timedelta(days=1))


def deliver(event: Event) -> int:
    """Tell everybody who is to be told of ``event``, each apart from the others (C22). Returns how many. Again, it does nothing."""
    told = 0
    for teller in TELLERS.get(event.verb, ()):
        for telling in teller(event):
            if telling.to.pk != event.by_id:
                tell(telling, once=f"event:{event.pk}:{telling.kind}:{telling.to.pk}", event=event)
                told += 1
    return told


def sentence_of(kind: str) -> str:
    """The sentence of a kind, in the language of now. One of an older release says less."""
    return str(SENTENCES.get(kind) or _("Something happened that you should look at."))


def mark_read(user: Any, notice: UUID | None = None) -> int:
    """Opened now: one notice of this person's, or all of them. Returns how many changed."""
    unread = Notice.objects.visible_to(user).unread()
    return int((unread.filter(pk=notice) if notice else unread).order_by().update(read_at=timezone.now()))
