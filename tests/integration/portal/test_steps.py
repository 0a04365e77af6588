"""``@step``: the lock, the permission, the state, the event; and who wins when several come at once (INT-03, INT-04)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection

from portal.accounts.roles import Role
from portal.audit.models import Event
from portal.audit.trail import record
from portal.steps import WrongState
from standards.actions.models import Action
from tests.databases import at_once as side_by_side
from tests.databases import own_copy
from tests.integration.standards.plans import action_of, fresh, person, provider, service_of

alone = pytest.mark.django_db


def an_action(**fields: Any) -> tuple[Action, Any]:
    organisation = provider()
    worker = person("wendy", organisation)
    return action_of(service_of(organisation), worker, **fields), worker


def events(row: Action) -> list[str]:
    return list(Event.objects.about(row).values_list("verb", flat=True))


@alone
def test_a_step_changes_the_state_and_says_so_in_the_same_transaction() -> None:
    row, worker = an_action()
    row.begin(by=worker)
    assert (row.status, row.version) == ("in_progress", 2)
    event = Event.objects.about(row).get()
    assert (event.verb, event.by, event.before, event.after) == ("actions.action.begin", worker, "open", "in_progress")
    assert event.organisation_id == row.organisation_id


@alone
def test_who_may_is_asked_of_the_locked_row_not_of_the_one_in_hand() -> None:
    row, worker = an_action()
    elsewhere = provider("Rowan")
    Action.objects.filter(pk=row.pk).update(organisation=elsewhere)  # moved while the page stood open
    with pytest.raises(PermissionDenied):
        row.begin(by=worker)
    assert events(row) == []


@alone
def test_the_row_is_locked_before_anybody_is_asked() -> None:
    row, worker = an_action()
    statements: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        row.begin(by=fresh(worker))
    locking = next(at for at, sql in enumerate(statements) if "FOR UPDATE" in sql)
    asking = next(at for at, sql in enumerate(statements) if "organisations_membership" in sql)
    assert locking < asking


@alone
def test_a_wrong_state_is_refused_in_words_and_nothing_changes() -> None:
    row, worker = an_action()
    with pytest.raises(WrongState, match="This is “Open” already"):
        row.verify(by=person("vera", row.organisation))
    row.refresh_from_db()
    assert (row.status, row.version, events(row)) == ("open", 1, [])
    assert worker


@alone
def test_what_does_not_validate_is_rolled_back_with_its_event() -> None:
    row, worker = an_action()
    with pytest.raises(ValidationError, match="Say how it was done"):
        row.complete(" ", by=worker)
    with pytest.raises(ValidationError):
        row.change({"due_on": row.start_on.replace(year=2000)}, base=1, by=worker)
    row.refresh_from_db()
    assert (row.status, row.version, events(row)) == ("open", 1, [])


@alone
@pytest.mark.parametrize("text", ["She said that he followed her", "two words", "x" * 81, "tab\tbed", "name <a@b.example>"])
def test_priv_an_event_refuses_what_could_be_a_sentence(text: str) -> None:
    row, worker = an_action()
    for codes in ({"note": text}, {"note": ["fine", text]}):
        with pytest.raises(ValidationError, match="codes, not sentences"):
            record("actions.action.note", row, by=worker, codes=codes)
    assert events(row) == []


@alone
def test_codes_are_kept_as_words_and_numbers() -> None:
    row, worker = an_action()
    event = record(
        "actions.action.note", row, by=worker, codes={"due": "2026-11-24", "count": 3, "ids": [row.pk], "nothing": None, "yes": True}
    )
    event.refresh_from_db()
    assert event.codes == {"due": "2026-11-24", "count": 3, "ids": [str(row.pk)], "nothing": None, "yes": True}


@alone
def test_a_step_offers_itself_only_to_who_may_take_it_now() -> None:
    row, worker = an_action()
    reader = person("rita", row.organisation, Role.READER)
    assert {step.name for step in row.open_to(worker)} >= {"begin", "complete", "cancel"}
    assert "verify" not in {step.name for step in row.open_to(worker)}
    assert row.open_to(reader) == []


@alone
def test_the_drawing_of_the_steps_is_the_codes() -> None:
    call_command("draw_steps", check=True)


# --- At the same time -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copy(request: pytest.FixtureRequest) -> Iterator[str]:
    with own_copy(request, "steps") as database:
        yield database


at_once = partial(side_by_side, refused=(WrongState, PermissionDenied, ValidationError), seconds=60)


def test_int_03_twenty_double_submits_have_one_effect(copy: str) -> None:
    for _round in range(3):
        row, worker = an_action()
        seen = [Action.objects.get(pk=row.pk) for _ in range(20)]

        def begin(own: Action, by: Any) -> None:
            own.begin(by=fresh(by))

        found = at_once([partial(begin, own, worker) for own in seen])
        assert sum(isinstance(result, WrongState) for result in found) == 19
        row.refresh_from_db()
        assert (row.status, row.version, events(row)) == ("in_progress", 2, ["actions.action.begin"])


def test_int_04_of_two_steps_that_exclude_each_other_exactly_one_wins(copy: str) -> None:
    won = []
    for _round in range(15):
        row, worker = an_action()
        Action.objects.filter(pk=row.pk).update(status="done", done_by=person("dora", row.organisation), completion="Done.")
        verifier = fresh(worker)
        one, other = Action.objects.get(pk=row.pk), Action.objects.get(pk=row.pk)
        found = at_once([partial(one.verify, by=verifier), partial(other.verify, by=verifier)])
        row.refresh_from_db()
        assert sum(isinstance(result, WrongState) for result in found) == 1
        assert (row.status, events(row)) == ("verified", ["actions.action.verify"])
        row, worker = an_action()
        one, other = Action.objects.get(pk=row.pk), Action.objects.get(pk=row.pk)
        found = at_once([partial(one.complete, "How.", by=fresh(worker)), partial(other.cancel, "Why.", by=fresh(worker))])
        row.refresh_from_db()
        assert sum(isinstance(result, WrongState) for result in found) == 1
        assert row.status in {"done", "cancelled"}
        assert bool(row.completion) == (row.status == "done"), "no mixed state"
        assert bool(row.cancelled_reason) == (row.status == "cancelled")
        assert len(events(row)) == 1
        won.append(row.status)
    assert len(won) == 15
