"""The anonymous comparison: what is published, and that nobody can be worked out of it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calendar.quarters import Quarter, last_finished, named
from standards.benchmarks import bands
from standards.benchmarks.bands import Contribution

CHAPTERS = ("PRI", "RSK")


def service(number: int, organisation: str, first: int | None, second: int | None = 50) -> Contribution:
    return Contribution(f"s{number}", organisation, f"snapshot-{number}", {"PRI": first, "RSK": second})


def worlds(least: int = 6) -> st.SearchStrategy[list[Contribution]]:
    percents = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 100), st.integers(0, 100)), min_size=least, max_size=14)
    return percents.map(lambda rows: [service(at, f"o{owner}", first, second) for at, (owner, first, second) in enumerate(rows)])


@pytest.mark.parametrize(("percent", "band"), [(0, 0), (4, 0), (5, 10), (14, 10), (15, 20), (94, 90), (95, 100), (100, 100)])
def test_figures_are_rounded_to_the_nearest_ten(percent: int, band: int) -> None:
    assert bands.rounded(percent) == band


def test_quartiles_are_taken_by_nearest_rank_from_rounded_figures() -> None:
    assert bands.quartiles([12, 34, 47, 58, 71, 96]) == (30, 50, 70)
    assert bands.quartiles([55]) == (60, 60, 60)
    with pytest.raises(ValueError, match="no figures"):
        bands.quartiles([])


@pytest.mark.parametrize(
    ("organisations", "enough"),
    [
        ("abcdef", True),  # own and five others, for each of the six
        ("abcde", False),
        ("aabcdef", True),
        ("aabcde", False),  # organisation a would face four services of others
        ("aaaaaaaaaab", False),
        ("aaaaabbbbb", False),  # two organisations: each would know the other
        ("abbbbbbbbbbbbbbbbbbbbbccccc", True),
        ("a" * 25 + "bbbcc", False),  # five sixths belong to one
    ],
)
def test_stat_01_enough_means_five_services_of_others_for_everybody(organisations: str, enough: bool) -> None:
    assert bands.is_enough(organisations) is enough


def test_too_few_says_nothing_but_that() -> None:
    content = bands.release([service(at, f"o{at}", 50) for at in range(5)], CHAPTERS)
    assert content == {"step": 10, "at_least": 0, "chapters": [{"code": "PRI", "bands": None}, {"code": "RSK", "bands": None}]}


def test_a_chapter_that_few_have_scored_is_held_back_alone() -> None:
    world = [service(at, f"o{at}", 50 if at < 5 else None, 70) for at in range(7)]
    assert bands.release(world, CHAPTERS)["chapters"] == [{"code": "PRI", "bands": None}, {"code": "RSK", "bands": [70, 70, 70]}]


def test_stat_07_every_chapter_is_listed_whether_anybody_scored_it_or_not() -> None:
    listed = bands.release([service(at, f"o{at}", None, None) for at in range(8)], CHAPTERS)["chapters"]
    assert [chapter["code"] for chapter in listed] == list(CHAPTERS)


def test_counts_are_said_in_steps() -> None:
    assert [bands.at_least(count) for count in (0, 5, 6, 9, 10, 19, 20, 99, 5000)] == [0, 0, 6, 6, 10, 10, 20, 50, 100]


@settings(max_examples=400, deadline=None)
@given(worlds(), st.data())
def test_stat_02_stat_05_a_figure_may_be_anything_in_its_band_without_a_trace(world: list[Contribution], data: st.DataObject) -> None:
    """Whoever holds everything published, and every figure of everybody else, still has the whole band to choose from."""
    victim = data.draw(st.integers(0, len(world) - 1))
    real = world[victim].chapters["PRI"]
    assert real is not None
    band = [percent for percent in range(101) if bands.rounded(percent) == bands.rounded(real)]
    assert len(band) >= 5  # 0 to 4 and 95 to 100 at the ends, ten values elsewhere
    published = bands.release(world, CHAPTERS)
    for other in band:
        changed = list(world)
        changed[victim] = replace(world[victim], chapters={**world[victim].chapters, "PRI": other})
        assert bands.release(changed, CHAPTERS) == published
        assert bands.release([*changed, service(99, "new", 40)], CHAPTERS) == bands.release([*world, service(99, "new", 40)], CHAPTERS)


@settings(max_examples=300, deadline=None)
@given(worlds(), st.data())
def test_stat_03_stat_04_one_service_more_or_less_changes_no_release(world: list[Contribution], data: st.DataObject) -> None:
    """The next release repeats the last one until three services of two organisations have changed: one alone is never visible."""
    before = {one.service: (one.organisation, one.snapshot) for one in world}
    one = data.draw(st.sampled_from(sorted(before)))
    without = {service: basis for service, basis in before.items() if service != one}
    anew = {**before, one: (before[one][0], "another")}
    assert not bands.has_changed_enough(before, without)
    assert not bands.has_changed_enough(without, before)
    assert not bands.has_changed_enough(before, anew)
    assert not bands.has_changed_enough(before, before)


def test_stat_04_one_organisation_alone_cannot_make_a_new_release() -> None:
    before = {f"s{at}": ("mine" if at < 5 else f"o{at}", "old") for at in range(10)}
    mine = {service: (owner, "new" if owner == "mine" else "old") for service, (owner, _old) in before.items()}
    assert not bands.has_changed_enough(before, mine)
    assert bands.has_changed_enough(before, {**mine, "s7": ("o7", "new")})


@settings(max_examples=200, deadline=None)
@given(worlds())
def test_whose_figures_they_are_changes_nothing(world: list[Contribution]) -> None:
    """Names never reach what is published: the same figures under other names and in another order give the same release."""
    renamed = [replace(one, service=f"x{at}", snapshot=f"y{at}") for at, one in enumerate(reversed(world))]
    assert bands.release(renamed, CHAPTERS) == bands.release(world, CHAPTERS)


@pytest.mark.parametrize(("percent", "place"), [(12, "below"), (34, "below"), (35, "within"), (64, "within"), (65, "above")])
def test_a_place_is_told_by_bands(percent: int, place: str) -> None:
    assert bands.place(percent, [40, 50, 60]) == place


def test_quarters() -> None:
    from datetime import date

    assert str(last_finished(date(2026, 11, 24))) == "2026-Q3"
    assert str(last_finished(date(2027, 1, 1))) == "2026-Q4"
    assert named("2026-Q4") == Quarter(2026, 4)
    assert Quarter(2026, 4).end.isoformat() == "2027-01-01T00:00:00+00:00"
    assert Quarter(2026, 2).end.isoformat() == "2026-07-01T00:00:00+01:00"
    assert Quarter(2026, 3).last_day.isoformat() == "2026-09-30"
