"""Differences word by word: what is woven together can be taken apart again."""

import time

from hypothesis import given
from hypothesis import strategies as st

from standards.assessments.differences import difference

TEXTS = st.text(alphabet="ab cd.\nŵሀع", max_size=60)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_difference(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
    assert all(piece.text for piece in pieces)


def test_words_are_compared_not_letters() -> None:
    found = [(piece.kind, piece.text) for piece in difference("We check daily.", "We check weekly.")]
    assert found == [("same", "We check "), ("gone", "daily"), ("new", "weekly"), ("same", ".")]


def test_equal_and_empty_texts() -> None:
    assert difference("", "") == []
    assert [piece.kind for piece in difference("a", "a")] == ["same"]


def test_very_long_texts_keep_nobody_waiting() -> None:
    before = "\n".join(f"Line {number} says this and that about it." for number in range(2_000))
    began = time.perf_counter()
    difference(before, before.replace("this", "these"))
    assert time.perf_counter() - began < 3
