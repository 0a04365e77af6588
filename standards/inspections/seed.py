"""Regimes for the only inspectorate there is; for the demo three inspections of Harbour Trust: planned, under way, being written up."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.catalogue.models import Standard
from standards.inspections import judging, planning, recording, regimes, sampling, teams
from standards.inspections.models import Inspection, Regime

LEAD, INSPECTOR = "lead@inspect.example", "inspector@inspect.example"
SAFE_TALK = "A quiet room that staff leave; interpreters by telephone from outside; a break whenever somebody asks for one."
FINDINGS = (  # standard's place in the scope, kind, severity, what was found, what shows it
    (
        0,
        "strength",
        "",
        "Support went on unchanged for everybody who declined to take part in an investigation.",
        "All plans of the sample.",
    ),
    (1, "shortfall", "medium", "Two of five plans of the sample did not say which adjustments were asked for.", "The sample of records."),
    (
        2,
        "good_practice",
        "",
        "Plans begin with what people want for themselves, and are reviewed with them every month.",
        "Talks with staff.",
    ),
    (3, "meets", "", "People can cook and eat as their faith asks, and a quiet room is open to all.", "Talks with staff; the house rules."),
)
REFERENCES = [f"HT-{number:03d}" for number in range(1, 25)]


def seed() -> str:
    """Where there is one inspectorate, the regimes that come with Waymark are its own; where there are several, somebody says whose."""
    owners = list(Organisation.objects.filter(kind=Kind.INSPECTORATE)[:2])
    if len(owners) != 1:
        return "regimes: left alone; `manage.py load_regimes --for NAME` says whose they are"
    return f"regimes: {_load(owners[0])}"


def _load(inspectorate: Organisation) -> regimes.Outcome:
    outcome = regimes.load(regimes.FILE.read_text(encoding="utf-8"), inspectorate)
    if outcome.findings.problems:
        raise ValidationError([f"{regimes.FILE.name}:{problem}" for problem in outcome.findings.problems])
    return outcome


def demo() -> str:
    """What is there stays as somebody left it: a service that was inspected or is planned gets nothing new."""
    lead, inspector = (User.objects.filter(email=email).first() for email in (LEAD, INSPECTOR))
    services = {service.name: service for service in Service.objects.filter(organisation__name="Harbour Trust")}
    if lead is None or inspector is None or not services:
        return "inspections: no demo people or services"
    inspectorate = lead.memberships.get().organisation
    _load(inspectorate)
    contract = Regime.objects.get(code="msvcc-2021")
    today, added = timezone.localdate(), 0
    plans = (
        ("Harbour Outreach North", _planned, today + timedelta(days=45), "announced"),
        ("Anchor", _under_way, today - timedelta(days=1), "none"),
        ("Lantern", _written_up, today - timedelta(days=12), "none"),
    )
    for name, make, first, notice in plans:
        service = services.get(name)
        if service is None or Inspection.objects.filter(service=service).exists():
            continue
        make(_plan(contract, service, first, notice, lead), lead, inspector)
        added += 1
    return f"inspections: {added} added, {len(plans) - added} were there"


def inspected(service: Service, first: date, lead: User, inspector: User) -> Inspection:
    """An inspection that is over, with every standard of its scope judged: what a report begins with."""
    inspection = _plan(Regime.objects.get(code="msvcc-2021"), service, first, "none", lead)
    _written_up(inspection, lead, inspector)
    standards = list(inspection.standards())
    found = set(inspection.findings.values_list("standard", flat=True))
    for standard in standards[2:]:
        value, reason = (
            ("met", "What we saw and heard shows it.") if standard.pk in found else ("not_inspected", "Left for the next visit.")
        )
        judging.judge(inspection, standard, {"value": value, "reason": reason, "difference": ""}, base=0, by=lead)
    return inspection


def _plan(regime: Regime, service: Service, first: date, notice: str, lead: User) -> Inspection:
    values = {
        "kind": "full", "notice": notice, "reason": "First inspection under this regime.", "starts_on": first,
        "ends_on": first + timedelta(days=2), "safe_talk_plan": SAFE_TALK,
    }  # fmt: skip
    inspection = planning.plan(regime, service, values, by=lead)
    scope: list[Standard] = list(inspection.standards()[:6])
    inspection.set_scope(scope, base=inspection.version, by=lead)
    return inspection


def _team(inspection: Inspection, lead: User, inspector: User) -> None:
    last = max(inspection.ends_on, timezone.localdate()) + timedelta(days=90)
    for user, is_lead in ((lead, True), (inspector, False)):
        member = teams.add(inspection, user, is_lead=is_lead, first=inspection.starts_on, last=last, by=lead)
        teams.declare(member, False, "", by=user)


def _planned(inspection: Inspection, lead: User, inspector: User) -> None:
    """The lead has declared; the inspector is asked to."""
    last = inspection.ends_on + timedelta(days=90)
    member = teams.add(inspection, lead, is_lead=True, first=timezone.localdate(), last=last, by=lead)
    teams.declare(member, False, "", by=lead)
    teams.add(inspection, inspector, is_lead=False, first=timezone.localdate(), last=last, by=lead)


def _under_way(inspection: Inspection, lead: User, inspector: User) -> None:
    """Two findings so far, one still a draft."""
    _team(inspection, lead, inspector)
    inspection.begin_visit(by=lead)
    _write(inspection, lead, inspector, FINDINGS[:2], agreed=1)


def _written_up(inspection: Inspection, lead: User, inspector: User) -> None:
    """The visit is over, some standards are judged, and second views wait for the reviewer."""
    _team(inspection, lead, inspector)
    inspection.begin_visit(by=lead)
    _write(inspection, lead, inspector, FINDINGS, agreed=len(FINDINGS))
    inspection.give_feedback(inspection.ends_on, "manager, two support workers", by=lead)
    inspection.begin_report(by=lead)
    standards = list(inspection.standards())
    for place, value, reason in (
        (0, "met", "Nobody lost support for saying no."),
        (1, "mostly_met", "Most plans name adjustments; some do not."),
    ):
        judging.judge(inspection, standards[place], {"value": value, "reason": reason, "difference": ""}, base=0, by=lead)


def _write(inspection: Inspection, lead: User, inspector: User, findings: Any, *, agreed: int) -> None:
    standards = list(inspection.standards())
    on = inspection.starts_on
    talk = recording.note_activity(
        inspection, {"method": "staff", "on": on, "headcount": 4, "note": "Talks with staff, one by one."}, by=lead
    )
    files = recording.note_activity(inspection, {"method": "records", "on": on, "headcount": 0, "note": "Support plans."}, by=inspector)
    population = sampling.freeze(inspection, "Support plans open on the first day", REFERENCES, by=inspector)
    sample = sampling.draw(population, 5, by=inspector)
    for number, (place, kind, severity, text, evidence) in enumerate(findings):
        values = {"standard": standards[place], "kind": kind, "severity": severity, "text": text, "evidence": evidence, "sample": sample}
        found = recording.find(inspection, values, [], [talk, files], key=uuid.uuid4(), by=inspector)
        if number < agreed:
            found.agree(by=lead)
