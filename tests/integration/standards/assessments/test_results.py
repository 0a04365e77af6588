"""The page of results: profile, gaps, how it was worked out, the whole last, and over the years."""

from datetime import date
from typing import Any

from django.urls import reverse

from standards.assessments import comparing, reading
from standards.assessments.models import Answer, Assessment
from tests.integration.standards.assessments.cast import Cast, draft


def page(world: Cast, row: Assessment | None = None, who: str = "reader") -> str:
    return world.client(who).get(reverse("assessments:results", args=[(row or world.row).pk])).content.decode()


def test_c7_the_figures_are_those_of_the_one_function(world: Cast) -> None:
    Answer.objects.filter(assessment=world.row, indicator__code="RSK-01-a").update(value="not_met")
    result = reading.score(world.row)
    assert [score.percent for score in result.chapters] == [69, 39]
    text = page(world)
    for percent in (69, 39, result.whole.percent):
        assert f"{percent}%" in text


def test_critical_gaps_stand_first_and_the_whole_last_and_it_is_no_rating(world: Cast) -> None:
    text = page(world)
    assert text.index("Self-assessed, never a rating") < text.index("Critical gaps") < text.index(">Profile<") < text.index(">The whole<")
    assert text.index(">Over the years<") < text.index(">The whole<")


def test_every_figure_says_how_it_was_worked_out(world: Cast) -> None:
    text = page(world)
    assert "7 of 9 points: 69%" in text
    assert "Without PRI-01-a it would be more" in text
    assert text.count('<details class="worked">') == 3  # two chapters and the whole
    assert "6 of 6 answered (100%)" in text


def test_what_is_unanswered_is_no_zero(world: Cast) -> None:
    Answer.objects.filter(assessment=world.row).update(value="")
    text = page(world)
    assert "not scored" in text
    assert "0%</td>" not in text
    assert "0 of 6 answered (0%)" in text


def test_c9_what_was_sent_keeps_its_figures(world: Cast) -> None:
    world.send()
    Answer.objects.filter(assessment=world.row).update(value="not_met")
    assert "7 of 9 points: 69%" in page(world)


def test_years_are_the_approved_ones_with_breaks_between_editions(world: Cast) -> None:
    world.approve()
    second = draft(world.service, world.edition, world.assessor)
    Assessment.objects.filter(pk=second.pk).update(period_start=date(2027, 1, 1), period_end=date(2027, 12, 31))
    second = Assessment.objects.get(pk=second.pk)
    second.submit(by=world.who("assessor"))
    user = world.who("reader")
    assert len(comparing.over_the_years(second, user)) == 1  # sent is not approved
    second.approve(by=world.who("manager"))
    years = comparing.over_the_years(second, user)
    assert [(year.period_end, year.has_break) for year in years] == [(date(2026, 6, 30), False), (date(2027, 12, 31), False)]
    assert "Approved assessments of this service" in page(world, second)


def test_a_reopened_one_stands_with_what_was_approved(world: Cast) -> None:
    world.approve().reopen("Why", by=world.who("manager"))
    Answer.objects.filter(assessment=world.row).update(value="not_met")
    years = comparing.over_the_years(world.now(), world.who("reader"))
    assert [(year.revision, year.percent) for year in years] == [(1, 69)]


def test_results_take_few_queries(world: Cast, django_assert_max_num_queries: Any) -> None:
    world.approve()
    client = world.client("reader")
    with django_assert_max_num_queries(20):
        client.get(reverse("assessments:results", args=[world.row.pk]))
