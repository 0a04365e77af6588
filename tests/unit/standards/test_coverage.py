"""The coverage map, worked out from plain values (B7)."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standards.assessments.coverage import Asked, Cover, Gap, Item, cover

DAY, BEGAN, FAR = date(2026, 11, 24), date(2026, 1, 1), date(2027, 6, 1)


def item(name: str, kind: str = "practice", end: date = date(2026, 10, 1), review: date = FAR) -> Item:
    return Item(name, kind, end, review)


def one(*indicators: Asked) -> Cover:
    (row,) = cover(indicators, BEGAN, DAY)
    return row


def test_b7_a_standard_that_nothing_shows() -> None:
    assert one(Asked("a", "S"), Asked("b", "S")) == Cover("S", 2, 0, 0, 0, (Gap.NONE,), ("a", "b"))


def test_b7_a_sound_one() -> None:
    row = one(Asked("a", "S", (item("1"), item("2", "survivor_voice"))), Asked("b", "S", (item("1"),)))
    assert row == Cover("S", 2, 2, 2, 0, ())
    assert row.is_sound


@pytest.mark.parametrize(
    ("items", "gaps"),
    [
        ((item("1", "survivor_voice"),), (Gap.SINGLE,)),
        ((item("1", "policy"), item("2", "policy")), (Gap.POLICY_ONLY, Gap.NO_VOICE)),
        ((item("1", "policy"),), (Gap.SINGLE, Gap.POLICY_ONLY, Gap.NO_VOICE)),
        ((item("1"), item("2", "staff_voice")), (Gap.NO_VOICE,)),
        ((item("1", review=DAY), item("2", "survivor_voice", review=DAY)), (Gap.STALE,)),
        ((item("1", end=date(2025, 12, 31)), item("2", "survivor_voice", end=date(2025, 6, 1))), (Gap.STALE,)),
        ((item("1", review=DAY), item("2", "survivor_voice")), ()),
    ],
)
def test_b7_what_is_weak_is_named(items: tuple[Item, ...], gaps: tuple[Gap, ...]) -> None:
    assert one(Asked("a", "S", items)).gaps == gaps


def test_b7_fresh_evidence_elsewhere_does_not_cover_for_an_indicator_with_old_evidence_only() -> None:
    row = one(Asked("a", "S", (item("1"), item("2", "survivor_voice"))), Asked("b", "S", (item("3", review=DAY),)))
    assert (row.gaps, row.outdated, row.stale, row.items) == ((Gap.STALE,), ("b",), 1, 3)


def test_b7_an_indicator_says_how_old_its_evidence_may_be() -> None:
    fire = item("1", end=date(2026, 5, 1))
    assert Gap.STALE not in one(Asked("a", "S", (fire,))).gaps
    assert Gap.STALE in one(Asked("a", "S", (fire,), months=6)).gaps
    assert Gap.STALE not in one(Asked("a", "S", (fire,), months=7)).gaps


def test_an_indicator_without_evidence_beside_one_with_some_is_named() -> None:
    row = one(Asked("a", "S", (item("1"), item("2", "survivor_voice"))), Asked("b", "S"))
    assert (row.bare, row.gaps, row.is_sound) == (("b",), (), False)


ITEMS = st.builds(Item, st.sampled_from("12345"), st.sampled_from(["policy", "practice", "survivor_voice"]), st.dates(), st.dates())
ASKED = st.builds(Asked, st.text(max_size=3), st.sampled_from("ST"), st.lists(ITEMS, max_size=4).map(tuple), st.none() | st.integers(1, 36))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(ASKED, max_size=12), st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_b7_figures_add_up_whatever_comes(asked: list[Asked], began: date, day: date) -> None:
    rows = cover(asked, began, day)
    assert [row.standard for row in rows] == list(dict.fromkeys(indicator.standard for indicator in asked))
    assert sum(row.indicators for row in rows) == len(asked)
    for row in rows:
        assert row.covered + len(row.bare) == row.indicators
        assert 0 <= row.stale <= row.items
        assert (Gap.NONE in row.gaps) == (row.items == 0)
        assert len(row.outdated) <= row.covered
