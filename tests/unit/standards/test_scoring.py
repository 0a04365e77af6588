"""The arithmetic of self-assessments: the values of the rule's author, and what must hold for any answers at all."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.assessments.scoring import CAPS, SCORES, Item, Result, work_out

WORDS = {3: "fully_met", 2: "mostly_met", 1: "partly_met", 0: "not_met", None: "", "n/a": "not_applicable"}


def one_standard(*answers: int | str | None, critical: set[int] = frozenset(), weights: tuple[int, ...] = ()) -> Result:  # type: ignore[assignment]
    """The answers of one standard, as numbers; ``critical``: which of them are, by place."""
    return work_out(
        Item(f"I{at}", "S", "C", WORDS[answer], weights[at] if weights else 1, at in critical) for at, answer in enumerate(answers)
    )


# --- The test values of the rule (domain research, part 4.3) ------------------------------------------------------------


def test_three_two_none_without_a_critical_one_is_56_percent() -> None:
    whole = one_standard(3, 2, 0).whole
    assert whole.exact == Fraction(5, 9)
    assert whole.percent == 56
    assert whole.band == "developing"


def test_the_same_with_the_nought_critical_is_39_percent_and_stands_first() -> None:
    result = one_standard(3, 2, 0, critical={2})
    assert result.whole.percent == 39
    standard = result.chapters[0].parts[0]
    assert (standard.capped_by, standard.uncapped) == (("I2",), Fraction(5, 9))
    assert [item.indicator for item in result.critical_gaps] == ["I2"]


def test_what_does_not_apply_is_left_out() -> None:
    whole = one_standard(3, "n/a", 3).whole
    assert (whole.percent, whole.completeness, whole.applicable, whole.excluded) == (100, 100, 2, 1)


def test_what_is_unanswered_is_no_nought_and_is_not_hidden() -> None:
    whole = one_standard(3, None).whole
    assert (whole.percent, whole.completeness, whole.is_complete) == (100, 50, False)


# --- The rest of the rule -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "critical", "percent"),
    [
        ((3, 3, 1), {2}, 69),  # 7/9 = 78, held at 69
        ((3, 1, 1), {2}, 56),  # below the cap already: it stays
        ((3, 3, 1, 0), {2, 3}, 39),  # the lower of two caps
        ((3, 3, 2), {2}, 89),  # mostly met holds nothing down
        ((3, 3, 0), set(), 67),
        ((0,), {0}, 0),
    ],
)
def test_critical_caps(answers: tuple[int, ...], critical: set[int], percent: int) -> None:
    assert one_standard(*answers, critical=critical).whole.percent == percent


def test_weights_count() -> None:
    whole = one_standard(3, 0, weights=(3, 1)).whole
    assert whole.exact == Fraction(9, 12)


def test_a_chapter_is_the_mean_of_its_scored_standards_and_the_whole_of_its_scored_chapters() -> None:
    def item(chapter: str, standard: str, value: int | None) -> Item:
        return Item(f"{standard}-{value}", standard, chapter, WORDS[value])

    result = work_out([item("A", "A1", 3), item("A", "A2", 0), item("A", "A3", None), item("B", "B1", 3), item("C", "C1", None)])
    assert [(part.code, part.percent) for part in result.chapters] == [("A", 50), ("B", 100), ("C", None)]
    assert result.whole.percent == 75


def test_halves_are_rounded_up() -> None:
    assert one_standard(*[3] * 1, *[0] * 7).whole.percent == 13  # 12.5


def test_c8_an_answer_from_last_time_counts_only_once_confirmed() -> None:
    carried = Item("I", "S", "C", "not_met", is_critical=True, is_confirmed=False)
    result = work_out([carried, Item("J", "S", "C", "fully_met")])
    assert (result.whole.percent, result.whole.completeness, result.critical_gaps) == (100, 50, ())
    assert work_out([Item("I", "S", "C", "not_met", is_critical=True)]).whole.percent == 0


def test_nothing_answered_is_no_score() -> None:
    assert one_standard(None, None).whole.percent is None
    assert work_out([]).whole.percent is None
    assert work_out([]).whole.completeness == 100
    assert one_standard("n/a").whole.band == ""


def test_critical_gaps_are_worst_first() -> None:
    assert [item.value for item in one_standard(1, 0, 1, critical={0, 1, 2}).critical_gaps] == ["not_met", "partly_met", "partly_met"]


def test_an_unknown_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown answer 'maybe'"):
        work_out([Item("I", "S", "C", "maybe")])


# --- For any answers ----------------------------------------------------------------------------------------------------


def items(*, critical: bool = True) -> st.SearchStrategy[list[Item]]:
    """Up to forty answers in some chapters and standards."""
    value = st.sampled_from([*SCORES, "not_applicable", ""])
    is_critical = st.booleans() if critical else st.just(False)
    row = st.tuples(st.integers(0, 3), st.integers(0, 3), value, st.integers(1, 10), is_critical, st.booleans())
    return st.lists(row, max_size=40).map(
        lambda rows: [Item(f"I{at}", f"S{c}{s}", f"C{c}", v, w, k, sure) for at, (c, s, v, w, k, sure) in enumerate(rows)]
    )


@given(items())
def test_every_score_is_between_nothing_and_all(found: list[Item]) -> None:
    result = work_out(found)
    for score in (result.whole, *result.chapters, *(part for chapter in result.chapters for part in chapter.parts)):
        assert score.exact is None or 0 <= score.exact <= 1
        assert 0 <= score.completeness <= 100
        assert (score.completeness == 100) == score.is_complete
        assert score.answered <= score.applicable
    assert result.whole.applicable + result.whole.excluded == len(found)


@given(items(critical=False), st.data())
def test_a_better_answer_never_lowers_anything(found: list[Item], data: st.DataObject) -> None:
    scored = [at for at, item in enumerate(found) if item.value in SCORES and SCORES[item.value] < 3]
    if not scored:
        return
    at = data.draw(st.sampled_from(scored))
    better = next(value for value, score in SCORES.items() if score == SCORES[found[at].value] + 1)
    after = [Item(**{**item.__dict__, "value": better}) if place == at else item for place, item in enumerate(found)]
    before, now = work_out(found).whole.exact, work_out(after).whole.exact
    assert (before is None) == (now is None)
    assert before is None or now is None or now >= before


@given(items())
def test_what_is_left_open_never_lowers_a_score(found: list[Item]) -> None:
    more = [*found, *(Item(f"open{at}", item.standard, item.chapter, "", item.weight, True) for at, item in enumerate(found))]
    before, now = work_out(found), work_out(more)
    assert now.whole.exact == before.whole.exact
    assert now.critical_gaps == before.critical_gaps
    assert now.whole.completeness <= before.whole.completeness


@given(items())
def test_a_standard_with_a_critical_gap_never_exceeds_its_cap(found: list[Item]) -> None:
    result = work_out(found)
    scores = {part.code: part for chapter in result.chapters for part in chapter.parts}
    for gap in result.critical_gaps:
        exact = scores[gap.standard].exact
        assert exact is not None
        assert exact * 100 <= CAPS[gap.value]
