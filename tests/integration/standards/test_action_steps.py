"""What may become of an action, and through whom: the rules of the model and of the database beneath it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.accounts.roles import Role
from portal.audit.models import Event
from portal.steps import WrongState
from providers.organisations.models import Membership
from standards.actions import planning
from standards.actions.models import Action, NoActionReason, Outdated, Source
from standards.actions.planning import Proposal
from tests.integration.standards import plans

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict[str, Any]:
    harbour, rowan = plans.provider("Harbour"), plans.provider("Rowan")
    service = plans.service_of(harbour)
    mary, joe = plans.person("mary", harbour, Role.MANAGER), plans.person("joe", harbour)
    people = {"mary": mary, "joe": joe, "rita": plans.person("rita", harbour, Role.READER), "rival": plans.person("rival", rowan)}
    return {"harbour": harbour, "rowan": rowan, "service": service, **people}


def events(action: Action) -> list[str]:
    return [event.verb.rpartition(".")[2] for event in Event.objects.about(action).order_by("pk")]


def test_an_action_goes_from_planned_to_verified(world: dict[str, Any]) -> None:
    values = {"what": "Train everybody", "owner_role": Role.MANAGER, "owner": world["joe"], "start_on": timezone.localdate()}
    values |= {"due_on": timezone.localdate() + timedelta(days=14), "priority": "critical"}
    action = planning.plan(Proposal(world["service"], Source.OWN), values, key=uuid.uuid4(), by=world["joe"])
    action.begin(by=world["joe"])
    action.complete("Everybody was there; the list is in the folder.", by=world["joe"])
    action.verify(by=world["mary"])
    action.refresh_from_db()
    assert (action.status, action.done_by, action.verified_by) == ("verified", world["joe"], world["mary"])
    assert events(action) == ["plan", "begin", "complete", "verify"]


def test_who_did_it_never_verifies_it(world: dict[str, Any]) -> None:
    action = plans.action_of(world["service"], world["mary"])
    action.complete("Done.", by=world["mary"])
    with pytest.raises(PermissionDenied):
        action.verify(by=world["mary"])
    action.refresh_from_db()
    assert action.status == "done"


def test_the_database_itself_refuses_one_person_for_both(world: dict[str, Any]) -> None:
    action = plans.action_of(world["service"], world["mary"])
    both = {"status": "verified", "done_by": world["mary"], "verified_by": world["mary"], "completion": "x"}
    for fields in (both, {"status": "verified"}, {"status": "done"}, {"status": "cancelled"}, {"status": "done", "done_by": world["joe"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(**fields)


@pytest.mark.parametrize(("name", "words"), [("complete", ["  "]), ("cancel", [""]), ("send_back", [" \n"])])
def test_steps_that_need_words_are_refused_without(world: dict[str, Any], name: str, words: list[str]) -> None:
    done: dict[str, Any] = {"status": "done", "done_by": world["joe"], "completion": "x"} if name == "send_back" else {}
    action = plans.action_of(world["service"], world["mary"], **done)
    with pytest.raises(ValidationError):
        getattr(action, name)(*words, by=world["mary"])
    assert events(action) == []


def test_c48_sent_back_says_what_is_missing_and_to_whom(world: dict[str, Any]) -> None:
    action = plans.action_of(world["service"], world["joe"])
    action.complete("Done.", by=world["joe"])
    action.send_back("The night staff are missing.", by=world["mary"])
    assert (action.status, action.returned_reason, action.done_by) == ("in_progress", "The night staff are missing.", None)
    assert Event.objects.about(action).latest("pk").codes == {"done_by": str(world["joe"].pk)}
    action.complete("With the night staff.", by=world["joe"])
    assert action.returned_reason == ""


@pytest.mark.parametrize("who", ["rita", "rival"])
@pytest.mark.parametrize("name", ["begin", "complete", "cancel", "change", "verify", "send_back"])
def test_c4_readers_and_rivals_change_nothing(world: dict[str, Any], who: str, name: str) -> None:
    done: dict[str, Any] = {"status": "done", "done_by": world["joe"], "completion": "x"} if name in {"verify", "send_back"} else {}
    action = plans.action_of(world["service"], world["mary"], **done)
    words: dict[str, list[Any]] = {"complete": ["x"], "cancel": ["x"], "send_back": ["x"], "change": [{"what": "y"}]}
    with pytest.raises(PermissionDenied):
        getattr(action, name)(*words.get(name, []), by=world[who], **({"base": 1} if name == "change" else {}))
    assert events(action) == []


@pytest.mark.parametrize("who", ["rita", "rival"])
def test_c4_readers_and_rivals_plan_nothing(world: dict[str, Any], who: str) -> None:
    with pytest.raises(PermissionDenied):
        planning.plan(Proposal(world["service"], Source.OWN), {}, key=uuid.uuid4(), by=world[who])
    with pytest.raises(PermissionDenied):
        planning.give_reason(world["service"], Source.ANSWER, uuid.uuid4(), "because", base=0, by=world[who])
    assert not Action.objects.exists()
    assert not NoActionReason.objects.exists()


def test_int_01_a_change_based_on_an_older_version_is_refused(world: dict[str, Any]) -> None:
    action = plans.action_of(world["service"], world["mary"])
    action.change({"what": "First text"}, base=1, by=world["mary"])
    with pytest.raises(Outdated) as refused:
        action.change({"what": "Second text"}, base=1, by=world["joe"])
    assert refused.value.row.what == "First text"
    action.refresh_from_db()
    assert (action.what, action.version) == ("First text", 2)


def test_a_change_names_fields_and_no_text(world: dict[str, Any]) -> None:
    action = plans.action_of(world["service"], world["mary"])
    action.change({"what": "Secret words", "status": "verified"}, base=1, by=world["mary"])
    assert Event.objects.about(action).get().codes == {"fields": ["what"], "due": action.due_on.isoformat()}
    assert action.status == "open"


def test_int_03_the_same_form_sent_twice_is_one_action(world: dict[str, Any]) -> None:
    key, today = uuid.uuid4(), timezone.localdate()
    values = {"what": "x", "owner_role": Role.MANAGER, "owner": None, "start_on": today, "due_on": today, "priority": "normal"}
    first = planning.plan(Proposal(world["service"], Source.OWN), values, key=key, by=world["joe"])
    again = planning.plan(Proposal(world["service"], Source.OWN), values, key=key, by=world["joe"])
    assert first == again
    assert events(first) == ["plan"]
    other = plans.service_of(world["rowan"])
    with pytest.raises(ValidationError):
        planning.plan(Proposal(other, Source.OWN), values, key=key, by=world["rival"])


def test_dates_stand_in_order(world: dict[str, Any]) -> None:
    today = timezone.localdate()
    action = plans.action_of(world["service"], world["mary"])
    with pytest.raises(ValidationError):
        action.change({"due_on": today - timedelta(days=200)}, base=1, by=world["mary"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(due_on=today - timedelta(days=200))


def test_overdue_is_worked_out(world: dict[str, Any]) -> None:
    today = timezone.localdate()
    late = plans.action_of(world["service"], world["mary"], due_on=today - timedelta(days=1))
    due = plans.action_of(world["service"], world["mary"], due_on=today)
    done = plans.action_of(
        world["service"], world["mary"], due_on=today - timedelta(days=1), status="done", done_by=world["joe"], completion="x"
    )
    assert [row.is_overdue() for row in (late, due, done)] == [True, False, False]
    assert list(Action.objects.overdue(today)) == [late]


def test_c32_actions_of_people_who_left_are_listed_to_be_given_anew(world: dict[str, Any]) -> None:
    kept, nobodys = plans.action_of(world["service"], world["mary"]), plans.action_of(world["service"], world["mary"], owner=None)
    left = plans.action_of(world["service"], world["mary"], owner=world["joe"])
    assert set(Action.objects.without_owner()) == {nobodys}
    Membership.objects.filter(user=world["joe"]).update(ended_at=timezone.now())
    assert set(Action.objects.without_owner()) == {nobodys, left}
    assert list(planning.people_who_assess([world["harbour"].pk])) == [world["mary"]]
    assert kept not in Action.objects.without_owner()


def test_a_reason_is_given_once_and_changed_by_version(world: dict[str, Any]) -> None:
    gap = uuid.uuid4()
    first = planning.give_reason(world["service"], Source.ANSWER, gap, "The landlord decides.", base=0, by=world["joe"])
    with pytest.raises(Outdated):
        planning.give_reason(world["service"], Source.ANSWER, gap, "Other words", base=0, by=world["mary"])
    planning.give_reason(world["service"], Source.ANSWER, gap, "Other words", base=1, by=world["mary"])
    first.refresh_from_db()
    assert (first.reason, first.version, first.given_by) == ("Other words", 2, world["mary"])
    with pytest.raises(ValidationError):
        planning.give_reason(world["service"], Source.ANSWER, gap, "  ", base=2, by=world["mary"])


# --- The whole machine (PERM-12) ----------------------------------------------------------------------------------------

ALLOWED = {
    ("open", "begin"): "in_progress", ("open", "complete"): "done", ("in_progress", "complete"): "done", ("done", "verify"): "verified",
    ("done", "send_back"): "in_progress", ("verified", "send_back"): "in_progress", ("open", "cancel"): "cancelled",
    ("in_progress", "cancel"): "cancelled", ("open", "change"): "open", ("in_progress", "change"): "in_progress",
}  # fmt: skip
WORDS: dict[str, list[Any]] = {"complete": ["How"], "cancel": ["Why"], "send_back": ["What"], "change": [{"what": "New"}]}


class Machine(RuleBasedStateMachine):
    """Anybody tries anything in any order: only what the table allows happens, and only by whom."""

    def __init__(self) -> None:
        super().__init__()
        harbour = plans.provider()
        service = plans.service_of(harbour)
        self.people = {"mary": plans.person("mary", harbour, Role.MANAGER), "joe": plans.person("joe", harbour)}
        self.people |= {"rita": plans.person("rita", harbour, Role.READER), "rival": plans.person("rival", plans.provider())}
        self.action = plans.action_of(service, self.people["mary"])
        self.status, self.done_by, self.steps = "open", "", 0

    @rule(who=st.sampled_from(["mary", "joe", "rita", "rival"]), name=st.sampled_from(sorted({name for _state, name in ALLOWED})))
    def attempt(self, who: str, name: str) -> None:
        expected = ALLOWED.get((self.status, name))
        may = who in {"mary", "joe"} and not (name == "verify" and self.done_by == who)
        extra = {"base": self.action.version} if name == "change" else {}
        try:
            getattr(self.action, name)(*WORDS.get(name, []), by=self.people[who], **extra)
        except PermissionDenied:
            assert not may
        except WrongState:
            assert may
            assert expected is None
        else:
            assert may
            assert expected is not None
            self.steps += 1
            self.status = expected
            self.done_by = {"complete": who, "send_back": ""}.get(name, self.done_by)

    @invariant()
    def what_stands_is_what_was_allowed(self) -> None:
        row = Action.objects.get(pk=self.action.pk)
        assert row.status == self.status
        assert row.version == 1 + self.steps
        assert Event.objects.about(row).count() == self.steps
        assert row.status != "verified" or (row.verified_by_id and row.verified_by_id != row.done_by_id)


def test_perm_12_no_order_of_steps_leads_anywhere_else() -> None:
    quick = settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Machine, settings=quick)
