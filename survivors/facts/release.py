"""The facts as this release ships them: read once from the seed file. The register in the database is the master."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


def load(name: str) -> Any:
    """The seed file ``name`` of this room, parsed."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader, written in C


def translated_words() -> dict[str, dict[str, dict[str, str]]]:
    """Language → fact key → field → draft, of every language that has a file in ``words/``."""
    return {path.stem: load(f"words/{path.name}") for path in sorted((DATA / "words").glob("*.yaml"))}


@cache
def seeded_values() -> dict[str, str]:
    """Key → value of every shipped fact."""
    return {row["key"]: row["value"] for row in load("facts.yaml")}
