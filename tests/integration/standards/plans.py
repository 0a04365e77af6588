"""Builders for the action plan and the comparison: two rival providers, their people, an edition with two chapters."""

import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from providers.organisations.models import Membership, Organisation
from providers.services.models import Service
from providers.services.places import Nation, Region
from standards.actions.models import Action, Source
from standards.assessments.models import Answer, Approval, Assessment, Snapshot
from standards.catalogue.models import Chapter, Edition, Framework, Indicator, Standard

COUNT = itertools.count()


def person(name: str, organisation: Organisation | None = None, role: str = Role.ASSESSOR) -> User:
    """Somebody with a role."""
    user = User.objects.create_user(f"{name}-{next(COUNT)}@plans.example", first_name=name.title())
    if organisation:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def fresh(user: User) -> User:
    """The same person as the next request would load them."""
    return User.objects.get(pk=user.pk)


def provider(name: str = "Harbour", kind: str = Kind.PROVIDER) -> Organisation:
    """An organisation with a name of its own."""
    return Organisation.objects.create(name=f"{name} {next(COUNT)}", kind=kind)


def service_of(organisation: Organisation, kind: str = Service.Kind.OUTREACH, name: str = "") -> Service:
    """A service."""
    return Service.objects.create(
        organisation=organisation, name=name or f"Service {next(COUNT)}", kind=kind, nation=Nation.ENGLAND, region=Region.LONDON
    )


def edition_of(critical: int = 1, indicators: int = 3) -> Edition:
    """An edition of two chapters with one standard each; the first ``critical`` indicators of each are critical."""
    number = next(COUNT)
    framework = Framework.objects.create(code=f"frame-{number}", name="Frame", owner="Nobody")
    edition = Edition.objects.create(framework=framework, code=f"edition-{number}", year=2018)
    for order, code in enumerate(("PRI", "RSK")):
        chapter = Chapter.objects.create(edition=edition, code=code, order=order, title=f"Chapter {code}", provenance="from_memory")
        standard = Standard.objects.create(
            chapter=chapter, code=f"{code}-01", order=0, title=f"Standard {code}", statement="Something holds.", key_question="safe"
        )
        for at in range(indicators):
            Indicator.objects.create(
                edition=edition, standard=standard, code=f"{code}-01-{'abcdefghij'[at]}", order=at, text=f"Show {code} {at}",
                is_critical=at < critical,
            )  # fmt: skip
    return edition


def assessment_of(service: Service, edition: Edition, author: User, *, values: str = "", **fields: Any) -> Assessment:
    """An assessment with a row for every indicator. ``values``: one value for all, or nothing."""
    row = Assessment.objects.create(
        organisation=service.organisation, service=service, service_kind=service.kind, edition=edition, title="Our year",
        period_start=date(2026, 1, 1), period_end=date(2026, 6, 30), author=author, **fields,
    )  # fmt: skip
    Answer.objects.bulk_create(
        Answer(assessment=row, indicator=indicator, value=values, answered_by=author if values else None)
        for indicator in edition.indicators.all()
    )
    return row


def approved(
    service: Service, edition: Edition, author: User, percents: dict[str, int | None], at: Any = None, **fields: Any
) -> Assessment:
    """An approved assessment with a snapshot whose chapters have these figures."""
    moment = at or timezone.now()
    fields = {"status": Assessment.Status.APPROVED, "approved_at": moment, "submitted_at": moment} | fields
    row = assessment_of(service, edition, author, **fields)
    content = {"scores": {"chapters": [{"code": code, "percent": percent} for code, percent in percents.items()]}}
    snapshot = Snapshot.objects.create(
        assessment=row, revision=row.revision, content=content, sha256="0" * 64, receipt=f"R{next(COUNT):011d}", made_by=author,
        made_at=moment,
    )  # fmt: skip
    Approval.objects.create(snapshot=snapshot, by=author, at=moment, sha256=snapshot.sha256)
    return row


def action_of(service: Service, by: User, **fields: Any) -> Action:
    """An action due in ten days unless told."""
    today = timezone.localdate()
    given = {
        "what": "Write the procedure", "owner_role": Role.MANAGER, "owner": by, "start_on": today - timedelta(days=90),
        "due_on": today + timedelta(days=10), "source": Source.OWN,
    } | fields  # fmt: skip
    return Action.objects.create(organisation=service.organisation, service=service, created_by=by, **given)
