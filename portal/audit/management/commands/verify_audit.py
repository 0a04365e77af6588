"""``manage.py verify_audit``: has anybody changed, removed, added or reordered what happened?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.audit.models import Event, Seal
from portal.audit.seals import verify


class Command(BaseCommand):
    """Walks the chain of seals. Ends with 1 and one line for each fault, or says how far it reaches."""

    help = "Check the chain of seals over the audit trail."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--head``."""
        parser.add_argument("--head", default="", help="a head kept elsewhere (log, e-mail): the chain must still contain it")

    def handle(self, *args: Any, head: str = "", **options: Any) -> None:
        """Raises ``CommandError`` when something is wrong."""
        faults = list(verify(head))
        if faults:
            raise CommandError("\n".join(faults))
        last = Seal.objects.order_by("-up_to").first()
        reach = last.up_to if last else 0
        open_end = Event.objects.filter(pk__gt=reach).count()
        self.stdout.write(f"all well up to event {reach}; {open_end} events are newer than the last seal")
        self.stdout.write(f"head {last.sha256 if last else '-'}")
