"""``manage.py load_regimes --for NAME [FILE]``: the regimes of an inspectorate, from YAML. All or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.roles import Kind
from providers.organisations.models import Organisation
from standards.inspections import regimes


class Command(BaseCommand):
    """Every mistake is told with its line; a regime that was used keeps its rules."""

    help = "Load the regimes of an inspectorate from YAML (those that come with Waymark by default). Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose they are, and the file."""
        parser.add_argument("--for", dest="inspectorate", required=True, help="the name of the inspectorate, as Waymark shows it")
        parser.add_argument("file", type=Path, nargs="?", default=regimes.FILE)

    def handle(self, *args: Any, inspectorate: str, file: Path, **options: Any) -> None:
        """Raises ``CommandError`` for an unknown inspectorate and for mistakes in the file."""
        owner = Organisation.objects.filter(kind=Kind.INSPECTORATE, name=inspectorate).first()
        if owner is None:
            names = ", ".join(Organisation.objects.filter(kind=Kind.INSPECTORATE).values_list("name", flat=True))
            raise CommandError(f"There is no inspectorate “{inspectorate}”. Known: {names or 'none'}.")
        try:
            outcome = regimes.load(file.read_text(encoding="utf-8"), owner)
        except OSError as wrong:
            raise CommandError(f"{file} cannot be read: {wrong.strerror}") from wrong
        if outcome.findings.problems:
            raise CommandError("\n".join(f"{file.name}:{problem}" for problem in outcome.findings.problems))
        self.stdout.write(f"regimes: {outcome}")
