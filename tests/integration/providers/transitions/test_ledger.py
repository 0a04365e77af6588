"""Exactly one service is responsible at every moment: no gap, no overlap, whatever anybody does (B9, C28)."""

import random
import uuid
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.steps import WrongState
from providers.transitions import checklists, offering
from providers.transitions.models import Responsibility, Transition
from tests.integration.providers.transitions.cast import World

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
TAKEN: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()


def holders_at(row: Transition, moment: datetime) -> list[Any]:
    """Who holds it at that moment, each entry taken as a span from its beginning to that of the next: counted, not looked up."""
    entries = list(Responsibility.objects.filter(transition=row).order_by("number"))
    ends = [entry.from_at for entry in entries[1:]] + [None]
    return [
        entry
        for entry, end in zip(entries, ends, strict=True)
        if entry.from_at <= moment and (end is None or moment < end) and entry.because != "ended"
    ]


def whole(row: Transition) -> None:
    """From the first entry to the end (or for ever) exactly one holds, at every edge and between; before and after nobody."""
    entries = list(Responsibility.objects.filter(transition=row).order_by("number"))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0].because == "began"
    assert entries[0].from_at == Transition.objects.get(pk=row.pk).created_at
    over = entries[-1].because == "ended"
    assert over == (Transition.objects.get(pk=row.pk).status in Transition.TERMINAL)
    step = timedelta(microseconds=1)
    for entry in entries:
        expected = 0 if entry.because == "ended" else 1
        assert len(holders_at(row, entry.from_at)) == expected
        assert len(holders_at(row, entry.from_at + step)) in {expected, 0 if over else 1}
    assert holders_at(row, entries[0].from_at - step) == []
    for earlier, later in pairwise(entries):
        assert earlier.from_at < later.from_at
        assert len(holders_at(row, earlier.from_at + (later.from_at - earlier.from_at) / 2)) == 1


# --- What the database itself refuses -------------------------------------------------------------------------------------------


def refused(**fields: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Responsibility.objects.create(**fields)


def test_b9_no_transition_without_somebody_responsible_however_it_is_written(world: World) -> None:
    world.begin()
    bare = Transition.objects.bulk_create([
        Transition(
            organisation=world.sender, service=world.service, pathway=world.row.pathway, reference_index=uuid.uuid4().bytes * 2,
            nation="england", trigger="own_wish", trigger_on=timezone.localdate(), worker=world.people["worker"],
        )
    ])[0]  # fmt: skip
    entry = Responsibility.objects.get(transition=bare)
    assert (entry.number, entry.organisation, entry.because) == (1, world.sender, "began")
    whole(bare)


def test_b9_the_database_refuses_gaps_overlaps_and_second_thoughts(world: World) -> None:
    world.begin()
    row, now = world.row, timezone.now()
    other = {"transition": row, "organisation": world.receiver, "because": "contact_confirmed"}
    refused(**other, number=3, from_at=now)  # a number is left out
    refused(**other, number=1, from_at=now)  # twice the same
    refused(**other, number=2, from_at=row.created_at)  # from the same moment on: an overlap
    refused(**other, number=2, from_at=row.created_at - timedelta(seconds=1))  # from before
    refused(transition=row, number=2, from_at=now, because="contact_confirmed")  # nobody
    refused(transition=row, organisation=world.receiver, number=2, from_at=now, because="began")  # a second beginning
    refused(transition=row, organisation=world.receiver, number=2, from_at=now, because="ended")  # an end with somebody
    for change in ("update", "delete"):
        with pytest.raises(DatabaseError), transaction.atomic():
            entries = Responsibility.objects.filter(transition=row)
            entries.update(organisation=world.receiver) if change == "update" else entries.delete()
    Responsibility.objects.create(transition=row, number=2, from_at=now, because="ended")
    refused(**other, number=3, from_at=now + timedelta(seconds=1))  # after the end
    assert Responsibility.objects.filter(transition=row).count() == 2


def test_ret_07_entries_go_only_with_a_record_that_is_being_erased(world: World) -> None:
    world.begin()
    Transition.objects.filter(pk=world.row.pk).update(status="purging")
    Responsibility.objects.filter(transition=world.row).delete()
    assert not Responsibility.objects.filter(transition=world.row).exists()


# --- What moves it -----------------------------------------------------------------------------------------------------------------


def test_b9_offer_and_acceptance_move_nothing_confirmed_contact_does(world: World) -> None:
    offer = world.offered()
    assert world.now().responsible_id == world.sender.pk
    offering.take(offer, "accept", timezone.localdate(), by=world.who("their_worker"))
    assert world.now().responsible_id == world.sender.pk
    world.now().book(timezone.localdate(), by=world.who("their_worker"))
    world.tick_all()
    world.now().move(by=world.who("worker"))
    assert world.now().responsible_id == world.sender.pk
    offering.take(offer, "confirm_contact", timezone.now(), by=world.who("their_worker"))
    assert world.now().responsible_id == world.receiver.pk
    assert world.now().status == "confirmed_safe"
    assert [entry.because for entry in world.now().ledger.all()] == ["began", "contact_confirmed"]
    whole(world.row)


def test_b9_the_sender_cannot_confirm_for_the_receiver_nor_anybody_before_she_moved(world: World) -> None:
    offer = world.accepted()
    with pytest.raises(PermissionDenied):
        offering.take(offer, "confirm_contact", timezone.now(), by=world.who("worker"))
    with pytest.raises(WrongState):
        offering.take(offer, "confirm_contact", timezone.now(), by=world.who("their_worker"))
    assert world.now().responsible_id == world.sender.pk


def test_b9_a_clock_that_was_set_back_makes_no_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    offer = world.moved()
    past = timezone.now() - timedelta(days=3)
    monkeypatch.setattr("providers.transitions.models.ledger.timezone.now", lambda: past)
    offering.take(offer, "confirm_contact", past - timedelta(minutes=1), by=world.who("their_worker"))
    monkeypatch.undo()
    assert world.now().responsible_id == world.receiver.pk
    whole(world.row)


def test_b9_taken_back_the_service_she_left_is_responsible_again(world: World) -> None:
    offer = world.met()
    world.now().settle(by=world.who("their_worker"))
    world.now().ask_to_return(by=world.who("their_worker"))
    with pytest.raises(PermissionDenied):
        world.now().take_back(by=world.who("their_manager"))
    world.now().take_back(by=world.who("manager"))
    assert (world.now().responsible_id, world.now().status) == (world.sender.pk, "planning")
    offer.refresh_from_db()
    assert offer.status == "ended"
    whole(world.row)


# --- Whatever anybody does -----------------------------------------------------------------------------------------------------------

PEOPLE = ("worker", "manager", "colleague", "reader", "their_worker", "their_manager", "rival", "stranger", "inspector", "waymark")
PLAIN = (
    "plan", "plan_again", "cancel", "run_out", "withdraw", "refer", "note_declined", "note_offer_ended", "note_accepted", "move", "settle",
    "ease", "lose_contact", "find", "escalate", "hand_back", "ask_to_return", "take_back", "close_reentered", "sustain", "close_sustained",
    "close_lost",
)  # fmt: skip
OFFER_STEPS = ("accept", "accept_by_phone", "decline", "withdraw", "expire", "confirm_contact", "confirm_by_phone")


def attempt(world: World, act: str, by: Any, rnd: random.Random) -> None:
    """One act by anybody, in whatever state. Raises what the rules raise."""
    row = world.now()
    today, now = timezone.localdate(), timezone.now()
    own: dict[str, Any] = {
        "agree": lambda: row.agree(rnd.choice(["recorded", "ask"]), by=by),
        "book": lambda: row.book(today + timedelta(days=rnd.randrange(3)), by=by),
        "flag_risk": lambda: row.flag_risk("housing", by=by),
        "send": lambda: offering.send(row, rnd.choice([world.receiver, world.receiver, world.elsewhere, None]), by=by),
        "tick": lambda: [
            checklists.answer(check, "done", "", base=check.version, by=by) for check in row.checks.filter(state="open")
        ],
        "asked_at_six_months": world.says_stable,
        "tried_in_vain": world.tried,
    }  # fmt: skip
    if act in own:
        own[act]()
    elif act in PLAIN:
        getattr(row, act)(by=by)
    elif not (offers := list(row.offers.all())):
        raise NoOffer
    elif act == "note_met":
        row.note_met(rnd.choice(offers), by=by)
    else:
        words: dict[str, list[Any]] = {
            "accept": [today], "accept_by_phone": [today], "decline": ["no_space", "talk"], "confirm_contact": [now],
            "confirm_by_phone": [now],
        }  # fmt: skip
        offering.take(offers[0] if rnd.random() < 0.8 else rnd.choice(offers), act, *words.get(act, []), by=by)


class NoOffer(Exception):  # noqa: N818 - there is no offer to act on
    """Nothing to act on."""


LIKELY = ("worker", "worker", "their_worker", "their_worker", "manager", "their_manager", "waymark")
FORWARD = {
    "draft": "plan", "planning": "agree", "consented": "send", "referred": "accept", "declined": "plan_again", "accepted": "book",
    "handover_booked": "tick_and_move", "moved": "confirm_contact", "confirmed_safe": "settle", "settling": "sustain",
}  # fmt: skip
RIGHT = {"accept": "their_worker", "confirm_contact": "their_worker", "settle": "their_worker", "sustain": "their_worker"}
ACTS = (*PLAIN, "agree", "book", "flag_risk", "send", "tick", "asked_at_six_months", "tried_in_vain", "note_met", *OFFER_STEPS)


def leading_on(world: World) -> str:
    """What would lead on from here."""
    status, *_ledger = stand(world)
    act = FORWARD.get(status, "hand_back")
    if act == "tick_and_move":
        act = "tick" if checklists.blockers(world.now()) else "move"
    return "asked_at_six_months" if act == "sustain" and not world.row.follow_ups.filter(done_at__isnull=False).exists() else act


def stand(world: World) -> tuple[Any, ...]:
    """The state, and the whole ledger."""
    entries = Responsibility.objects.filter(transition=world.row).values_list("number", "organisation", "outside", "because")
    return (Transition.objects.values_list("status", flat=True).get(pk=world.row.pk), *entries.order_by("number"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(seed=st.integers(0, 2**32 - 1))
def test_b9_perm_12_no_gap_and_no_overlap_whatever_anybody_does(world: World, seed: int) -> None:
    """Random people take random acts in random states; half of them are what would lead on, so that far states are reached too."""
    rnd = random.Random(seed)  # noqa: S311 - a walk that can be walked again
    with transaction.atomic():
        world.begin()
        world.consent()
        for _number in range(45):
            lead_on = rnd.random() < 0.5
            act = leading_on(world) if lead_on else rnd.choice(ACTS)
            name = RIGHT.get(act, "worker") if lead_on else rnd.choice(LIKELY if rnd.random() < 0.7 else PEOPLE)
            before = stand(world)
            try:
                with transaction.atomic():
                    attempt(world, act, None if name == "waymark" else world.people[name], rnd)
            except (PermissionDenied, WrongState, ValidationError, NoOffer):
                REFUSED[act] += 1
                assert stand(world) == before, "a refusal writes nothing"
                continue
            TAKEN[act] += 1
            if (now := stand(world))[1:] != before[1:]:
                moving = {"confirm_contact", "confirm_by_phone", "note_met", "take_back"}
                assert act in moving or now[0] in Transition.TERMINAL, f"{act} moved responsibility"
            whole(world.row)
        transaction.set_rollback(True)


def test_b9_the_walk_above_went_far_enough(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        total = sum(TAKEN.values()) + sum(REFUSED.values())
        print(f" [{total} acts, {sum(TAKEN.values())} taken of {len(TAKEN)} kinds, {sum(REFUSED.values())} refused]", end="")
    assert TAKEN["confirm_contact"] >= 2
    assert sum(TAKEN.values()) >= 100
    assert connection.vendor == "postgresql"
