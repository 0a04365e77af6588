"""How sure a statement is: the least sure part decides, and what is unmarked is not settled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cms.marks import MARKS, is_settled, worst

CODES = [code for code, _ in MARKS]
SOME = st.lists(st.sampled_from([*CODES, ""]), max_size=6)


@pytest.mark.parametrize(("mark", "settled"), [("A", True), ("B", True), ("C", False), ("D", False)])
def test_only_what_was_read_is_settled(mark: str, settled: bool) -> None:
    assert is_settled(mark) is settled


def test_nothing_marked_is_not_settled() -> None:
    assert worst() == worst("", "") == "D"
    assert not is_settled(worst())


@given(marks=SOME)
def test_the_least_sure_part_decides(marks: list[str]) -> None:
    given_marks = [mark for mark in marks if mark]
    assert worst(*marks) == (sorted(given_marks)[-1] if given_marks else "D")


@given(marks=SOME, more=st.sampled_from(CODES))
def test_another_part_never_makes_it_surer(marks: list[str], more: str) -> None:
    if any(marks):
        assert worst(*marks, more) >= worst(*marks)
        assert not is_settled(worst(*marks, "D"))
