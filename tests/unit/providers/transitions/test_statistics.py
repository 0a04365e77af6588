"""The figures of a quarter give nothing back that they do not show: attacked by counting, by insiders, across quarters and cuts."""

import random
from collections import Counter
from typing import Any

import pytest

from portal.suppression import HALF, ORGANISATIONS, ROOM, SMALLEST, STEP, shown
from providers.services.places import Nation
from providers.transitions.statistics import MEASURES, NATIONS, POINTS, REASONS, SHARE_FROM, Case, release, share

TABLES = 10_000
ROWS = ("destination", "to_plan", "lost", "risk", "late_plan")  # one of each shape
ENGLAND = 0


def some(dice: random.Random, number: int) -> list[Case]:
    """Cases of England: some senders with some cases each, mostly alike, each offered to none or some of the same organisations."""
    weights = {name: [dice.random() ** 3 for _value in MEASURES[name]] + [dice.random() / 3] for name in ROWS}
    senders = [f"o{at}" for at in range(dice.randint(4, 14))]
    found: list[Case] = []
    while len(found) < number:
        sender = dice.choice(senders)
        for _one in range(min(int(dice.expovariate(0.5)) + 1, 10)):
            answers = {name: dice.choices([*MEASURES[name], ""], weights[name])[0] for name in ROWS}
            knowers = frozenset(dice.sample(senders, dice.choice((0, 1, 1, 2))))
            missing = frozenset(point for point in POINTS if dice.random() < 0.3)
            declines = tuple((name, dice.choice(REASONS)) for name in sorted(knowers) if dice.random() < 0.5)
            found.append(Case("england", sender, knowers, answers, missing, declines))
    return found[:number]


def rows_of(cases: list[Case]) -> tuple[int | None, dict[str, dict[str, int | None]]]:
    nation = release(cases)[ENGLAND]
    return nation["cases"], {name: {value: cell["figure"] for value, cell in row.items()} for name, row in nation["measures"].items()}


def counts(cases: list[Case], measure: str) -> dict[str, int]:
    found = Counter(case.answers.get(measure, "") for case in cases)
    return {value: found[value] for value in MEASURES[measure]}


def every_figure(thing: Any) -> list[int | None]:
    """Every figure anywhere in what is published, shares aside."""
    if isinstance(thing, dict):
        return [figure for name, part in thing.items() if name != "share" for figure in every_figure(part)]
    if isinstance(thing, list):
        return [figure for part in thing for figure in every_figure(part)]
    return [thing] if thing is None or isinstance(thing, int) else []


# --- The rule ------------------------------------------------------------------------------------------------------------


def test_stat_01_the_rule_holds_for_every_cell_of_random_quarters() -> None:
    dice = random.Random(11)  # noqa: S311 - dice of a test
    shown_cells = 0
    for _table in range(1500):
        cases = some(dice, dice.randint(5, 90))
        nation = release(cases)[ENGLAND]
        cells = {(name, value): [case for case in cases if case.answers.get(name) == value] for name in ROWS for value in MEASURES[name]}
        published = {key: nation["measures"][key[0]][key[1]]["figure"] for key in cells}
        cells |= {("missing", point): [case for case in cases if point in case.missing] for point in POINTS}
        published |= {("missing", point): nation["missing"][point]["figure"] for point in POINTS}
        cells["cases", ""], published["cases", ""] = cases, nation["cases"]
        for key, figure in published.items():
            if figure is not None:
                shown_cells += 1
                inside = cells[key]
                assert len(inside) >= SMALLEST
                assert len({case.sender for case in inside}) >= ORGANISATIONS
                known = Counter(name for case in inside for name in case.known_to)
                assert max(known.values()) * 5 <= len(inside) * 4, "also who was asked holds no more than four fifths"
                assert abs(figure - len(inside)) <= HALF
                assert figure % STEP == 0
    assert shown_cells > 1500


def test_stat_01_declines_are_shown_only_where_the_rule_holds_for_both_sides() -> None:
    def declined(receivers: int) -> int | None:
        cases = [Case("england", f"o{at % 8}", declines=((f"r{at % receivers}", "no_space"),)) for at in range(40)]
        figure: int | None = release(cases)[ENGLAND]["declines"]["no_space"]
        return figure

    assert [declined(number) for number in (1, 4, 5, 9)] == [None, None, 40, 40]


def test_stat_07_the_nations_are_those_of_the_building() -> None:
    assert list(NATIONS) == list(Nation.values)


def test_stat_07_every_nation_measure_and_answer_is_always_there() -> None:
    nothing, much = release([]), release(some(random.Random(12), 80))  # noqa: S311 - dice of a test
    for content in (nothing, much):
        assert [nation["nation"] for nation in content] == list(NATIONS)
        for nation in content:
            assert {name: tuple(row) for name, row in nation["measures"].items()} == MEASURES
            assert tuple(nation["missing"]) == POINTS
            assert tuple(nation["declines"]) == REASONS
    assert set(every_figure(nothing)) == {None}
    assert [nation["cases"] is None for nation in much] == [False, True, True, True]


def test_stat_05_shares_are_functions_of_what_is_shown_and_missing_below_a_base_of_twenty() -> None:
    dice = random.Random(13)  # noqa: S311 - dice of a test
    seen = Counter[bool]()
    for _table in range(1000):
        nation = release(some(dice, dice.randint(10, 60)))[ENGLAND]
        for row in [*nation["measures"].values(), nation["missing"]]:
            for cell in row.values():
                assert cell["share"] == share(cell["figure"], nation["cases"])
                assert (cell["share"] is None) == (cell["figure"] is None or nation["cases"] < SHARE_FROM)
                assert cell["share"] is None or 0 < cell["share"] <= 100
                seen[cell["share"] is None] += 1
    assert min(seen.values()) > 500
    assert [share(10, 15), share(10, 20), share(15, 40), share(None, 40), share(45, 40)] == [None, 50, 38, None, 100]


def test_stat_05_the_order_is_fixed_and_never_that_of_the_figures() -> None:
    cases = some(random.Random(14), 90)  # noqa: S311 - dice of a test
    for mixed in (cases, cases[::-1], sorted(cases, key=lambda case: case.answers["risk"])):
        assert release(mixed) == release(cases)
        assert [list(nation["measures"]) for nation in release(mixed)] == [list(MEASURES)] * 4


# --- Attacks -------------------------------------------------------------------------------------------------------------


def ranges(row: dict[str, int | None], total: int, own: dict[str, int], mine: int) -> dict[str, tuple[int, int]]:
    """What somebody who knows ``own`` (of ``mine`` cases) can work out of the others' counts: the exact bounds.

    Known: each shown figure stands for five counts, no count is under nought, the cells of a row share nobody and are no more than the
    cases. Under these the bounds of each count are where all others are as low as they can be.
    """
    low = {value: 0 if row[value] is None else max(0, (row[value] or 0) - HALF - own[value]) for value in row}
    left = total + HALF - mine - sum(low.values())
    assert left >= 0
    high = {value: low[value] + left for value in row}
    for value, figure in row.items():
        if figure is not None:
            high[value] = min(high[value], figure + HALF - own[value])
    return {value: (low[value], high[value]) for value in row}


def test_stat_02_stat_04_nobody_narrows_a_small_count_in_ten_thousand_quarters() -> None:
    dice = random.Random(15)  # noqa: S311 - dice of a test
    looked, complementary = 0, 0
    for _table in range(TABLES):
        cases = some(dice, dice.randint(8, 70))
        total, rows = rows_of(cases)
        if total is None:
            continue
        for name in ROWS:
            true = counts(cases, name)
            for who in ("", *sorted({one for case in cases for one in case.known_to})):
                own_cases = [case for case in cases if who in case.known_to]
                own = counts(own_cases, name)
                for value, (low, high) in ranges(rows[name], total, own, len(own_cases)).items():
                    others = true[value] - own[value]
                    assert low <= others <= high
                    looked += 1
                    if others < SMALLEST:
                        assert high - low + 1 >= ROOM, (name, value, who, rows[name], total)
            shown_alone = {value: shown(Counter(case.sender for case in cases if case.answers[name] == value)) for value in true}
            complementary += any(rows[name][value] is None and figure is not None for value, figure in shown_alone.items())
    assert looked > TABLES
    assert complementary > 20


def test_stat_02_late_and_how_long_it_took_may_be_known_together() -> None:
    """Whoever began planning only in the second week is late. So "8 to 28 days" is no more than "late": the one pair of rows of which
    somebody knows more than the number of cases. Attacked by everybody who was asked, with what they know of both."""
    dice = random.Random(16)  # noqa: S311 - dice of a test
    looked = 0
    for _table in range(3000):
        cases = []
        for case in some(dice, dice.randint(10, 60)):
            wait = case.answers["to_plan"]
            late = "late" if wait == "month" or dice.random() < 0.4 else ""
            cases.append(Case(case.nation, case.sender, case.knowers, {**case.answers, "late_plan": late}))
        total, rows = rows_of(cases)
        late_figure = rows["late_plan"]["late"]
        if total is None or late_figure is None or rows["to_plan"]["month"] is not None:
            continue
        for who in ("", *sorted({one for case in cases for one in case.known_to})):
            own = [case for case in cases if who in case.known_to]
            highest = late_figure + HALF - counts(own, "late_plan")["late"]
            assert highest + 1 >= ROOM
            looked += 1
    assert looked > 500


def test_stat_03_quarters_and_nations_share_nobody_so_no_difference_says_anything() -> None:
    """A case more in one nation changes no figure of another, and each figure of its own by a step at most."""
    dice = random.Random(17)  # noqa: S311 - dice of a test
    before_cases = [
        case for nation in NATIONS for case in some(dice, 40) for case in [Case(nation, case.sender, case.knowers, case.answers)]
    ]
    before = release(before_cases)
    extra = Case("wales", "o1", frozenset({"o2"}), {name: MEASURES[name][0] for name in ROWS})
    after = release([*before_cases, extra])
    assert [before[at] == after[at] for at in range(4)] == [True, False, True, True] or before == after
    for was, now in zip(every_figure(before), every_figure(after), strict=True):
        if was is not None and now is not None:
            assert abs(was - now) in {0, STEP}


def test_stat_03_nothing_is_published_that_ties_one_quarter_to_another() -> None:
    """Why "begun" and "in progress" are missing: at the end = at the beginning + begun - over. With these three shown, and rounded as
    they would be, how many were over is known to be nought or one, although it would never be shown itself."""
    at_the_beginning, begun, at_the_end = 50, 20, 75  # rounded: what they stand for is within two
    over = [
        over for over in range(SMALLEST)
        if any(
            at_the_beginning + a + begun + b - over == at_the_end + c
            for a in range(-HALF, HALF + 1) for b in range(-HALF, HALF + 1) for c in range(-HALF, HALF + 1)
        )
    ]  # fmt: skip
    assert over == [0, 1]
    published = set(release([])[ENGLAND])
    assert published == {"nation", "cases", "measures", "missing", "declines"}
    assert not {"begun", "started", "in_progress", "left", "moved"} & set(MEASURES)


@pytest.mark.parametrize("left", [23, 30, 37])
def test_stat_02_how_many_left_cannot_be_worked_out(left: int) -> None:
    """Of 45 cases some left. Whatever is published is the same number for a quarter in which all others left too, but went elsewhere."""
    gone = [Case("england", f"o{at % 9}", answers={"destination": "asylum", "arrival": "in_time"}) for at in range(left)]
    stayed = [Case("england", f"o{at % 9}") for at in range(45 - left)]
    elsewhere = [Case("england", f"o{at % 9}", answers={"destination": "", "arrival": ""}) for at in range(45 - left)]
    assert release([*gone, *stayed]) == release([*gone, *elsewhere])
