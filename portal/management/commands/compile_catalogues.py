"""``manage.py compile_catalogues``: .po files of ``locale/`` become .mo files in ``var/``, without any gettext program."""

from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.languages import FIRST_RELEASE, SOURCE


class Command(BaseCommand):
    """Compiles every language, or says which file is wrong and why."""

    help = "Compile the interface texts of all languages into var/locale."
    requires_system_checks = []  # noqa: RUF012 - Django declares it so

    def handle(self, *args: Any, **options: Any) -> None:
        """Every language gets a catalogue, or ``/ti/`` would not exist; English gets an empty one."""
        for language in FIRST_RELEASE:
            target = settings.CATALOGUE_DIR / language.code / "LC_MESSAGES" / "django.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            source = settings.CATALOGUE_SOURCE / language.code / "LC_MESSAGES" / "django.po"
            if not source.exists() and language.code != SOURCE:
                raise CommandError(f"{language.name}: {source.relative_to(settings.BASE_DIR)} is missing. Run `make messages`.")
            try:
                catalogue = polib.pofile(str(source)) if source.exists() else _empty()
            except (OSError, ValueError, UnicodeDecodeError) as wrong:
                raise CommandError(f"{language.name}: {source.name} cannot be read: {wrong}") from wrong
            catalogue.save_as_mofile(str(target))
        self.stdout.write(f"  languages compiled: {len(FIRST_RELEASE)}")


def _empty() -> polib.POFile:
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=n != 1;"}
    return catalogue
