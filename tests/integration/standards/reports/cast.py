"""An inspection that is being written up, everybody around it, and the way of its report through every state."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.catalogue.models import Edition
from standards.inspections.models import Activity, Finding, Inspection, Judgement, Narrative, Regime, Scope, TeamMember
from standards.reports import accuracy, building, filing, following, leaks, renditions
from standards.reports.models import Rendition, Report, Statement
from tests import builders
from tests.integration.standards import plans
from tests.integration.standards.assessments.cast import in_use

TEXTS = {
    "shortfall": "Risk plans were reviewed late in several records that we sampled.",
    "meets": "Staff complete their training before they work alone with survivors.",
    "good_practice": "A welcome book, made with survivors, explains the house in the first hour.",
}
ORDER = (
    "drafting", "internal_review", "draft_issued", "comments_open", "comments_closed", "comments_review", "final_agreed",
    "publication_check", "shared_restricted", "action_plan_due", "action_plan_agreed", "follow_up", "closed",
)  # fmt: skip


@dataclass
class Cast:
    """Everybody, and the report. ``people`` by name."""

    provider: Organisation
    rival: Organisation
    inspectorate: Organisation
    oversight: Organisation
    people: dict[str, User]
    service: Service
    edition: Edition
    regime: Regime
    inspection: Inspection
    made: list[Report] = field(default_factory=list)

    def who(self, name: str) -> User:
        """The person as the next request loads them."""
        return plans.fresh(self.people[name])

    def client(self, name: str) -> Client:
        """The browser of one of them."""
        return builders.sign_in(self.who(name)) if name != "nobody" else Client()

    @property
    def report(self) -> Report:
        """As the database has it, with nothing remembered."""
        found: Report = Report.objects.select_related("inspection__regime__edition").get(pk=self.made[0].pk)
        return found

    def take(self, step: str, *arguments: Any, by: str | None) -> Report:
        """Take a step as one of the cast, or as the clock."""
        getattr(self.report, step)(*arguments, by=self.who(by) if by else None)
        return self.report

    def to(self, status: str) -> Report:
        """Bring the report as far as this, the usual way."""
        for state in ORDER[ORDER.index(self.report.status) + 1 : ORDER.index(status) + 1]:
            getattr(self, f"_to_{state}")()
            assert self.report.status == state
        return self.report

    def _to_internal_review(self) -> None:
        self.take("send_to_review", by="inspector")

    def _to_draft_issued(self) -> None:
        self.take("approve_draft", by="reviewer")
        self.take("issue_draft", [self.who("manager")], by="lead")

    def _to_comments_open(self) -> None:
        for recipient in self.report.recipients.select_related("user"):
            filing.confirm(self.report, recipient)

    def _to_comments_closed(self) -> None:
        self.take("send_answers", by="manager")

    def _to_comments_review(self) -> None:
        self.take("begin_decisions", by="reviewer")

    def _to_final_agreed(self) -> None:
        self.take("sign_decisions", by="reviewer")
        self.take("agree_final", by="lead")

    def _to_publication_check(self) -> None:
        self.take("begin_check", by="publisher")

    def _to_shared_restricted(self) -> None:
        self.take("issue_restricted", [self.oversight], "The regime says so.", by="publisher")

    def _to_action_plan_due(self) -> None:
        self.take("ask_for_answers", by="lead")

    def _to_action_plan_agreed(self) -> None:
        for item in self.report.items.filter(addressee="provider"):
            answer = {"answer": "accept", "reason": "", "what": "We will do it.", "due_on": timezone.localdate() + timedelta(days=30)}
            response = following.respond(item, answer, base=0, by=self.who("manager"))
            following.agree(response, by=self.who("lead"))
        self.take("agree_answers", by="lead")

    def _to_follow_up(self) -> None:
        self.take("begin_follow_up", by="lead")

    def _to_closed(self) -> None:
        for item in self.report.items.all():
            values = {"on": timezone.localdate(), "method": "Visit", "result": "closed", "note": ""}
            following.follow_up(item, values, by=self.who("lead"))
        self.take("close", by="lead")

    def facts(self) -> list[Statement]:
        """Statements that the provider is asked about."""
        return list(self.report.statements.filter(asserts_fact=True).order_by("number"))

    def say(self, statement: Statement, verdict: str, claim: str = "") -> Any:
        """The provider's word about one statement."""
        saying = accuracy.Saying(verdict, "b" if verdict != "agreed" else "", claim)
        last = statement.replies.order_by("-round").first()
        return accuracy.save(self.report, statement.pk, saying, base=last.version if last else 0, by=self.who("manager"))

    def summary(self, kind: str = "public", words: str = "Staff are kind and well trained.") -> Rendition:
        """A summary, prepared by the lead, not checked yet."""
        field_name = f"for_{kind}"
        Statement.objects.filter(pk=self.report.statements.standing()[0].pk).update(**{field_name: words})
        return renditions.prepare(self.report, kind, by=self.who("lead"))

    def checked(self, kind: str = "public", words: str = "Staff are kind and well trained.") -> Rendition:
        """The same, every hit and question answered, approved by the publisher."""
        made = self.summary(kind, words)
        by = self.who("publisher")
        for hit in made.hits.all():
            renditions.resolve(hit, "harmless", "It names nobody.", by=by)
        for question in leaks.HARM:
            renditions.answer_harm(made, question, is_safe=True, note="Read twice.", by=by)
        renditions.approve(made, renditions.NOTHING, by=by)
        made.refresh_from_db()
        return made


def cast(findings: int = 3, *, uses_ratings: bool = False, allows_requirements: bool = False, begun: bool = True) -> Cast:
    """Everybody, an inspection with ``findings`` findings, and its report with an item."""
    provider, rival = builders.organisation(), builders.organisation()
    inspectorate, oversight = builders.organisation(Kind.INSPECTORATE), builders.organisation(Kind.OVERSIGHT)
    office = builders.organisation(Kind.OFFICE)
    roles = {
        "lead": (inspectorate, Role.LEAD_INSPECTOR), "inspector": (inspectorate, Role.INSPECTOR),
        "unassigned": (inspectorate, Role.INSPECTOR), "reviewer": (inspectorate, Role.QUALITY_REVIEWER),
        "publisher": (inspectorate, Role.PUBLISHER), "publisher_2": (inspectorate, Role.PUBLISHER),
        "manager": (provider, Role.MANAGER), "assessor": (provider, Role.ASSESSOR), "reader": (provider, Role.READER),
        "rival": (rival, Role.MANAGER), "commissioner": (oversight, Role.COMMISSIONER), "administrator": (office, Role.ADMINISTRATOR),
    }  # fmt: skip
    people = {
        name: builders.member(home, role, first_name=name.title(), last_name=f"Kestrelwood-{name}") for name, (home, role) in roles.items()
    }
    people["stranger"] = builders.person()
    service = builders.service(provider, public_alias="Cairn")
    edition = in_use(plans.edition_of())
    regime = regime_of(inspectorate, edition, uses_ratings=uses_ratings, allows_requirements=allows_requirements)
    inspection = inspection_of(regime, service, people)
    fill(inspection, findings, people["inspector"])
    found = Cast(provider, rival, inspectorate, oversight, people, service, edition, regime, inspection)
    if begun:
        begin(found)
    return found


def begin(world: Cast) -> Report:
    """The report, with one item for its shortfall and a statement of what survivors said."""
    report = building.begin(world.inspection, by=world.who("lead"))
    world.made.append(report)
    shortfall = world.inspection.findings.filter(kind="shortfall").first()
    values = {
        "kind": "recommendation", "clause": "", "addressee": "provider", "text": "Review risk plans in time.", "due_on": None,
        "repeats": None,
        "findings": [shortfall] if shortfall else [],
    }  # fmt: skip
    following.write_item(report, values, by=world.who("lead"))
    return report


def regime_of(inspectorate: Organisation, edition: Edition, **fields: Any) -> Regime:
    """Recommendations only, no ratings, England and Wales."""
    scale = [{"code": "good", "title": "Good", "meaning": ""}] if fields.get("uses_ratings") else []
    code = f"regime-{builders._number.__next__()}"
    return Regime.objects.create(
        code=code, letter="H", name="Safehouse inspections", inspectorate=inspectorate, edition=edition, calendar="england_and_wales",
        rating_scale=scale, valid_from=date(2026, 1, 1), **fields,
    )  # fmt: skip


def inspection_of(regime: Regime, service: Service, people: dict[str, User], **fields: Any) -> Inspection:
    """Visited, with feedback, being written up."""
    given = {
        "number": f"H-2026-{next(builders._number):03d}", "kind": "full", "notice": "announced", "starts_on": date(2026, 11, 9),
        "ends_on": date(2026, 11, 12), "feedback_on": date(2026, 11, 12), "feedback_to": "Manager", "safe_talk_plan": "A quiet room.",
        "status": "reporting", "notified_at": timezone.now(), "created_by": people["lead"],
    } | fields  # fmt: skip
    row = Inspection.objects.create(
        regime=regime, organisation=regime.inspectorate, provider=service.organisation, service=service, **given
    )
    for name in ("lead", "inspector"):
        member(row, people[name], is_lead=name == "lead")
    for standard in _standards(regime.edition):
        Scope.objects.create(inspection=row, standard=standard)
    return row


def member(inspection: Inspection, user: User, **fields: Any) -> TeamMember:
    """On the team, cleared, for a year."""
    given: dict[str, Any] = {"ends_at": timezone.now() + timedelta(days=365), "conflict": "none", "declared_at": timezone.now()} | fields
    found: TeamMember = TeamMember.objects.create(inspection=inspection, user=user, **given)
    return found


def _standards(edition: Edition) -> list[Any]:
    from standards.catalogue.models import Standard

    return list(Standard.objects.filter(chapter__edition=edition).order_by("chapter__order"))


def fill(inspection: Inspection, findings: int, by: User) -> None:
    """Activities, findings in turn on every standard, judgements, a narrative."""
    talk = Activity.objects.create(inspection=inspection, method="survivor", on=inspection.starts_on, headcount=7, by=by)
    records = Activity.objects.create(inspection=inspection, method="records", on=inspection.starts_on, by=by)
    standards, kinds = _standards(inspection.regime.edition), list(TEXTS)
    for at in range(findings):
        kind = kinds[at % len(kinds)]
        row = Finding.objects.create(
            inspection=inspection, organisation_id=inspection.organisation_id, code=f"{inspection.number}-F{at + 1:02d}",
            standard=standards[at % len(standards)], kind=kind, text=TEXTS[kind] + (f" Case {at}." if at >= len(kinds) else ""),
            evidence="The sample of records.", severity="medium" if kind == "shortfall" else "", status="agreed", by=by,
        )  # fmt: skip
        row.activities.add(talk if kind == "good_practice" else records)
    for standard in standards:
        Judgement.objects.create(inspection=inspection, standard=standard, value="partly_met", reason="Most of it is there.", by=by)
    Narrative.objects.create(inspection=inspection, key_question="safe", text="People told us that the house feels calm.", by=by)


def at(text: str) -> datetime:
    """An instant in London."""
    return timezone.make_aware(datetime.fromisoformat(text))
