"""What still stands between an inspection and its approved judgements, and the name (a hash) of what would be approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.hashing import digest as digest_of

STEPS = {"not_met": 0, "partly_met": 1, "mostly_met": 2, "met": 3}
NOT_INSPECTED = "not_inspected"


@dataclass(frozen=True)
class Problem:
    """Something that is missing. ``kind`` for programs, ``about`` the code of a standard, key question or finding, ``words`` for people."""

    kind: str
    about: str
    words: str

    def __str__(self) -> str:
        return f"{self.about}: {self.words}" if self.about else self.words


def apart(ours: str, own: str) -> int:
    """How many steps of the scale lie between two judgements; 0 where one of them says nothing."""
    return abs(STEPS[ours] - STEPS[own]) if ours in STEPS and own in STEPS else 0


def problems(inspection: Any) -> list[Problem]:
    """Everything that is missing, in reading order. A fixed number of queries, however many findings there are."""
    standards = list(inspection.standards())
    judgements = {row.standard_id: row for row in inspection.judgements.all()}
    findings = list(inspection.findings.values("code", "status", "standard"))
    found = [problem for standard in standards for problem in _of_standard(standard, judgements.get(standard.pk), findings)]
    found += [Problem("draft", row["code"], _("is still a draft: agree it or withdraw it")) for row in findings if row["status"] == "draft"]
    found += _of_key_questions(inspection, standards)
    waiting = inspection.blind_views.filter(at__isnull=True).count()
    if waiting:
        found.append(Problem("blind", "", _("Findings that wait for a second, blind view: %d") % waiting))
    remarks = inspection.review_remarks.filter(settled_at__isnull=True).count()
    if remarks:
        found.append(Problem("remarks", "", _("Remarks that are not settled: %d") % remarks))
    return found


def _of_standard(standard: Any, judgement: Any, findings: list[dict[str, Any]]) -> Iterator[Problem]:
    if judgement is None:
        yield Problem("unjudged", standard.code, _("has no judgement yet"))
        return
    has_finding = any(row["standard"] == standard.pk and row["status"] == "agreed" for row in findings)
    if judgement.value != NOT_INSPECTED and not has_finding:
        yield Problem("no_finding", standard.code, _("is judged without a finding that the team agreed"))
    if apart(judgement.value, judgement.own_value) >= 2 and not judgement.difference.strip():
        yield Problem("difference", standard.code, _("is two steps from the provider’s own view: say why"))


def _of_key_questions(inspection: Any, standards: list[Any]) -> Iterator[Problem]:
    narratives = {row.key_question: row for row in inspection.narratives.all()}
    titles = {row["code"]: row["title"] for row in inspection.regime.edition.key_questions}
    for code in dict.fromkeys(standard.key_question for standard in standards):
        row = narratives.get(code)
        if row is None or not row.text.strip():
            yield Problem("narrative", titles.get(code, code), _("has no narrative yet"))
        elif inspection.regime.uses_ratings and not row.rating:
            yield Problem("rating", titles.get(code, code), _("has no rating yet"))


def digest(inspection: Any) -> str:
    """The name of everything that an approval covers: it changes with any word of it."""
    judgements = inspection.judgements.order_by("standard__code").values_list(
        "standard__code", "value", "reason", "difference", "own_value"
    )
    narratives = inspection.narratives.order_by("key_question").values_list("key_question", "text", "rating", "rating_reason")
    findings = inspection.findings.order_by("code").values_list(
        "code", "status", "kind", "text", "evidence", "severity", "likelihood", "standard__code"
    )
    return digest_of({"judgements": list(judgements), "narratives": list(narratives), "findings": list(findings)})


def is_approved(inspection: Any) -> bool:
    """Whether the last approval covers exactly what stands now."""
    last = inspection.approvals.first()
    return last is not None and last.sha256 == digest(inspection)
