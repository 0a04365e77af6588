"""Erasing: what is due by the rules of data/retention.yaml, and a record for good, in an order that a crash cannot turn round (RET-07).

First the record is marked as being erased: from then on nobody finds it, on any page. Then its key is destroyed, and with it every
copy in every backup. Then its rows go. What is left in the audit trail says that there was a record and that it was erased.
Whatever breaks off in between is finished the next morning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.audit.trail import record
from portal.vault import keyring
from providers.transitions.models import Guest, SealedSection, Transition

FILE = settings.BASE_DIR / "providers/transitions/data/retention.yaml"
RECORD, CONTACT = "record", "contact"
REACHES = ("contact", "phone")  # sealed sections that say how to reach somebody, or name somebody of a service
# Children before parents. A test holds it complete: every table of this app that hangs on a transition stands here.
ROWS = (
    ("Recall", "offer__transition"), ("KeptItem", "offer__transition"), ("ConsentItem", "consent__transition"),
    ("Consent", "transition"), ("Guest", "offer__transition"), ("Question", "offer__transition"), ("Disclosure", "transition"),
    ("Attempt", "transition"), ("FollowUp", "transition"), ("Offer", "transition"), ("Check", "transition"), ("Clock", "transition"),
    ("SealedSection", "transition"), ("Responsibility", "transition"),
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """What goes, of transitions that ended how, and how many months after."""

    key: str
    removes: str
    statuses: tuple[str, ...]
    months: int


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of the file."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))["rules"]
    return tuple(Rule(rule["key"], rule["removes"], tuple(rule["statuses"]), rule["months"]) for rule in read)


def months_later(day: date, months: int) -> date:
    """The same day of a later month; the last of a shorter one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)


def due(today: date) -> Iterator[tuple[Transition, Rule]]:
    """Ended transitions whose time is over, with the rule; never one under a legal hold. The day of the end counts in London."""
    for rule in rules():
        for row in Transition.objects.filter(status__in=rule.statuses, is_held=False, closed_at__isnull=False).iterator():
            ended = timezone.localdate(row.closed_at)
            if ended < today and months_later(ended, rule.months) <= today:
                yield row, rule


def work_through(today: date) -> None:
    """Everything that is due, and first what broke off."""
    for row in Transition.objects.filter(status=Transition.Status.PURGING):
        erase(row)
    for row, rule in due(today):
        forget_contact(row) if rule.removes == CONTACT else erase(row)


def erase(row: Transition) -> None:
    """For good, everywhere. Raises ``ValidationError`` for a running one and for one that is held; then nothing was done."""
    if row.status != Transition.Status.PURGING:
        row.purge(by=None)
    keyring.destroy_key(row.pk)
    with transaction.atomic():
        for name, path in ROWS:
            model: Any = apps.get_model("transitions", name)
            model._base_manager.filter(**{path: row.pk}).delete()
        record("transitions.transition.erased", row, by=None)
        Transition._base_manager.filter(pk=row.pk).delete()


def forget_contact(row: Transition) -> None:
    """How to reach her, in every version; mailboxes of guests. Done once."""
    with transaction.atomic():
        gone, _each = SealedSection.objects.filter(transition=row, item__in=REACHES).delete()
        guests, _each = Guest.objects.filter(offer__transition=row).delete()
        if gone or guests:
            record("transitions.transition.contact_erased", row, by=None)
