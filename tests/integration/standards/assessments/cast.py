"""One provider with a finished draft, its rival, an inspectorate, and everybody who acts on them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.actions.models import NoActionReason, Source
from standards.assessments.models import Answer, Assessment, EvidenceUse
from standards.catalogue.models import Edition
from standards.evidence.models import Evidence
from tests import builders
from tests.integration.standards import plans


@dataclass
class Cast:
    """A draft that may be sent: the assessor answered everything, two critical gaps have reasons."""

    provider: Organisation
    rival: Organisation
    inspectorate: Organisation
    manager: User
    assessor: User
    reader: User
    rival_manager: User
    inspector: User
    stranger: User
    service: Service
    edition: Edition
    row: Assessment

    def client(self, name: str) -> Client:
        """The browser of one of them."""
        return builders.sign_in(plans.fresh(getattr(self, name)))

    def now(self) -> Assessment:
        """The assessment as the database has it, with nothing remembered."""
        return Assessment.objects.get(pk=self.row.pk)

    def who(self, name: str) -> User:
        """The person as the next request loads them."""
        return plans.fresh(getattr(self, name))

    def send(self) -> Assessment:
        """Sent by the assessor."""
        self.now().submit(by=self.who("assessor"))
        return self.now()

    def approve(self) -> Assessment:
        """Sent and approved."""
        if self.now().status == "draft":
            self.send()
        self.now().approve(by=self.who("manager"))
        return self.now()

    def share(self) -> Assessment:
        """Approved and shared with the inspectorate."""
        if self.now().status in ("draft", "in_review"):
            self.approve()
        self.now().share([self.inspectorate], by=self.who("manager"))
        return self.now()


def cast(indicators: int = 3) -> Cast:
    """Everybody, and the draft."""
    provider, rival = builders.organisation(), builders.organisation()
    inspectorate = builders.organisation(Kind.INSPECTORATE)
    people: dict[str, Any] = {
        "manager": builders.member(provider, Role.MANAGER, first_name="Mara"),
        "assessor": builders.member(provider, Role.ASSESSOR, first_name="Asha"),
        "reader": builders.member(provider, Role.READER),
        "rival_manager": builders.member(rival, Role.MANAGER),
        "inspector": builders.member(inspectorate, Role.INSPECTOR),
        "stranger": builders.person(),
    }
    service = builders.service(provider)
    edition = in_use(plans.edition_of(indicators=indicators))
    row = draft(service, edition, people["assessor"])
    return Cast(provider, rival, inspectorate, service=service, edition=edition, row=row, **people)


def in_use(edition: Edition) -> Edition:
    """One that a new assessment may choose."""
    Edition.objects.filter(pk=edition.pk).update(status=Edition.Status.IN_USE)
    edition.refresh_from_db()
    return edition


def draft(service: Service, edition: Edition, author: User, **fields: Any) -> Assessment:
    """A draft with nothing missing: critical indicators are partly met and say why nothing is done, the rest fully met."""
    row = plans.assessment_of(service, edition, author, **fields)
    for answer in row.answers.select_related("indicator"):
        answer.value = "partly_met" if answer.indicator.is_critical else "fully_met"
        answer.comment = f"What we do about {answer.indicator.code}."
        answer.answered_by, answer.answered_at, answer.version = author, timezone.now(), 1
        answer.save()
        if answer.indicator.is_critical:
            NoActionReason.objects.create(
                organisation=service.organisation,
                source=Source.ANSWER,
                source_id=answer.pk,
                reason="The landlord does it.",
                given_by=author,
            )
    return row


def evidence(on: Answer, by: User, **fields: Any) -> Evidence:
    """An item of evidence under this answer."""
    given = {
        "kind": "audit", "title": "Audit of spring", "shows": "That it is done", "period_start": date(2026, 1, 1),
        "period_end": date(2026, 3, 31), "review_on": date(2027, 1, 1), "is_anonymised": True,
    } | fields  # fmt: skip
    item = Evidence.objects.create(organisation=on.assessment.organisation, created_by=by, **given)
    EvidenceUse.objects.create(answer=on, evidence=item, added_by=by)
    return item
