"""``manage.py draw_steps``: the states and steps of every record, drawn from the code into docs/steps.md."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from portal.steps import Stepped

TARGET = Path("docs/steps.md")
HEAD = """# States and steps

Drawn from the code by `manage.py draw_steps`; a test holds it in step. A status changes by these steps alone. A grave step (!) asks for
confirmation and a recent sign-in.
"""


class Command(BaseCommand):
    """Writes the drawing, or with ``--check`` says whether it is the code's."""

    help = "Draw the states and steps of every record into docs/steps.md."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check``."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the drawing is out of date")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Raises ``CommandError`` when ``--check`` finds a difference."""
        path, text = settings.BASE_DIR / TARGET, drawing()
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            raise CommandError(f"{TARGET} is not what the code says: run manage.py draw_steps")
        if not check:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{TARGET} is drawn")


def drawing() -> str:
    """The whole file, in English."""
    with translation.override(settings.LANGUAGE_CODE):
        models = sorted((model for model in apps.get_models() if issubclass(model, Stepped)), key=lambda model: model._meta.label)
        return HEAD + "".join("\n".join(_section(model)) for model in models)


def _section(model: type[Stepped]) -> Iterator[str]:
    words = dict(getattr(model._meta.get_field("status"), "flatchoices", ()))
    steps = sorted(model.STEPS.values(), key=lambda step: step.name)
    yield f"\n## {str(model._meta.verbose_name).capitalize()} (`{model._meta.label}`)\n"
    yield "```mermaid\nstateDiagram-v2"
    yield from (f"    {state}: {word}" for state, word in words.items())
    for step in steps:
        yield from (f"    {source} --> {step.to or source}: {step.name}{' !' if step.is_grave else ''}" for source in sorted(step.sources))
    yield "```\n"
    yield "| step | in words | from | to | who may |\n|---|---|---|---|---|"
    for step in steps:
        before = ", ".join(sorted(step.sources))
        name = f"`{step.name}`{' !' if step.is_grave else ''}"
        after = step.to or ("where it was" if step.back else "unchanged")
        yield f"| {name} | {step.label} | {before} | {after} | `{getattr(step.may, '__name__', step.may)}` |"
    yield ""
