"""The facts as this release ships them: read once from the seed file. The register in the database is the master."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where the package has it: ten times faster


def read(path: Path) -> Any:
    """A seed file of any room, parsed. Raises ``yaml.YAMLError`` with line and column when it is not YAML."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - a safe loader


def load(name: str) -> Any:
    """The seed file ``name`` of this room, parsed."""
    return read(DATA / name)


def translated_words() -> dict[str, dict[str, dict[str, str]]]:
    """Language → fact key → field → draft, of every language that has a file in ``words/``."""
    return {path.stem: load(f"words/{path.name}") for path in sorted((DATA / "words").glob("*.yaml"))}


@cache
def seeded_values() -> dict[str, str]:
    """Key → value of every shipped fact."""
    return {row["key"]: row["value"] for row in load("facts.yaml")}
