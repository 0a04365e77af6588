"""``manage.py seed``: first data of every room, in the order of INSTALLED_APPS. Safe to repeat."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation


class Command(BaseCommand):
    """Runs ``seed()`` of every app that has a ``seed`` module, and ``demo()`` with ``--demo``."""

    help = "Create locales, facts, pages and terms that are missing. With --demo also demo people. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--demo`` and ``--languages``."""
        parser.add_argument("--languages", nargs="+", default=[], help="drafts in these languages only, such as ar; all by default")
        parser.add_argument("--demo", action="store_true", help="also people to sign in as; refused outside demo mode")

    def handle(self, *args: Any, demo: bool = False, languages: Sequence[str] = (), **options: Any) -> None:
        """All or nothing."""
        if demo and not settings.DEMO:
            raise CommandError("Demo people have known passwords: set WAYMARK_DEMO=1, which serves localhost only.")
        with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            for config in apps.get_app_configs():
                name = f"{config.name}.seed"
                if not config.name.startswith(("portal", "survivors", "providers", "standards")) or not find_spec(name):
                    continue
                module = import_module(name)
                for step in ("seed", *(["demo"] if demo else [])):
                    if run := getattr(module, step, None):
                        wanted = {"languages": languages} if languages and "languages" in signature(run).parameters else {}
                        self.stdout.write(f"  {run(**wanted)}")
