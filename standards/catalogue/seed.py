"""The editions that come with the portal, and how they relate. Idempotent: a file that is there already changes nothing."""

from pathlib import Path

from django.core.exceptions import ValidationError

from standards.catalogue import crosswalks, importing

DATA = Path(__file__).parent / "data"
EDITIONS = ("scs-2018.yaml", "scs-2025.yaml", "first-response.yaml")
CROSSWALKS = ("crosswalk-scs-2018-scs-2025.yaml",)


def seed() -> str:
    """Import what is missing or has changed. Raises ``ValidationError`` for a mistake in a file.

    An edition that is pinned keeps its wording: the seed says so and goes on, since it is run at every start.
    """
    done = []
    for name in (*EDITIONS, *CROSSWALKS):
        act = crosswalks.import_text if name in CROSSWALKS else importing.import_text
        outcome = act((DATA / name).read_text(encoding="utf-8"))
        if outcome.findings.problems:
            raise ValidationError([f"{name}:{problem}" for problem in outcome.findings.problems])
        done.append(f"{name}: kept, somebody was assessed under its wording" if outcome.differences else outcome.done)
    return f"standards: {'; '.join(done)}"
