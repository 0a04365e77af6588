"""``manage.py import_edition FILE``: an edition of a framework, or a crosswalk between two, from YAML. All or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import ProtectedError

from standards.catalogue import crosswalks, importing


class Command(BaseCommand):
    """Every mistake is told with file, line and how to mend it; an edition in use keeps its wording."""

    help = "Import an edition of the Standards (or a crosswalk) from YAML. Reports every mistake by line; imports all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and ``--dry-run``."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        """Read, report, write."""
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}. Give the path of a YAML file in UTF-8.") from error
        act = crosswalks.import_text if crosswalks.is_crosswalk(text) else importing.import_text
        try:
            outcome = act(text, dry_run=dry_run)
        except ProtectedError as error:
            raise CommandError("The file drops items that are in use elsewhere. Nothing was imported. Make a new edition.") from error
        for warning in outcome.findings.warnings:
            self.stderr.write(f"{file}:{warning} (a warning)")
        for problem in sorted(outcome.findings.problems, key=lambda problem: problem.line):
            self.stderr.write(f"{file}:{problem}")
        if outcome.findings.problems:
            raise CommandError(f"{len(outcome.findings.problems)} mistakes. Nothing was imported.")
        for line in outcome.differences:
            self.stderr.write(line)
        if outcome.differences:
            raise CommandError(
                f"{len(outcome.differences)} differences to an edition under which somebody was assessed. Nothing was imported. "
                "Make a new edition (a new code and year), or record an erratum: manage.py add_erratum."
            )
        self.stdout.write(outcome.done)
