"""``manage.py check_translations``: what a machine can see is wrong in any language, in pages and in short texts."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from modeltranslation.translator import translator
from wagtail.models import Page
from wagtail_localize.models import Translation

from portal.cms.models.pages import BasePage
from portal.cms.signing import faults
from portal.cms.translation_checks import problems
from portal.languages import BY_CODE, SOURCE


class Command(BaseCommand):
    """Lists every fault with its place; fails when there is one."""

    help = "Find sentences that are untranslated, doubled, cut off, in the wrong script, or with other facts or numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        """Languages to look at; all by default."""
        parser.add_argument("languages", nargs="*", choices=[*BY_CODE, []], default=[])

    def handle(self, *args: Any, languages: list[str], **options: Any) -> None:
        """Pages first, then short texts."""
        wanted = set(languages or BY_CODE) - {SOURCE}
        found = list(_pages(wanted)) + list(_texts(wanted))
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} faults")
        self.stdout.write(f"no fault found in {', '.join(sorted(wanted))}")


def _pages(languages: set[str]) -> Iterator[str]:
    for translation in Translation.objects.filter(target_locale__language_code__in=languages).select_related("target_locale"):
        page = translation.get_target_instance()
        if isinstance(page, Page) and isinstance(page.specific, BasePage) and page.specific.english:
            for english, own, fault in faults(page, page.specific.english):
                yield f"{page.locale.language_code} {page.slug}: {fault}\n    {english[:90]}\n    {own[:90]}"


def _texts(languages: set[str]) -> Iterator[str]:
    for model in apps.get_models():
        if not hasattr(model, "WORDS") or model not in translator.get_registered_models():
            continue
        for thing in model._default_manager.all():
            for field in model.WORDS:
                english = getattr(thing, f"{field}_{SOURCE}") or ""
                for code in sorted(languages):
                    own = getattr(thing, f"{field}_{code}") or ""
                    for fault in problems(english, own, code) if own else ():
                        yield f"{code} {model.__name__} {thing}: {field}: {fault}\n    {english[:90]}\n    {own[:90]}"
