"""How long the files of a full assessment take: 120 answers, texts, evidence and actions. Prints a table; the bar is 5 s for the PDF."""

import time
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command

from portal.accounts.roles import Role
from standards.actions.models import Source
from standards.assessments.exports import making
from standards.assessments.exports.gathering import document_for
from standards.assessments.models import Answer, Assessment, EvidenceUse
from standards.catalogue.models import Edition
from standards.evidence.models import Evidence, EvidenceFile
from tests.integration.standards import plans

pytestmark = pytest.mark.django_db
TEXT = "Two survivors on the panel read the procedure and changed its second part; the night staff were trained in May. " * 4
RUNS = 3


def full_assessment() -> tuple[Assessment, Any]:
    """All 120 indicators of the 2018 edition answered with 450 characters, an item of evidence for each, an action for every fourth."""
    if not Edition.objects.filter(code="scs-2018").exists():
        call_command("seed", verbosity=0)
    edition = Edition.objects.get(code="scs-2018")
    harbour = plans.provider()
    mary, service = plans.person("mary", harbour, Role.MANAGER), plans.service_of(harbour, "safehouse")
    row = plans.assessment_of(service, edition, mary, values="mostly_met")
    Answer.objects.filter(assessment=row).update(comment=TEXT, confidence="document")
    for at, answer in enumerate(row.answers.all()):
        evidence = Evidence.objects.create(
            organisation=harbour, kind="policy", title=f"Procedure {at}", shows=TEXT[:200], period_start=date(2026, 1, 1),
            period_end=date(2026, 6, 30), review_on=date(2027, 1, 1), created_by=mary,
        )  # fmt: skip
        EvidenceFile.objects.create(
            evidence=evidence, number=1, shown_name="procedure.pdf", media_type="application/pdf", size=1000, sha256="a" * 64, added_by=mary
        )
        EvidenceUse.objects.create(answer=answer, evidence=evidence, added_by=mary)
        if at % 4 == 0:
            plans.action_of(service, mary, source=Source.ANSWER, source_id=answer.pk)
    return row, mary


def test_files_of_a_full_assessment(capsys: pytest.CaptureFixture[str]) -> None:
    row, mary = full_assessment()
    lines = [f"\n{row.answers.count()} answers\n{'format':8} {'seconds':>8} {'kB':>7}"]
    taken: dict[str, float] = {}
    for kind in making.KINDS.values():
        times = []
        for _run in range(RUNS):
            begun = time.perf_counter()
            content = kind.make(document_for(row, mary), row.pk)
            times.append(time.perf_counter() - begun)
        taken[kind.ending] = sorted(times)[RUNS // 2]
        lines.append(f"{kind.ending:8} {taken[kind.ending]:8.2f} {len(content) // 1000:7}")
    with capsys.disabled():
        print("\n".join(lines))
    assert taken["pdf"] <= 5
