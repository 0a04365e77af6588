"""A service, its inspection, and everybody who stands in some relation to it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Kind, Role
from portal.calendar.working_days import LONDON, Calendar
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.catalogue.models import Edition, Standard
from standards.inspections import planning, teams
from standards.inspections.models import Activity, Finding, Inspection, Regime, TeamMember
from tests import builders
from tests.integration.standards import plans
from tests.integration.standards.assessments.cast import in_use

DEADLINES = {
    "notice": {"days": 10, "unit": "working", "source": "test"}, "short_notice": {"days": 2, "unit": "working", "source": "test"},
    "drafting": {"days": 15, "unit": "working", "source": "test"}, "issue": {"days": 92, "unit": "calendar", "source": "test"},
}  # fmt: skip
SCALE = [{"code": "good", "title": "Good", "meaning": "Well done"}, {"code": "weak", "title": "Weak", "meaning": "Not well done"}]
CANARY = "Canary of what was found"
SAFE_TALK = "A room at the back, an interpreter by telephone."

# Everybody of the permission matrix, in whichever relation to the one inspection.
PEOPLE = (
    "lead", "cleared", "undeclared", "declared", "barred", "expired", "future", "taken_off", "unassigned", "other_lead", "reviewer",
    "publisher", "manager", "assessor", "reader", "rival", "commissioner", "administrator", "stranger", "other_inspector",
)  # fmt: skip


@dataclass
class Cast:
    """The inspection and its people. Nothing has been announced; the lead and ``cleared`` have declared."""

    inspectorate: Organisation
    provider: Organisation
    service: Service
    edition: Edition
    regime: Regime
    row: Inspection
    people: dict[str, User] = field(default_factory=dict)

    def who(self, name: str) -> User:
        """The person as the next request loads them."""
        return plans.fresh(self.people[name])

    def client(self, name: str) -> Client:
        """Their browser."""
        return builders.sign_in(self.who(name))

    def now(self) -> Inspection:
        """The inspection as the database has it."""
        return Inspection.objects.in_full().get(pk=self.row.pk)

    def member(self, name: str) -> TeamMember:
        """Their place on the team."""
        found: TeamMember = TeamMember.objects.select_related("inspection").get(inspection=self.row, user=self.people[name])
        return found

    def standards(self) -> list[Standard]:
        """Those in scope."""
        return list(self.now().standards())

    def to(self, status: str, **fields: Any) -> Inspection:
        """Set the state, without the steps that lead there: for tests about what holds in it."""
        Inspection.objects.filter(pk=self.row.pk).update(status=status, **fields)
        return self.now()

    def fieldwork(self) -> Inspection:
        """The visit is under way."""
        return self.to("fieldwork", notified_at=timezone.now())

    def reporting(self) -> Inspection:
        """Written up: through the real steps, so that the blind views are drawn."""
        if self.now().status != "feedback_given":
            self.to("feedback_given", notified_at=timezone.now(), feedback_on=timezone.localdate(), feedback_to="manager")
        self.now().begin_report(by=self.who("lead"))
        return self.now()


def regime_of(inspectorate: Organisation, edition: Edition, **fields: Any) -> Regime:
    """A regime without ratings that is in force."""
    given = {
        "code": f"regime-{next(plans.COUNT)}", "letter": "T", "name": "Regime of a test", "inspectorate": inspectorate, "edition": edition,
        "calendar": Calendar.ENGLAND_AND_WALES, "deadlines": DEADLINES, "valid_from": date(2020, 1, 1), "blind_share": 50, **fields,
    }  # fmt: skip
    return Regime.objects.create(**given)


def join(inspection: Inspection, user: User, conflict: str = "none", **fields: Any) -> TeamMember:
    """A place on the team."""
    now = timezone.now()
    given = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=60), "conflict": conflict, "declared_at": now, **fields}
    member: TeamMember = TeamMember.objects.create(inspection=inspection, user=user, **given)
    return member


def cast(**regime: Any) -> Cast:
    """Everybody."""
    inspectorate, provider = builders.organisation(Kind.INSPECTORATE), builders.organisation()
    edition = in_use(plans.edition_of(critical=1, indicators=2))
    under = regime_of(inspectorate, edition, **regime)
    service = builders.service(provider, name=f"Lantern {next(plans.COUNT)}")
    people = _people(inspectorate, provider)
    today = timezone.localdate()
    values = {
        "kind": "full", "notice": "announced", "reason": "", "starts_on": today, "ends_on": today + timedelta(days=1),
        "safe_talk_plan": SAFE_TALK,
    }  # fmt: skip
    row = planning.plan(under, service, values, by=plans.fresh(people["other_lead"]))
    _team(row, people)
    return Cast(inspectorate, provider, service, edition, under, row, people)


def _people(inspectorate: Organisation, provider: Organisation) -> dict[str, User]:
    inspectors = ("cleared", "undeclared", "declared", "expired", "future", "taken_off", "unassigned")
    found = {name: builders.member(inspectorate, Role.INSPECTOR, first_name=name.title()) for name in inspectors}
    leads = {name: builders.member(inspectorate, Role.LEAD_INSPECTOR, first_name=name.title()) for name in ("lead", "barred", "other_lead")}
    return (
        found
        | leads
        | {
            "reviewer": builders.member(inspectorate, Role.QUALITY_REVIEWER),
            "publisher": builders.member(inspectorate, Role.PUBLISHER),
            "manager": builders.member(provider, Role.MANAGER),
            "assessor": builders.member(provider, Role.ASSESSOR),
            "reader": builders.member(provider, Role.READER),
            "rival": builders.member(builders.organisation(), Role.MANAGER),
            "commissioner": builders.member(builders.organisation(Kind.OVERSIGHT), Role.COMMISSIONER),
            "administrator": builders.member(builders.organisation(Kind.OFFICE), Role.ADMINISTRATOR),
            "stranger": builders.person(),
            "other_inspector": builders.member(builders.organisation(Kind.INSPECTORATE), Role.LEAD_INSPECTOR),
        }
    )


def _team(row: Inspection, people: dict[str, User]) -> None:
    now = timezone.now()
    join(row, people["lead"], is_lead=True)
    join(row, people["cleared"])
    join(row, people["undeclared"], "undeclared", declared_at=None)
    join(row, people["declared"], "declared", declaration="I know somebody there.")
    join(row, people["barred"], "barred", declaration="I worked there.")
    join(row, people["expired"], ends_at=now - timedelta(seconds=1))
    join(row, people["future"], starts_at=now + timedelta(days=1))
    join(row, people["taken_off"], ended_at=now)


def clear_the_rest(world: Cast) -> None:
    """Whoever has not declared leaves the team, so that the steps of the visit can be taken."""
    for name in ("undeclared", "declared"):
        teams.take_off(world.member(name), by=world.who("other_lead"))


def activity(world: Cast, **fields: Any) -> Activity:
    """Something the team did."""
    given = {"method": "staff", "on": timezone.localdate(), "headcount": 3, "by": world.people["lead"], **fields}
    return Activity.objects.create(inspection=world.row, **given)


def finding(world: Cast, number: int = 1, **fields: Any) -> Finding:
    """A finding that the team agreed, past all forms."""
    given = {
        "standard": world.standards()[0], "kind": "strength", "text": f"{CANARY} {number}.", "evidence": "Seen in the rota.",
        "status": "agreed", "by": world.people["lead"], **fields,
    }  # fmt: skip
    return Finding.objects.create(
        inspection=world.row, organisation_id=world.inspectorate.pk, code=f"{world.row.number}-F{number:02d}", **given
    )


def at(day: date, hour: int = 12) -> datetime:
    """An instant of that day."""
    return datetime.combine(day, time(hour), LONDON)
