"""The board "Nobody in the gap": both services see it, managers are told once; and what it costs."""

import uuid
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from portal.audit.models import Notice
from providers.transitions import pathways, tasks
from providers.transitions.models import Offer, Transition
from tests.integration.providers.transitions.cast import World

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ROOT = "/workspace/transitions/"


def counts(client: Client) -> dict[str, int]:
    return {pile.key: pile.count for pile in client.get(f"{ROOT}gap/").context["piles"]}


def test_both_services_see_who_stands_in_the_gap_and_nobody_else_does(world: World) -> None:
    world.offered()
    for name in ("worker", "reader", "their_worker", "their_reader"):
        assert counts(world.client(name))["unanswered"] == 1, name
    for name in ("rival", "inspector", "commissioner", "administrator", "stranger"):
        assert sum(counts(world.client(name)).values()) == 0, name


def test_the_piles_follow_the_way(world: World) -> None:
    worker = world.client("worker")
    world.accepted()
    assert counts(worker) == {"unanswered": 0, "not_met": 1, "past_due": 0, "lost": 0}
    world.now().book(timezone.localdate(), by=world.who("worker"))
    world.tick_all()
    world.now().move(by=world.who("worker"))
    with pytest.raises(ValidationError, match="Not enough has been tried"):
        world.now().lose_contact(by=world.who("worker"))
    world.tried()
    world.now().lose_contact(by=world.who("worker"))
    assert counts(worker) == {"unanswered": 0, "not_met": 1, "past_due": 0, "lost": 1}
    page = worker.get(f"{ROOT}gap/?pile=lost").content.decode()
    assert str(world.sender) in page, "who is responsible meanwhile is named"
    Transition.objects.filter(pk=world.row.pk).update(next_due_on=timezone.localdate() - timedelta(days=1))
    assert counts(worker)["past_due"] == 1


def test_managers_of_both_sides_hear_once_for_each_reason(world: World) -> None:
    offer = world.offered()
    today = timezone.localdate().isoformat()
    tasks.look_for_gaps(today)
    assert not Notice.objects.filter(kind="transitions.gap_unanswered").exists(), "its time is not over"
    Offer.objects.filter(pk=offer.pk).update(answer_due_at=timezone.now() - timedelta(minutes=1))
    for _morning in range(2):
        tasks.look_for_gaps(today)
    told = sorted(notice.to.pk for notice in Notice.objects.filter(kind="transitions.gap_unanswered"))
    assert told == sorted(world.people[name].pk for name in ("manager", "their_manager"))


def many(world: World, count: int, **fields: Any) -> list[Transition]:
    """Records in bulk, as they would be after years."""
    pathway = pathways.in_force(timezone.localdate())
    given = {"status": "planning", "trigger": "own_wish", "trigger_on": date(2026, 1, 5), "nation": "england", **fields}
    rows: list[Transition] = Transition.objects.bulk_create(
        Transition(organisation=world.sender, service=world.service, pathway=pathway, worker=world.people["worker"],
                   reference_index=uuid.uuid4().bytes * 2, **given)
        for _number in range(count)
    )  # fmt: skip
    return rows


def test_the_board_of_five_thousand_transitions(
    world: World, django_assert_max_num_queries: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    late = many(world, 2500, next_due_on=timezone.localdate() - timedelta(days=3))
    many(world, 2500)
    due = timezone.now() - timedelta(days=1)
    Offer.objects.bulk_create(
        Offer(transition=row, organisation=world.receiver, sender_id=world.sender.pk, offered_by=world.people["worker"], answer_due_at=due)
        for row in late[:1500]
    )
    for name, unanswered, past in (("worker", 1500, 2500), ("their_worker", 1500, 1500)):
        client = world.client(name)
        client.get(f"{ROOT}gap/?pile=past_due")
        with django_assert_max_num_queries(12) as seen:
            begin = perf_counter()
            answer = client.get(f"{ROOT}gap/?pile=past_due")
            took = perf_counter() - begin
        inside = [query for query in seen.captured_queries if "accounts_" not in query["sql"]]
        with capsys.disabled():
            print(f" [{name}: {len(seen.captured_queries)} queries, {len(inside)} of the board, {took * 1000:.0f} ms]", end="")
        assert {pile.key: pile.count for pile in answer.context["piles"]} == {
            "unanswered": unanswered, "not_met": 0, "past_due": past, "lost": 0
        }  # fmt: skip
        assert len(answer.context["lines"]) == 25
