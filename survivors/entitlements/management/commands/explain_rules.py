"""``manage.py explain_rules``: what the rules say to every example person, or what a change of the rules does to them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser

from survivors.entitlements.rules import DATA, FactError, Outcome, RuleBook, parse, rule_book

KINDS = ("gives", "may", "warn")


class Command(BaseCommand):
    """For the review of a changed ``data/rules.yaml``: goes into the description of the change."""

    help = "Print what every example person gets, can ask for and is warned of; with --against only what differs from another rules file."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--against``."""
        parser.add_argument("--against", type=Path, metavar="FILE", help="rules as they were before: + is new, - is gone")

    def handle(self, *args: Any, against: Path | None = None, **options: Any) -> None:
        """One paragraph for each person."""
        before = _read(against) if against else None
        people = dict(_people())
        told = 0
        for name, facts in people.items():
            try:
                lines = list(_changes(before.decide(facts), rule_book().decide(facts)) if before else _all(rule_book(), facts))
            except FactError as wrong:
                raise CommandError(f"{name}: {wrong}") from wrong
            if lines:
                told += 1
                self.stdout.write("\n".join([name, *lines]))
        if before:
            self.stdout.write(f"{told} of {len(people)} example people see a difference.")


def _read(path: Path) -> RuleBook:
    try:
        return parse(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValueError, KeyError, TypeError) as wrong:
        raise CommandError(f"{path} cannot be used as rules: {wrong!r}") from wrong


def _people() -> Iterator[tuple[str, Mapping[str, object]]]:
    data = yaml.safe_load((DATA / "examples.yaml").read_text(encoding="utf-8"))
    for row in data["personas"]:
        yield f"{row['id']} {row['title']}", row["facts"]
    for row in data["cases"]:
        facts = ", ".join(f"{name} {value}" for name, value in row["facts"].items())
        yield f"{row['id']} {facts or 'nothing answered'}", row["facts"]


def _all(book: RuleBook, facts: Mapping[str, object]) -> Iterator[str]:
    outcome = book.decide(facts)
    for kind in KINDS:
        for item in getattr(outcome, kind):
            rules = ", ".join(f"{rule.id} {rule.confidence}" for rule in outcome.because[item])
            yield f"  {kind:<5} {item} ({rules})"


def _changes(before: Outcome, after: Outcome) -> Iterator[str]:
    for kind in KINDS:
        old, new = getattr(before, kind), getattr(after, kind)
        yield from (f"  {kind:<5} - {item}" for item in old if item not in new)
        yield from (f"  {kind:<5} + {item}" for item in new if item not in old)
