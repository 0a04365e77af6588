"""B14: what two people did to the same words is put together field by field, and nobody is overwritten."""

from itertools import product
from typing import Any

import pytest

from standards.inspections.merging import all_same, is_same, merge
from standards.inspections.packing import TOGETHER

BASE: dict[str, Any] = {
    "standard": "s1", "indicators": ["a", "b"], "kind": "shortfall", "text": "As it was.", "severity": "low", "likelihood": "",
    "is_urgent": False, "evidence": "",
}  # fmt: skip


def test_b14_what_one_side_changed_is_taken_from_that_side() -> None:
    merged = merge([BASE], {**BASE, "text": "Mine."}, {**BASE, "evidence": "Theirs."})
    assert merged.conflicts == ()
    assert merged.values == {**BASE, "text": "Mine.", "evidence": "Theirs."}


def test_b14_what_both_changed_is_a_conflict_and_neither_is_lost() -> None:
    mine, theirs = {**BASE, "text": "Mine.", "is_urgent": True}, {**BASE, "text": "Theirs."}
    merged = merge([BASE], mine, theirs)
    assert merged.conflicts == ("text",)
    assert merged.values["is_urgent"] is True, "the rest is merged all the same"
    assert (mine["text"], theirs["text"]) == ("Mine.", "Theirs.")


def test_b14_the_same_change_on_both_sides_is_none() -> None:
    changed = {**BASE, "text": "The same."}
    assert merge([BASE], changed, changed) == merge([BASE], {**BASE, "text": "The same.  \r\n"}, changed)
    assert merge([BASE], changed, changed).conflicts == ()


def test_b14_without_a_known_base_every_difference_is_asked_about() -> None:
    merged = merge([], {**BASE, "text": "Mine.", "severity": "high"}, BASE)
    assert merged.conflicts == ("text", "severity")
    assert merge([], BASE, BASE).conflicts == ()


def test_b14_after_a_lost_answer_it_does_not_matter_whether_it_arrived() -> None:
    sent, now = {**BASE, "text": "Sent."}, {**BASE, "text": "Said better."}
    for arrived in (BASE, sent):
        assert merge([BASE, sent], now, arrived).values == now
        assert merge([BASE, sent], now, arrived).conflicts == ()
        assert merge([BASE, sent], BASE, arrived).values == BASE, "also whoever took it back"
    assert merge([BASE, sent], sent, {**BASE, "text": "Theirs."}).conflicts == ("text",), "what was tried is not what stood there"
    assert merge([BASE, sent], sent, {**sent, "evidence": "Theirs."}).values == {**sent, "evidence": "Theirs."}


def test_b14_fields_that_belong_together_are_not_mixed_from_two_sides() -> None:
    mine, theirs = {**BASE, "severity": "critical"}, {**BASE, "kind": "strength", "severity": "low"}
    assert merge([BASE], mine, theirs).conflicts == ()
    assert merge([BASE], mine, theirs, TOGETHER).conflicts == ("kind", "severity")
    assert merge([BASE], {**BASE, "indicators": ["a"]}, {**BASE, "standard": "s2"}, TOGETHER).conflicts == ("standard", "indicators")
    assert merge([BASE], {**BASE, "severity": "high", "kind": "serious_concern"}, BASE, TOGETHER).conflicts == ()


def test_b14_a_field_that_was_not_sent_is_as_it_stands() -> None:
    assert merge([BASE], {"text": "Mine."}, BASE).values == {**BASE, "text": "Mine."}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (["a", "b"], ["b", "a"], True), ("x\r\ny", "x\ny", True), ("x ", "x", True), (True, "on", False), (False, "", False),
        ("0", "0", True), ([], "", False), ("x  y", "x y", False),
    ],
)  # fmt: skip
def test_b14_what_counts_as_the_same(one: Any, other: Any, same: bool) -> None:
    assert is_same(one, other) is same


def test_b14_for_every_way_three_values_can_relate_nothing_is_overwritten_silently() -> None:
    for was, mine, theirs in product("xyz", repeat=3):
        merged = merge([{"text": was}], {"text": mine}, {"text": theirs})
        lost = {mine, theirs} - {merged.values["text"], was}
        assert not lost or merged.conflicts == ("text",), (was, mine, theirs)
        assert bool(merged.conflicts) == (mine != theirs and was not in (mine, theirs)), (was, mine, theirs)


def test_all_same_looks_only_at_the_fields_it_is_asked_about() -> None:
    assert all_same({"text": "x", "looked": "1"}, {"text": "x"}, ["text"])
    assert not all_same({"text": "x"}, {}, ["text"])
