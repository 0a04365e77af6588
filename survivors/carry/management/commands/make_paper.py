"""Writes the guide as files for printing and for reading without internet, one pair for each language."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.cms import pagecache
from portal.languages import BY_CODE
from survivors.carry import press


class Command(BaseCommand):
    """``make_paper``: all languages whose copy is missing or older than the site; ``--language`` for one, however old."""

    help = "Write the guide as PDF and HTML, one pair for each language, into the folder paper/."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One language."""
        parser.add_argument("--language", choices=list(BY_CODE), help="only this one, also when it is not older than the site")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is to be made, and say how large it is. Pages that name the files are rendered anew."""
        chosen = [BY_CODE[options["language"]]] if options["language"] else list(BY_CODE.values())
        for language in chosen:
            old = press.copy_of(language)
            if old and not old.is_older and not options["language"]:
                self.stdout.write(f"{language.code}: as it was")
                continue
            start = time.monotonic()
            try:
                copy = press.make(language)
            except OSError as missing:
                raise CommandError(f"{missing}\nThe libraries it needs on Debian: {press.PACKAGES}") from missing
            pagecache.clear()
            spent = time.monotonic() - start
            self.stdout.write(f"{language.code}: {copy.pages} pages, PDF {copy.pdf_kb} kB, HTML {copy.html_kb} kB, {spent:.0f} s")
