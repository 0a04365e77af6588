"""``manage.py hold_mail``: after a restore from backup, keep back e-mails that went out already in the time that was lost."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.audit.models import Job


class Command(BaseCommand):
    """Gives up every e-mail that was asked for before a moment and is not sent. Each can be tried again on the page of the work."""

    help = "Hold back unsent e-mails that are older than a moment."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--before``."""
        parser.add_argument("--before", type=dt.datetime.fromisoformat, required=True, help="such as 2026-11-24T10:00, London time")

    def handle(self, *args: Any, before: dt.datetime, **options: Any) -> None:
        """Says how many."""
        moment = before if before.tzinfo else timezone.make_aware(before)
        mails = Job.objects.waiting().filter(task__in=("audit.mail_notice", "audit.mail_digest"), created_at__lt=moment)
        held = mails.update(failed_at=timezone.now(), problem="Held")
        self.stdout.write(f"{held} e-mails held back")
