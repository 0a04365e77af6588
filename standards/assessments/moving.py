"""Which counts of a service's own transitions stand under which standard while it answers (B13). The counts: ``providers.transitions``.

They are shown to people of the service and kept nowhere: no answer, no snapshot and nothing that is sent holds one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from providers.transitions import evidence
from providers.transitions.evidence import Own
from standards.assessments.models import Assessment

FRAMEWORK = "scs"
STANDARDS: Mapping[str, tuple[str, ...]] = {
    "MOV-01": (
        "begun", "planned_in_time", "agreed", "offered", "answered_in_time", "declined",
        *(key for key in evidence.WORDS if key.startswith("declined_")), "left", "meeting", "met", "legal_missed",
    ),
    "MOV-02": ("left", "asked_7d", "asked_28d", "asked_3m", "lost", "asked_back", "taken_back"),
    "MOV-03": ("returned",),
}  # fmt: skip
ONLY_IF_ANY = ("declined_",)  # reasons that nobody gave are not listed


def counts(user: Any, assessment: Assessment, standards: Iterable[str]) -> dict[str, list[Own]]:
    """By the standard's code. One query where one of ``standards`` (codes) is about moving on, otherwise none."""
    wanted = set(STANDARDS) & set(standards)
    if not wanted or assessment.edition.framework.code != FRAMEWORK:
        return {}
    found = evidence.of_service(user, assessment.service)
    if not found or not found["begun"].count:
        return {}
    return {code: [found[key] for key in STANDARDS[code] if found[key].count or not key.startswith(ONLY_IF_ANY)] for code in sorted(wanted)}
