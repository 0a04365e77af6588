"""The rule for figures about many: rounded, hidden, and hidden further where a bound would give a small one back."""

from collections import defaultdict
from itertools import product
from typing import Any

import pytest

from portal.suppression import HALF, ROOM, SMALLEST, hidden_further, rounded, shown

VALUES = ("met", "mostly_met", "partly_met", "not_met")


@pytest.mark.parametrize(("count", "figure"), [(8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (40, 40)])
def test_stat_01_figures_are_rounded(count: int, figure: int) -> None:
    assert rounded(count) == figure
    assert shown({str(at): count // 6 + (at < count % 6) for at in range(6)}) == figure


@pytest.mark.parametrize("parts", [[], [7], [1] * 7, [2, 2, 2, 2], [40, 1, 1, 1], [41, 4, 3, 2, 1], [0] * 9 + [4, 4]], ids=str)
def test_stat_01_too_small_too_few_or_mostly_of_one_is_not_shown(parts: list[int]) -> None:
    assert shown({str(at): part for at, part in enumerate(parts)}) is None


@pytest.mark.parametrize(("cases", "ways"), [(10, 1), (15, 1), (20, 4), (25, 4)])
def test_stat_02_who_knows_the_rule_by_heart_learns_no_more(cases: int, ways: int) -> None:
    """Every table there can be, each case of another organisation, grouped by what is published of it: in each group every
    small count could be at least four things. So not even that something is hidden tells."""
    groups: dict[tuple[Any, ...], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    tables: list[tuple[tuple[Any, ...], dict[str, int]]] = []
    for number in range(cases - HALF, cases + HALF + 1):
        for some in product(range(number + 1), repeat=3):
            if sum(some) > number:
                continue
            for last in range(number - sum(some) + 1):
                true = dict(zip(VALUES, (*some, last), strict=True))
                figures = {value: shown({str(at): 1 for at in range(count)}) for value, count in true.items()}
                published = tuple(hidden_further(figures, cases, 1).values())
                tables.append((published, true))
                for value, count in true.items():
                    groups[published][value].add(count)
    assert len(groups) >= ways
    for published, true in tables:
        for value, count in true.items():
            if count < SMALLEST:
                assert len(groups[published][value]) >= ROOM, (published, value, groups[published][value])
