"""``manage.py erase_record REFERENCE``: erase one record now, because she asked; or put it under a legal hold, or lift the hold."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.steps import WrongState
from providers.transitions import erasing, subject_access


class Command(BaseCommand):
    """Whoever runs it has made sure who asks. The audit trail says what was done; it says nothing of her."""

    help = "Erase an ended record for good, its key first. --hold keeps one for a court or a claim, --let-go lifts that."

    def add_arguments(self, parser: CommandParser) -> None:
        """The reference, and what to do."""
        parser.add_argument("reference")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--for-good", action="store_true", help="erase it; nothing brings it back")
        what.add_argument("--hold", action="store_true", help="no rule of time erases it")
        what.add_argument("--let-go", action="store_true", help="the rules of time count again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` with the reason where nothing was done."""
        row = subject_access.found(options["reference"])
        if row is None:
            raise CommandError("There is no record with this reference.")
        try:
            if options["for_good"]:
                erasing.erase(row)
            elif options["hold"]:
                row.hold(by=None)
            else:
                row.let_go(by=None)
        except (ValidationError, WrongState) as refused:
            words = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
            raise CommandError(" ".join(words)) from refused
        self.stdout.write("done")
