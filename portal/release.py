"""Which release this is. The changelog is the single source: its newest ``## [x.y.z]`` heading."""

import re
from pathlib import Path

HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+)\]", re.MULTILINE)


def version(changelog: Path) -> str:
    """The newest version in ``changelog``. Raises ``ValueError`` when it names none."""
    found = HEADING.search(changelog.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{changelog.name} names no version: write a heading like '## [1.2.3] - 2026-11-22'")
    return found.group(1)
