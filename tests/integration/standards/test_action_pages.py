"""The pages of the action plan: who may do what there, what a list costs, and that all its forms show the same rows."""

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import working
from portal.audit.models import Job, Notice
from portal.workspace.needs import Need
from providers.organisations.models import Membership
from standards.actions import desk, tasks
from standards.actions.models import Action, NoActionReason, Source
from standards.assessments.models import Assessment
from tests.builders import sign_in
from tests.integration.standards import plans

pytestmark = pytest.mark.django_db
PLAN = "/workspace/actions/"


class World:
    """A provider with a manager, an assessor and a reader, a rival, and one action."""

    def __init__(self) -> None:
        self.harbour = plans.provider("Harbour")
        self.service = plans.service_of(self.harbour)
        self.mary, self.joe = plans.person("mary", self.harbour, Role.MANAGER), plans.person("joe", self.harbour)
        self.rita, self.rival = plans.person("rita", self.harbour, Role.READER), plans.person("rival", plans.provider("Rowan"))
        self.action = plans.action_of(self.service, self.mary, what="Canary action")

    def client(self, who: str) -> Client:
        return sign_in(getattr(self, who))

    def form(self, **changes: Any) -> dict[str, Any]:
        today = timezone.localdate()
        return {
            "what": "Train the night staff", "priority": "high", "owner_role": "manager", "owner": str(self.joe.pk),
            "start_on": today.isoformat(), "due_on": (today + timedelta(days=30)).isoformat(), "version": 1, "key": str(uuid.uuid4()),
        } | changes  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


# --- Who ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("mary", 200), ("joe", 200), ("rita", 200), ("rival", 404)])
@pytest.mark.parametrize("tail", ["", "history/"])
def test_an_action_is_read_by_its_organisation_only(world: World, who: str, status: int, tail: str) -> None:
    assert world.client(who).get(f"{PLAN}{world.action.pk}/{tail}").status_code == status


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("rival", 404)])
@pytest.mark.parametrize("tail", ["change/", "cancel/", "begin/", "complete/", "verify/", "send_back/"])
def test_perm_03_who_may_not_changes_nothing(world: World, who: str, status: int, tail: str) -> None:
    done = tail in {"verify/", "send_back/"}
    fields = {"status": "done", "done_by": world.joe, "completion": "x"} if done else {}
    action = plans.action_of(world.service, world.mary, **fields)
    before, jobs = Action.objects.filter(pk=action.pk).values().get(), Job.objects.count()
    answer = world.client(who).post(f"{PLAN}{action.pk}/{tail}", world.form(completion="x", reason="y"))
    assert answer.status_code == status
    assert Action.objects.filter(pk=action.pk).values().get() == before
    assert Job.objects.count() == jobs


@pytest.mark.parametrize("who", ["rita", "rival"])
def test_nobody_plans_for_a_service_that_is_not_theirs(world: World, who: str) -> None:
    answer = world.client(who).post(f"{PLAN}plan/", world.form(service=str(world.service.pk), source="own"))
    assert answer.status_code in {403, 422}
    assert Action.objects.count() == 1


@pytest.mark.parametrize("tail", ["begin/", "complete/", "verify/", "send_back/"])
def test_steps_are_posted(world: World, tail: str) -> None:
    assert world.client("mary").get(f"{PLAN}{world.action.pk}/{tail}").status_code == 405


@pytest.mark.parametrize("tail", ["", "board/", "print/", "table.csv"])
def test_lists_are_read_and_hold_no_rows_of_others(world: World, tail: str) -> None:
    assert world.client("mary").post(f"{PLAN}{tail}").status_code == 405
    answer = world.client("rival").get(f"{PLAN}{tail}?service={world.service.pk}&owner={world.mary.pk}")
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    assert "Canary action" not in text


def test_an_unknown_step_is_not_there(world: World) -> None:
    assert world.client("mary").post(f"{PLAN}{world.action.pk}/archive/").status_code == 404
    assert world.client("mary").post(f"{PLAN}{world.action.pk}/change-owner/").status_code == 404


# --- What ---------------------------------------------------------------------------------------------------------------


def test_planning_from_nothing_and_seeing_it(world: World) -> None:
    client = world.client("joe")
    assert client.get(f"{PLAN}plan/").status_code == 200
    assert client.get(f"{PLAN}plan/?service={world.service.pk}&source=incident").status_code == 200
    answer = client.post(f"{PLAN}plan/", world.form(service=str(world.service.pk), source="incident"))
    action = Action.objects.get(what="Train the night staff")
    assert answer["Location"] == f"{PLAN}{action.pk}/"
    assert (action.source, action.owner, action.created_by) == ("incident", world.joe, world.joe)
    assert "Train the night staff" in client.get(answer["Location"]).content.decode()


def test_int_03_the_same_form_twice_is_one_action(world: World) -> None:
    client, form = world.client("joe"), world.form(service=str(world.service.pk), source="own")
    first, second = (client.post(f"{PLAN}plan/", form) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Action.objects.count() == 2


def test_c32_an_owner_is_somebody_who_may_assess_here_now(world: World) -> None:
    for other in (world.rita, world.rival):
        answer = world.client("mary").post(f"{PLAN}{world.action.pk}/change/", world.form(owner=str(other.pk)))
        assert answer.status_code == 422
        assert "Train the night staff" in answer.content.decode(), "nothing typed is lost"
    Membership.objects.filter(user=world.joe).update(ended_at=timezone.now())
    assert world.client("mary").post(f"{PLAN}{world.action.pk}/change/", world.form()).status_code == 422


def test_int_01_the_second_of_two_changes_reads_both_texts(world: World) -> None:
    where = f"{PLAN}{world.action.pk}/change/"
    assert world.client("mary").post(where, world.form(what="Mary's words")).status_code == 302
    answer = world.client("joe").post(where, world.form(what="Joe's words"))
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Mary&#x27;s words" in text
    assert "Joe&#x27;s words" in text
    assert Action.objects.get(pk=world.action.pk).what == "Mary's words"
    again = world.client("joe").post(where, world.form(what="Joe's words", version=2))
    assert again.status_code == 302
    assert Action.objects.get(pk=world.action.pk).what == "Joe's words"


def test_a_whole_life_through_the_pages(world: World) -> None:
    where, joe, mary = f"{PLAN}{world.action.pk}/", world.client("joe"), world.client("mary")
    assert joe.post(where + "begin/").status_code == 302
    assert joe.post(where + "complete/", {"completion": ""}).status_code == 422
    assert joe.post(where + "complete/", {"completion": "All were there."}).status_code == 302
    assert joe.post(where + "verify/").status_code == 403
    assert "Somebody else looks now" in joe.get(where).content.decode()
    assert mary.post(where + "send_back/", {"reason": "Not the night staff"}).status_code == 302
    assert "Not the night staff" in joe.get(where).content.decode()
    joe.post(where + "complete/", {"completion": "Now all."})
    assert mary.post(where + "verify/").status_code == 302
    assert Action.objects.get(pk=world.action.pk).status == "verified"


def test_wrong_state_says_so_and_changes_nothing(world: World) -> None:
    where, mary = f"{PLAN}{world.action.pk}/", world.client("mary")
    assert mary.post(where + "verify/").status_code == 409
    Action.objects.filter(pk=world.action.pk).update(status="cancelled", cancelled_reason="x")
    for tail, form in (("begin/", {}), ("complete/", {"completion": "x"}), ("cancel/", {"reason": "x"}), ("change/", world.form())):
        assert mary.post(where + tail, form).status_code == 409, tail
    assert Action.objects.get(pk=world.action.pk).version == 1


def test_cancelling_is_asked_first_and_wants_a_reason(world: World) -> None:
    where, mary = f"{PLAN}{world.action.pk}/cancel/", world.client("mary")
    assert "cannot be undone" in mary.get(where).content.decode()
    assert mary.post(where, {"reason": " "}).status_code == 422
    assert mary.post(where, {"reason": "The house closes."}).status_code == 302
    assert Action.objects.get(pk=world.action.pk).cancelled_reason == "The house closes."


# --- Lists --------------------------------------------------------------------------------------------------------------


def rows_of(client: Client, query: str) -> list[list[str]]:
    content = b"".join(client.get(f"{PLAN}table.csv?{query}").streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))[1:]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"late", "mine", "verified", "Canary action"}),
        ("overdue=on", {"late"}),
        ("status=unfinished", {"late", "mine", "Canary action"}),
        ("status=verified", {"verified"}),
        ("priority=critical", {"mine"}),
        ("owner=me", {"late", "Canary action"}),
        ("owner=nobody", {"mine"}),
        ("source=incident", {"late"}),
        ("status=nonsense&owner=nonsense&sort=nonsense&service=nonsense", {"late", "mine", "verified", "Canary action"}),
    ],
)
def test_c15_table_list_board_and_paper_show_the_same_rows(world: World, query: str, expected: set[str]) -> None:
    today = timezone.localdate()
    plans.action_of(world.service, world.mary, what="late", due_on=today - timedelta(days=3), source=Source.INCIDENT)
    plans.action_of(world.service, world.mary, what="mine", owner=None, priority="critical")
    done = {"done_by": world.joe, "verified_by": world.mary, "completion": "x", "status": "verified"}
    plans.action_of(world.service, world.mary, what="verified", owner=world.joe, **done)
    client = world.client("mary")
    assert {row[0] for row in rows_of(client, query)} == expected
    assert {action.what for action in client.get(f"{PLAN}?{query}").context["page"]} == expected
    assert {action.what for action in client.get(f"{PLAN}print/?{query}").context["rows"]} == expected
    columns = client.get(f"{PLAN}board/?{query}").context["columns"]
    assert {action.what for column in columns for action, _steps in column["cards"]} == expected


@pytest.mark.parametrize("sort", ["due", "priority", "service", "newest"])
def test_every_order_lists_every_row_once(world: World, sort: str) -> None:
    for priority in ("normal", "critical", "high"):
        plans.action_of(world.service, world.mary, what=priority, priority=priority)
    listed = [row[0] for row in rows_of(world.client("mary"), f"sort={sort}")]
    assert len(listed) == len(set(listed)) == 4
    if sort == "priority":
        assert listed[:2] == ["critical", "high"]


def test_inj_06_the_table_holds_no_formula(world: World) -> None:
    plans.action_of(world.service, world.mary, what="=cmd|'/C calc'!A0")
    assert {row[0] for row in rows_of(world.client("mary"), "")} == {"Canary action", "'=cmd|'/C calc'!A0"}


@pytest.mark.parametrize("tail", ["", "board/", "print/", "table.csv"])
def test_c38_lists_cost_the_same_however_long(world: World, tail: str, django_assert_max_num_queries: Any) -> None:
    for _each in range(60):
        plans.action_of(plans.service_of(world.harbour), world.mary)
    client = world.client("mary")
    client.get(PLAN)  # the first request of a session writes down when it was
    with django_assert_max_num_queries(12):
        answer = client.get(PLAN + tail)
        assert b"".join(answer.streaming_content) if answer.streaming else answer.content


# --- Reminders ----------------------------------------------------------------------------------------------------------


def waiting(action: Action) -> dict[str, str]:
    jobs = Job.objects.filter(key__startswith=f"remind:action:{action.pk}", done_at__isnull=True)
    return {job.key.rsplit(":", 1)[1]: timezone.localtime(job.run_at).date().isoformat() for job in jobs}


def kinds(user: User) -> list[str]:
    return list(Notice.objects.filter(to=user).order_by("pk").values_list("kind", flat=True))


def test_c47_reminders_follow_the_date_and_the_person_and_end_with_it(world: World) -> None:
    today = timezone.localdate()
    client = world.client("mary")
    client.post(f"{PLAN}plan/", world.form(service=str(world.service.pk), source="own"))
    action = Action.objects.get(what="Train the night staff")
    working.run_due()
    assert waiting(action) == {
        "due_in_two_weeks": (today + timedelta(days=16)).isoformat(), "due_in_three_days": (today + timedelta(days=27)).isoformat(),
        "due_today": (today + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert kinds(world.joe) == ["actions.given"]
    later = (today + timedelta(days=10)).isoformat()
    client.post(f"{PLAN}{action.pk}/change/", world.form(due_on=later, owner=str(world.mary.pk)))
    working.run_due()
    assert waiting(action) == {"due_in_three_days": (today + timedelta(days=7)).isoformat(), "due_today": later}
    assert {job.arguments["to"] for job in Job.objects.filter(key__startswith=f"remind:action:{action.pk}")} == {str(world.mary.pk)}
    action.refresh_from_db()
    action.complete("Done", by=world.joe)
    working.run_due()
    assert waiting(action) == {}
    assert "actions.to_verify" in kinds(world.mary)


def test_c47_what_is_late_is_said_once_a_week(world: World) -> None:
    today = timezone.localdate()
    Action.objects.filter(pk=world.action.pk).update(due_on=today - timedelta(days=1))
    for after in range(22):
        tasks.remind_overdue((today + timedelta(days=after)).isoformat())
    assert kinds(world.mary).count("actions.overdue") == 3
    Membership.objects.filter(user=world.mary).update(ended_at=timezone.now())
    tasks.remind_overdue((today + timedelta(days=40)).isoformat())
    assert kinds(world.mary).count("actions.overdue") == 3


def test_everybody_with_something_due_gets_one_digest_a_week(world: World) -> None:
    today = timezone.localdate()
    Action.objects.filter(pk=world.action.pk).update(due_on=today - timedelta(days=30))
    monday = today + timedelta(days=7 - today.weekday())
    for after in range(14):
        tasks.weekly_digest((monday + timedelta(days=after)).isoformat())
    assert kinds(world.mary) == ["actions.digest", "actions.digest"]
    assert kinds(world.joe) == []


def test_needs_say_what_waits_for_whom(world: World) -> None:
    done = plans.action_of(world.service, world.mary, what="To verify", status="done", done_by=world.joe, completion="x")
    plans.action_of(world.service, world.mary, what="Far away", due_on=timezone.localdate() + timedelta(days=80))
    plans.action_of(world.service, world.mary, what="Nobody's", owner=None)

    def titles(user: User) -> set[str]:
        needs: list[Need] = list(desk.needs(plans.fresh(user)))
        return {need.title for need in needs}

    assert titles(world.mary) == {"Canary action", "To verify", "Actions that nobody has: 1"}
    assert titles(world.joe) == set(), done
    assert titles(world.rita) == titles(world.rival) == set()


# --- Critical gaps ------------------------------------------------------------------------------------------------------


@pytest.fixture
def assessment(world: World) -> Assessment:
    return plans.assessment_of(world.service, plans.edition_of(critical=1, indicators=2), world.joe, values="not_met")


def gap_page(assessment: Assessment) -> str:
    return f"/workspace/assessments/{assessment.pk}/critical-gaps/"


def test_every_critical_gap_is_listed_until_it_is_decided(world: World, assessment: Assessment) -> None:
    client = world.client("joe")
    gaps = [row[0] for row in client.get(gap_page(assessment)).context["rows"]]
    assert [(gap.answer.indicator.code, gap.is_decided) for gap in gaps] == [("PRI-01-a", False), ("RSK-01-a", False)]
    answers = [gap.answer.pk for gap in gaps]
    made = client.post(f"/workspace/assessments/answers/{answers[0]}/plan/", world.form())
    assert made.status_code == 302
    action = Action.objects.get(source_id=answers[0])
    assert (action.source, action.indicator_id, action.service) == ("answer", gaps[0].answer.indicator_id, world.service)
    said = client.post(
        f"/workspace/assessments/answers/{answers[1]}/reason/", {f"{answers[1]}-reason": "The landlord decides.", f"{answers[1]}-base": 0}
    )
    assert said.status_code == 302
    assert [row[0].is_decided for row in client.get(gap_page(assessment)).context["rows"]] == [True, True]


def test_a_critical_gap_proposes_critical_and_two_weeks(world: World, assessment: Assessment) -> None:
    answer = assessment.answers.get(indicator__code="PRI-01-a")
    form = world.client("joe").get(f"/workspace/assessments/answers/{answer.pk}/plan/").context["form"]
    assert form.initial["priority"] == "critical"
    assert form.initial["due_on"] == timezone.localdate() + timedelta(days=14)
    other = assessment.answers.get(indicator__code="PRI-01-b")
    assert world.client("joe").get(f"/workspace/assessments/answers/{other.pk}/plan/").context["form"].initial["priority"] == "normal"


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("rival", 404)])
def test_who_may_not_decides_no_gap(world: World, assessment: Assessment, who: str, status: int) -> None:
    answer = assessment.answers.get(indicator__code="PRI-01-a")
    client = world.client(who)
    for tail, form in (("plan/", world.form()), ("reason/", {f"{answer.pk}-reason": "x", f"{answer.pk}-base": 0})):
        assert client.post(f"/workspace/assessments/answers/{answer.pk}/{tail}", form).status_code == status
    assert not NoActionReason.objects.exists()
    assert Action.objects.count() == 1
    assert client.get(gap_page(assessment)).status_code == (200 if who == "rita" else 404)


def test_int_01_two_reasons_for_one_gap_are_both_read(world: World, assessment: Assessment) -> None:
    pk = assessment.answers.get(indicator__code="PRI-01-a").pk
    where = f"/workspace/assessments/answers/{pk}/reason/"
    world.client("mary").post(where, {f"{pk}-reason": "First words", f"{pk}-base": 0})
    answer = world.client("joe").post(where, {f"{pk}-reason": "Second words", f"{pk}-base": 0})
    assert answer.status_code == 409
    assert "First words" in answer.content.decode()
    assert "Second words" in answer.content.decode()
    assert NoActionReason.objects.get().reason == "First words"


def test_reasons_stand_once_the_assessment_is_sent(world: World, assessment: Assessment) -> None:
    pk = assessment.answers.get(indicator__code="PRI-01-a").pk
    Assessment.objects.filter(pk=assessment.pk).update(status="in_review")
    answer = world.client("joe").post(f"/workspace/assessments/answers/{pk}/reason/", {f"{pk}-reason": "Late", f"{pk}-base": 0})
    assert answer.status_code == 409
    assert not NoActionReason.objects.exists()
    assert world.client("joe").get(f"/workspace/assessments/answers/{pk}/reason/").status_code == 405
