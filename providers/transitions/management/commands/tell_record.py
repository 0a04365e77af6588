"""``manage.py tell_record REFERENCE``: everything that is kept about one person, as JSON, for an answer to her request."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.audit.trail import record
from providers.transitions import subject_access


class Command(BaseCommand):
    """Prints it, and writes into the audit trail that it was told."""

    help = "Print everything about the person with this reference. Hand it to her in a safe way; keep no copy."

    def add_arguments(self, parser: CommandParser) -> None:
        """The reference."""
        parser.add_argument("reference")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` where there is no such record."""
        row = subject_access.found(options["reference"])
        if row is None:
            raise CommandError("There is no record with this reference.")
        self.stdout.write(json.dumps(subject_access.everything(row), ensure_ascii=False, indent=1))
        record("transitions.transition.told", row, by=None)
