"""Two assessments side by side, indicator by indicator."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from standards.assessments import carrying, comparing
from standards.assessments.models import Answer, Assessment
from tests import builders
from tests.integration.standards.assessments.cast import Cast, draft
from tests.integration.standards.assessments.test_carrying import newer


def later(world: Cast, **fields: Any) -> Assessment:
    """Another draft of the same service."""
    row = draft(world.service, world.edition, world.assessor)
    Assessment.objects.filter(pk=row.pk).update(title="Later", period_start=date(2027, 1, 1), period_end=date(2027, 6, 30), **fields)
    row.refresh_from_db()
    return row


def address(row: Assessment, other: Assessment | None = None, only: str = "") -> str:
    return reverse("assessments:compare", args=[row.pk]) + (f"?other={other.pk}&only={only}" if other else "")


def test_what_changed_is_shown_word_by_word_and_in_points(world: Cast) -> None:
    world.approve()
    other = later(world)
    Answer.objects.filter(assessment=other, indicator__code="PRI-01-b").update(value="not_met", comment="What we did about PRI-01-b.")
    page = world.client("reader").get(address(other, world.row)).content.decode()
    assert page.count('class="pair"') == 6
    assert "Fully met → <strong>Not met" in page
    assert "<del>" in page
    assert ">did</ins>" in page
    # PRI: (1 + 3 + 3) of 9, capped at 69, becomes (1 + 0 + 3) of 9 = 44.
    assert "-25</td>" in page
    only = world.client("reader").get(address(other, world.row, "changed")).content.decode()
    assert only.count('class="pair"') == 1
    assert "1 of 6 indicators shown" in only


def test_the_older_stands_first_wherever_one_starts(world: Cast) -> None:
    world.approve()
    other = later(world)
    for start, beside in ((other, world.row), (world.row, other)):
        page = world.client("reader").get(address(start, beside)).content.decode()
        assert f"<bdi>{world.row.title}</bdi> → <bdi>Later</bdi>" in page


def test_across_editions_the_crosswalk_pairs_and_the_page_says_so(world: Cast) -> None:
    world.approve()
    row = carrying.begin_from(
        world.now(),
        title="Newer",
        period_start=date(2026, 7, 1),
        period_end=date(2027, 6, 30),
        edition=newer(world),
        by=world.who("assessor"),
    )
    user = world.who("assessor")
    found = comparing.compare(comparing.side(world.now(), user), comparing.side(row, user))
    pairs = {(one.before and one.before.code, one.after and one.after.code) for one in found.rows}
    assert {("PRI-01-c", "PRI-01-z"), ("RSK-01-a", "RSK-01-m"), (None, "RSK-01-n"), ("RSK-01-c", None)} <= pairs
    assert found.is_across
    assert b"answered under different editions" in world.client("reader").get(address(row, world.row)).content


def test_compare_offers_only_the_same_service_and_what_one_may_see(world: Cast) -> None:
    world.approve()
    elsewhere = draft(builders.service(world.provider), world.edition, world.assessor)
    client = world.client("manager")
    page = client.get(address(world.row, elsewhere))
    assert b"pair" not in page.content
    assert f'value="{elsewhere.pk}"'.encode() not in page.content


def test_the_audience_compares_only_what_was_shared(world: Cast) -> None:
    world.share()
    other = later(world)
    inspector = world.client("inspector")
    page = inspector.get(address(world.row, other))
    assert page.status_code == 200
    assert b"Later" not in page.content
    assert inspector.get(address(other, world.row)).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "rival_manager"])
def test_perm_others_compare_nothing(world: Cast, who: str) -> None:
    world.approve()
    assert world.client(who).get(address(world.row, later(world))).status_code == 404


def test_comparing_takes_few_queries(world: Cast, django_assert_max_num_queries: Any) -> None:
    world.approve()
    other = later(world)
    client = world.client("manager")
    client.get(address(other, world.row))
    user = world.who("manager")
    with django_assert_max_num_queries(12):
        comparing.compare(comparing.side(world.now(), user), comparing.side(other, user))
