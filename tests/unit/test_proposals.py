"""Two people change a fact: who may do what, and that no other code changes what readers act on."""

import ast
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest

from survivors.facts import permissions
from survivors.facts.models import Fact, FactProposal, Kind
from survivors.facts.models.facts import CHECK_AGAIN_AFTER
from survivors.facts.models.proposals import _same
from survivors.facts.wording import problems
from tests.unit.test_house_rules import ROOM_MODULES, name, tree

EVERYTHING = frozenset({permissions.PROPOSE, permissions.DECIDE, permissions.CHECK})


@dataclass
class Somebody:
    """A person with rights, without a database."""

    rights: frozenset[str] = EVERYTHING
    is_active: bool = True
    pk: UUID = field(default_factory=uuid4)

    def has_perm(self, right: str) -> bool:
        return right in self.rights


def proposed_by(person: Any, status: str = "proposed") -> FactProposal:
    return FactProposal(proposed_by_id=person.pk, status=status)


def test_only_a_second_person_with_the_right_decides() -> None:
    edith, chris = Somebody(), Somebody()
    row = proposed_by(edith)
    assert permissions.may_decide(chris, row)  # type: ignore[arg-type]
    assert not permissions.may_decide(edith, row)  # type: ignore[arg-type]
    for other in (Somebody(EVERYTHING - {permissions.DECIDE}), Somebody(is_active=False)):
        assert not permissions.may_decide(other, row)  # type: ignore[arg-type]


def test_only_who_proposed_withdraws() -> None:
    edith, chris = Somebody(frozenset()), Somebody()
    assert permissions.may_withdraw(edith, proposed_by(edith))  # type: ignore[arg-type]
    assert not permissions.may_withdraw(chris, proposed_by(edith))  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["accepted", "refused", "withdrawn"])
def test_what_is_decided_is_nobodys_to_decide(status: str) -> None:
    edith, chris = Somebody(), Somebody()
    row = proposed_by(edith, status)
    assert not permissions.may_decide(chris, row)  # type: ignore[arg-type]
    assert not permissions.may_withdraw(edith, row)  # type: ignore[arg-type]


def test_each_right_opens_its_own_door() -> None:
    for right, opens in (
        (permissions.PROPOSE, {"may_propose", "may_see"}),
        (permissions.DECIDE, {"may_see"}),
        (permissions.CHECK, {"may_check"}),
    ):
        person: Any = Somebody(frozenset({right}))
        assert {door for door in ("may_propose", "may_see", "may_check") if getattr(permissions, door)(person)} == opens


def test_every_kind_is_checked_again_some_day() -> None:
    assert set(CHECK_AGAIN_AFTER) == set(Kind)
    assert CHECK_AGAIN_AFTER[Kind.EXIT] < CHECK_AGAIN_AFTER[Kind.LINK]


def test_the_order_of_ticked_boxes_is_no_change() -> None:
    assert _same(["wales", "england"], ["england", "wales"])
    assert not _same(["wales"], ["england", "wales"])
    assert not _same("1", 1)


@pytest.mark.parametrize(
    "number", ["08000 121 700", "٠٨٠٠٠ ١٢١ ٧٠٠", "०८०००१२१७००", "０８０００　１２１７００", "0-8-0-0-0 1 2 1 7 0 0", "①②③④⑤⑥⑦"]
)
@pytest.mark.parametrize("text", ["Call {0}", "<p>{0}</p>", '<b title="{0}">x</b>'])
def test_inj_16_no_number_in_any_script_or_attribute(number: str, text: str) -> None:
    assert problems(text.format(number), {})


# --- No other way -----------------------------------------------------------------------------------------------------

CREATES = {"survivors/facts/seed.py", "survivors/leave/seed.py", "survivors/facts/models/proposals.py"}  # made where there was none
WRITES = {"update", "bulk_update", "bulk_create", "create", "get_or_create", "update_or_create", "delete"}


def test_inj_16_nothing_else_in_the_code_makes_or_changes_a_fact() -> None:
    """Whoever writes ``Fact(…)`` or ``Fact.objects.….update(…)`` in another module has to come past this test."""
    found = set()
    for path in (path for path in ROOM_MODULES if "survivors.facts.models" in path.read_text(encoding="utf-8")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Fact" and (node.args or node.keywords):
                found.add(name(path))
            writes = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
            if writes and ast.unparse(node).startswith("Fact.objects"):
                found.add(name(path))
    assert found <= CREATES
    assert "survivors/facts/seed.py" in found, "the search finds what there is"


def test_inj_16_guarded_values_are_set_in_one_place_only() -> None:
    taking = {
        name(path)
        for path in ROOM_MODULES
        if "survivors.facts" in path.read_text(encoding="utf-8")  # limits of sign-in are "taken" too, elsewhere
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "take"
    }
    assert taking == {"survivors/facts/models/proposals.py"}
    assert set(Fact.GUARDED) == {"key", "kind", "value", "unit", "nations", "source", "seen", "mark"}
