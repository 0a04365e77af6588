"""``manage.py add_erratum EDITION CODE FIELD --after … --reason … --dated …``: correct one wording of an edition in use."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.catalogue.errata import correct
from standards.catalogue.models import Edition


class Command(BaseCommand):
    """The old wording stays readable beside the new; no digest changes."""

    help = "Record a dated correction of one wording of an edition in use. The old wording stays readable."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, how, why, when."""
        parser.add_argument("edition", help="such as scs-2018")
        parser.add_argument("code", help="of the chapter, standard or indicator, such as PRI-01-a")
        parser.add_argument("field", help="such as text, statement, good_practice")
        parser.add_argument("--after", required=True, help="the new wording")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--dated", required=True, type=datetime.date.fromisoformat, help="from which day, as 2026-11-24")

    def handle(self, *args: Any, edition: str, code: str, field: str, **options: Any) -> None:
        """One act; a mistake is told and nothing written."""
        row = Edition.objects.filter(code=edition).first()
        if row is None:
            raise CommandError(f"There is no edition “{edition}”. Known: {', '.join(Edition.objects.values_list('code', flat=True))}")
        try:
            erratum = correct(row, code, field, after=options["after"], reason=options["reason"], dated=options["dated"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{erratum.item_code} {erratum.field}, {erratum.dated}\n  until now: {erratum.before}\n  from now: {erratum.after}"
        )
