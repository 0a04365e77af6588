"""The chain over the events: whoever changes, removes, adds or reorders one later is found out, by its number (INT-12).

A seal holds a hash over the content of the events since the seal before, and over that one's hash. The newest hash ("head") goes to
the log and to the operators by e-mail every day: kept elsewhere, it also shows when seals were cut off or all of them made anew.
"""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from portal.audit.models import Event, Seal

logger = logging.getLogger("waymark.audit")
SETTLING = dt.timedelta(minutes=10)  # a number given out earlier may be committed later, but not later than this
SHORT = 16  # hex digits of each event's own hash kept in the seal


def canonical(event: Event) -> bytes:
    """The whole of an event, as bytes that any program can make again: JSON, sorted keys, UTC."""
    content = {
        "id": event.pk, "at": event.at.astimezone(dt.UTC).isoformat(), "by": str(event.by_id or ""), "verb": event.verb,
        "subject": [event.subject_type, str(event.subject_id)], "organisation": str(event.organisation_id or ""),
        "before": event.before, "after": event.after, "codes": event.codes,
    }  # fmt: skip
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digests(events: Iterable[Event]) -> dict[str, str]:
    """The hash of each event, by its id."""
    return {str(event.pk): hashlib.sha256(canonical(event)).hexdigest() for event in events}


def chained(previous: str, full: dict[str, str]) -> str:
    """The hash of a seal over these events, in the order of their numbers."""
    lines = [previous, *(f"{pk} {full[pk]}" for pk in sorted(full, key=int))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def seal(at: dt.datetime | None = None) -> Seal | None:
    """Close the chain over everything that has settled by ``at``. Returns the new seal, or None when nothing is new."""
    settled = (at or timezone.now()) - SETTLING
    with transaction.atomic():
        last = Seal.objects.select_for_update().order_by("-up_to").first()
        new = Event.objects.filter(pk__gt=last.up_to if last else 0)
        unsettled = new.filter(at__gt=settled).order_by("pk").values_list("pk", flat=True).first()
        full = digests(new.filter(pk__lt=unsettled) if unsettled else new)
        if not full:
            return None
        previous = last.sha256 if last else ""
        short = {pk: digest[:SHORT] for pk, digest in full.items()}
        made = Seal.objects.create(up_to=max(map(int, full)), events=short, previous=previous, sha256=chained(previous, full))
    logger.info("audit trail sealed up to event %s, head %s", made.up_to, made.sha256)
    if settings.OPERATORS:
        EmailMessage(
            subject="Waymark: head of the audit trail", body=f"{made.up_to} {made.sha256}\n", to=settings.OPERATORS,
            headers={"Message-ID": f"<seal.{made.up_to}@waymark>", "Auto-Submitted": "auto-generated"},
        ).send()  # fmt: skip
    return made


def verify(head: str = "") -> Iterator[str]:
    """What is wrong, one sentence each, naming the event. Nothing when all is well.

    ``head`` is a hash kept elsewhere: the chain must still contain it.
    """
    previous, after, seen = "", 0, set()
    for link in Seal.objects.order_by("up_to").iterator():
        full = digests(Event.objects.filter(pk__gt=after, pk__lte=link.up_to).iterator())
        wrong = list(_compare(full, link.events))
        yield from wrong
        if link.previous != previous:
            yield f"the seal up to event {link.up_to} does not follow the one before it"
        if not wrong and chained(link.previous, full) != link.sha256:
            yield f"the seal up to event {link.up_to} does not fit its events"
        previous, after = link.sha256, link.up_to
        seen.add(link.sha256)
    if head and head not in seen:
        yield f"no seal has the head {head}: seals were cut off or made anew"


def _compare(full: dict[str, str], sealed: dict[str, str]) -> Iterator[str]:
    for pk in sorted(full.keys() | sealed.keys(), key=int):
        if pk not in full:
            yield f"event {pk} is gone"
        elif pk not in sealed:
            yield f"event {pk} was added after the seal"
        elif full[pk][:SHORT] != sealed[pk]:
            yield f"event {pk} was changed"
