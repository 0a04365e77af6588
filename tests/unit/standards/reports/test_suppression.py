"""The figures of a year give nothing back that they do not show: attacked by counting, by an insider, and by who knows the rule."""

import random
from collections import Counter
from typing import Any

from portal.suppression import HALF, ROOM, SMALLEST, STEP, shown
from standards.reports.suppression import FINDINGS, JUDGEMENTS, STATES, Inspected, release

TABLES = 10_000


def inspected(organisation: int, number: int, value: str = "met", **more: Any) -> Inspected:
    return Inspected(f"i{number}", f"o{organisation}", {"S": value} if value else {}, **more)


def table(dice: random.Random) -> list[Inspected]:
    """A year: some organisations with some inspections each, mostly judged alike, with findings and items."""
    weights = [dice.random() ** 3 for _value in JUDGEMENTS] + [dice.random() / 4]
    found: list[Inspected] = []
    for organisation in range(dice.randint(3, 14)):
        for _one in range(min(int(dice.expovariate(0.5)) + 1, 12)):
            values = {code: dice.choices([*JUDGEMENTS, "not_inspected"], weights)[0] for code in ("S", "T", "U")}
            findings = {kind: dice.choice((0, 0, 1, 2)) for kind in FINDINGS}
            items = {state: dice.choice((0, 0, 1, 3)) for state in STATES}
            found.append(Inspected(f"i{len(found)}", f"o{organisation}", values, findings, items))
    return found


def counts(rows: list[Inspected], code: str, organisation: str = "") -> dict[str, int]:
    found = Counter(one.judgements[code] for one in rows if not organisation or one.organisation == organisation)
    return {value: found[value] for value in JUDGEMENTS}


def row_of(content: dict[str, Any], code: str) -> dict[str, Any]:
    row: dict[str, Any] = next(row for row in content["judgements"] if row["standard"] == code)
    return row


# --- The rule ------------------------------------------------------------------------------------------------------------


def test_stat_01_the_rule_holds_for_every_cell_of_random_years() -> None:
    dice = random.Random(1)  # noqa: S311 - dice of a test
    cells = 0
    for _table in range(2000):
        rows = table(dice)
        content = release(rows, ["S", "T", "U"])
        for code in ("S", "T", "U"):
            true, row = counts(rows, code), row_of(content, code)
            homes = {value: Counter(one.organisation for one in rows if one.judgements[code] == value) for value in JUDGEMENTS}
            for value in JUDGEMENTS:
                cells += 1
                if row[value] is not None:
                    assert true[value] >= SMALLEST
                    assert len(homes[value]) >= 5
                    assert max(homes[value].values()) * 5 <= true[value] * 4
                    assert row[value] % STEP == 0
                    assert abs(row[value] - true[value]) <= HALF
    assert cells == 24_000


def test_stat_07_every_standard_and_kind_is_always_there() -> None:
    nothing, much = release([], ["S", "T"]), release([inspected(at % 9, at) for at in range(60)], ["S", "T"])
    for content in (nothing, much):
        assert [row["standard"] for row in content["judgements"]] == ["S", "T"]
        assert set(content["findings"]) == {*FINDINGS, "together"}
        assert set(content["recommendations"]) == {*STATES, "together"}
    assert nothing["inspections"] is None
    assert much["inspections"] == 60


def test_stat_05_sums_are_functions_of_what_is_shown_and_missing_where_anything_is() -> None:
    dice = random.Random(2)  # noqa: S311 - dice of a test
    seen = Counter[bool]()
    for _table in range(2000):
        content = release(table(dice), ["S", "T", "U"])
        rows = [
            *([row[value] for value in JUDGEMENTS] + [row["together"]] for row in content["judgements"]),
            *([row[value] for row in content["judgements"]] + [content["all_standards"][value]] for value in JUDGEMENTS),
            [*(content["findings"][kind] for kind in FINDINGS), content["findings"]["together"]],
            [*(content["recommendations"][state] for state in STATES), content["recommendations"]["together"]],
        ]
        for *figures, total in rows:
            assert total == (None if None in figures else sum(figures))
            seen[total is None] += 1
    assert min(seen.values()) > 50  # both happen, so the test looks at both


# --- Attacks -------------------------------------------------------------------------------------------------------------


def ranges(row: dict[str, Any], inspections: int, own: dict[str, int], mine: int) -> dict[str, tuple[int, int]]:
    """What somebody who knows ``own`` (of ``mine`` inspections) can work out of the others' counts: the exact bounds.

    Known: each shown figure stands for five counts, no count is under nought, all judgements of a standard are no more than the
    inspections. Under these the bounds of each count are where all others are as low as they can be.
    """
    low = {value: 0 if row[value] is None else max(0, row[value] - HALF - own[value]) for value in JUDGEMENTS}
    left = inspections + HALF - mine - sum(low.values())
    assert left >= 0
    high = {value: low[value] + left for value in JUDGEMENTS}
    for value in JUDGEMENTS:
        if row[value] is not None:
            high[value] = min(high[value], row[value] + HALF - own[value])
    return {value: (low[value], high[value]) for value in JUDGEMENTS}


def test_stat_02_stat_04_nobody_narrows_a_small_count_in_ten_thousand_years() -> None:
    dice = random.Random(3)  # noqa: S311 - dice of a test
    looked, complementary = 0, 0
    for _table in range(TABLES):
        rows = table(dice)
        content = release(rows, ["S", "T", "U"])
        if content["inspections"] is None:
            continue
        for code in ("S", "T", "U"):
            row, true = row_of(content, code), counts(rows, code)
            homes = {value: Counter(one.organisation for one in rows if one.judgements[code] == value) for value in JUDGEMENTS}
            complementary += any(row[value] is None and shown(homes[value]) is not None for value in JUDGEMENTS)
            for who in ("", *{one.organisation for one in rows}):
                own = counts(rows, code, who) if who else dict.fromkeys(JUDGEMENTS, 0)
                mine = sum(one.organisation == who for one in rows)
                for value, (low, high) in ranges(row, content["inspections"], own, mine).items():
                    others = true[value] - own[value]
                    assert low <= others <= high
                    looked += 1
                    if others < SMALLEST:
                        assert high - low + 1 >= ROOM, (rows, code, who, value)
    assert looked > TABLES
    assert complementary > 20


def test_stat_03_two_years_and_two_regimes_share_no_inspection_so_no_difference_says_anything() -> None:
    """One inspection more or fewer changes a figure at most by one step, and never shows whose it was."""
    many = [inspected(at % 9, at, JUDGEMENTS[at % 2]) for at in range(48)]
    before = release(many, ["S"])
    for extra in JUDGEMENTS:
        after = release([*many, inspected(3, 99, extra)], ["S"])
        changed = {value for value in JUDGEMENTS if row_of(before, "S")[value] != row_of(after, "S")[value]}
        assert changed <= {extra}
        if changed:
            assert abs((row_of(after, "S")[extra] or 0) - (row_of(before, "S")[extra] or 0)) == STEP


def test_stat_02_a_hidden_figure_beside_a_known_total_is_not_given_back() -> None:
    """26 inspections: 13 met, 13 mostly met, and so nothing else. Were both shown, everything else would be known to be nought."""
    rows = [inspected(at % 13, at, "met" if at < 13 else "mostly_met") for at in range(26)]
    row = row_of(release(rows, ["S"]), "S")
    assert row["met"] == 15 or row["mostly_met"] == 15
    assert [row[value] for value in JUDGEMENTS].count(None) == 3
    low, high = ranges(row, 25, dict.fromkeys(JUDGEMENTS, 0), 0)["not_met"]
    assert (low, high >= SMALLEST - 1) == (0, True)
