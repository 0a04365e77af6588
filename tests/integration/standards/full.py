"""An assessment with a value of its own in every field that anybody can fill: the canaries of the export tests."""

from datetime import UTC, date, datetime

from portal.accounts.roles import Role
from providers.organisations.models import Organisation
from standards.actions.models import Source
from standards.actions.planning import give_reason
from standards.assessments.models import Answer, EvidenceUse, Remark, Section
from standards.evidence.models import Evidence, EvidenceFile
from tests.integration.standards import plans

ILLEGAL = "\x0b\x1f\ufffe"
FORMULA = "=HYPERLINK(1)"


class Full:
    """An assessment with a value of its own in every field that anybody can fill."""

    def __init__(self) -> None:
        harbour = plans.provider("Canaryorganisation")
        self.service = plans.service_of(harbour, name="Canaryservice")
        self.mary, self.joe = plans.person("Canarymary", harbour, Role.MANAGER), plans.person("Canaryjoe", harbour)
        self.edition = plans.edition_of(critical=1, indicators=3)
        self.edition.provenance = "Canaryprovenance"
        self.edition.save()
        self.canaries = {
            "Canaryorganisation", "Canaryservice", "Canarymary", "Canaryjoe", "Canaryprovenance", "Canarytitle", self.edition.code,
        }  # fmt: skip
        self.assessment = plans.assessment_of(
            self.service, self.edition, self.mary, due_on=date(2031, 7, 11), created_at=datetime(2026, 1, 5, 12, tzinfo=UTC)
        )
        self.assessment.title = "Canarytitle"
        self.assessment.save()
        self.canaries |= {"11 July 2031"}
        for at, chapter in enumerate(self.edition.chapters.all()):
            chapter.title, chapter.provenance_note = self.canary(f"chapter{at}"), self.canary(f"note{at}")
            chapter.save()
            Remark.objects.create(
                assessment=self.assessment, organisation_id=harbour.pk, chapter=chapter, text=self.canary(f"chapterremark{at}"), by=self.joe
            )
        self.teamwork(harbour)
        values = ("not_met", "partly_met", "mostly_met", "fully_met", "not_applicable", "fully_met")
        answers = self.assessment.answers.order_by("indicator__code")
        for at, (answer, value) in enumerate(zip(answers, values, strict=True)):
            self.answer(at, answer, value)

    def teamwork(self, harbour: Organisation) -> None:
        chapter = self.edition.chapters.get(code="PRI")
        Section.objects.create(
            organisation_id=harbour.pk,
            assessment=self.assessment,
            chapter=chapter,
            to=self.joe,
            given_by=self.mary,
            due_on=date(2032, 8, 12),
        )
        self.canaries.add("12 August 2032")
        Remark.objects.create(
            assessment=self.assessment, organisation_id=harbour.pk, text=self.canary("wholeremark"), by=self.mary, settled_by=self.joe,
            settled_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
        )  # fmt: skip
        self.canaries.add("4 May 2026")

    def canary(self, name: str) -> str:
        self.canaries.add(f"Canary{name}")
        return f"Canary{name}"

    def answer(self, at: int, answer: Answer, value: str) -> None:
        answer.indicator.text = self.canary(f"text{at}")
        answer.indicator.save()
        standard = answer.indicator.standard
        standard.title, standard.statement = self.canary(f"standard{standard.code}"), self.canary(f"statement{standard.code}")
        standard.save()
        answer.value, answer.comment = value, f"{FORMULA} {self.canary(f'comment{at}')}{ILLEGAL}\n@second line"
        answer.confidence, answer.version, answer.answered_by = "document", at + 40, self.joe
        answer.answered_at = datetime(2026, 3, at + 1, 12, tzinfo=UTC)
        self.canaries.add(f"{at + 1} March 2026")
        answer.save()
        evidence = Evidence.objects.create(
            organisation=self.service.organisation, kind="survivor_voice", title=self.canary(f"evidence{at}"),
            shows=self.canary(f"shows{at}"),
            reference=self.canary(f"reference{at}"), period_start=date(2025, 1, at + 1), period_end=date(2025, 2, at + 1),
            review_on=date(2033, 4, at + 1), is_anonymised=True, created_by=self.mary,
        )  # fmt: skip
        self.canaries |= {f"{at + 1} January 2025", f"{at + 1} February 2025", f"{at + 1} April 2033"}
        EvidenceFile.objects.create(
            evidence=evidence, number=1, shown_name=self.canary(f"file{at}.pdf"), media_type="application/pdf", size=43210 + at,
            sha256=f"{at}" * 64, added_by=self.mary,
        )  # fmt: skip
        self.canaries |= {str(43210 + at), f"{at}" * 64}
        EvidenceUse.objects.create(answer=answer, evidence=evidence, added_by=self.mary)
        plans.action_of(
            self.service, self.mary, what=self.canary(f"what{at}"), source=Source.ANSWER, source_id=answer.pk,
            completion=self.canary(f"how{at}"),
            returned_reason=self.canary(f"missing{at}"), start_on=date(2026, 1, at + 1), due_on=date(2034, 9, at + 1), status="verified",
            done_by=self.joe, verified_by=self.mary, done_at=datetime(2026, 6, at + 1, 12, tzinfo=UTC),
            verified_at=datetime(2026, 7, at + 1, 12, tzinfo=UTC), cancelled_reason=self.canary(f"cancelled{at}"),
        )  # fmt: skip
        self.canaries |= {f"{at + 1} January 2026", f"{at + 1} September 2034", f"{at + 1} June 2026", f"{at + 1} July 2026"}
        give_reason(self.service, Source.ANSWER, answer.pk, self.canary(f"reason{at}"), base=0, by=self.mary)
        Remark.objects.create(
            assessment=self.assessment,
            organisation_id=self.service.organisation_id,
            answer=answer,
            text=self.canary(f"remark{at}"),
            by=self.joe,
        )
