"""Good-practice cards through every state, at random: no step but those of the graph, nobody reads what is not shown (B8)."""

import random
from collections import Counter
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.models import User
from portal.steps import WrongState
from standards.reports import cards
from standards.reports.models import GoodPracticeCard, Statement
from tests.integration.standards.reports.cast import Cast
from tests.integration.standards.reports.test_practice import SAFE, offered

pytestmark = pytest.mark.django_db

GRAPH = {
    "write": ({"offered"}, "offered", {"manager"}), "consent": ({"offered", "declined"}, "agreed", {"manager"}),
    "decline": ({"offered"}, "declined", {"manager"}), "give_back": ({"agreed"}, "offered", {"publisher", "publisher_2"}),
    "show": ({"agreed"}, "shown", {"publisher", "publisher_2"}), "withdraw": ({"agreed", "shown"}, "withdrawn", {"manager"}),
    "take_down": ({"shown"}, "withdrawn", {"publisher", "publisher_2"}),
}  # fmt: skip


def arguments(name: str, card: GoodPracticeCard) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if name in ("write", "consent"):
        return (SAFE,), {"base": card.version}
    return {"show": (("NOTHING TO REDACT",), {}), "withdraw": ((), {})}.get(name, (("A reason.",), {}))


def test_b8_random_steps_of_random_people_never_leave_the_graph(world: Cast) -> None:
    assert set(GRAPH) == set(GoodPracticeCard.STEPS)
    world.to("shared_restricted")
    dice = random.Random(8)  # noqa: S311 - dice of a test
    people: dict[str, User] = {name: world.who(name) for name in world.people}
    taken: Counter[str] = Counter()
    card, number = offered(world), 1000
    for _turn in range(3000):
        name, who = dice.choice(list(GRAPH)), dice.choice([*people, "manager", "publisher", "publisher_2"])
        sources, to, whose = GRAPH[name]
        before, (args, kwargs) = card.status, arguments(name, card)
        try:
            getattr(card, name)(*args, **kwargs, by=people[who])
        except PermissionDenied:
            assert who not in whose, (name, who)
        except WrongState:
            assert who in whose, (name, who)
            assert before not in sources
        else:
            assert who in whose, (name, who)
            assert before in sources, (name, before)
            assert card.status == to
            taken[name] += 1
        card.refresh_from_db()
        is_read = GoodPracticeCard.objects.visible_to(people["rival"]).contains(card)
        assert is_read == (card.status == "shown")
        if card.status == "withdrawn" and dice.random() < 0.2:
            number += 1
            row = Statement.objects.create(
                report=world.report, number=number, order=number, section="standard", standard=card.standard, text="x",
                is_good_practice=True, by=people["lead"],
            )  # fmt: skip
            card = cards.propose(row, SAFE, by=people["lead"])
    assert min(taken.values()) > 3
    assert set(taken) == set(GRAPH)
