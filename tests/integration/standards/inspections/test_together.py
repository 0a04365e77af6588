"""Several at once: names and numbers are given out one at a time, one sending is one finding, one view of a finding is one (INT-03)."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from providers.services.models import Service
from standards.inspections import judging, planning, recording
from standards.inspections.models import BlindView, Finding, Inspection
from tests import builders
from tests.databases import at_once as side_by_side
from tests.databases import own_copy
from tests.integration.standards.inspections.cast import Cast, cast, finding


@pytest.fixture(scope="module")
def copy(request: pytest.FixtureRequest) -> Iterator[str]:
    with own_copy(request, "inspections") as database:
        yield database


at_once = partial(side_by_side, refused=(PermissionDenied, ValidationError), seconds=120)


def write(world: Cast, key: uuid.UUID) -> Finding:
    values = {"standard": world.standards()[0], "kind": "strength", "text": "Something good."}
    return recording.find(world.now(), values, [], [], key=key, by=world.who("lead"))


@pytest.mark.django_db
def test_one_after_the_other_the_names_follow(db: None) -> None:
    world = cast()
    world.fieldwork()
    assert [write(world, uuid.uuid4()).code[-3:] for _at in range(2)] == ["F01", "F02"]


def test_int_03_twelve_findings_at_once_have_twelve_names(copy: str) -> None:
    world = cast()
    world.fieldwork()
    found = at_once([partial(write, world, uuid.uuid4()) for _at in range(12)])
    assert sorted(row.code for row in found) == [f"{world.row.number}-F{number:02d}" for number in range(1, 13)]
    key = uuid.uuid4()
    same = at_once([partial(write, world, key) for _at in range(6)])
    assert len({row.pk for row in same}) == 1


def test_int_03_eight_plans_at_once_have_eight_numbers(copy: str) -> None:
    world = cast()
    services = [builders.service(world.provider) for _at in range(8)]
    day = timezone.localdate() + timedelta(days=90)
    values = {"kind": "full", "notice": "none", "reason": "", "starts_on": day, "ends_on": day, "safe_talk_plan": ""}

    def plan(service: Service) -> Inspection:
        return planning.plan(world.regime, service, values, by=world.who("lead"))

    found = at_once([partial(plan, service) for service in services])
    assert len({row.number for row in found}) == 8
    assert Inspection.objects.filter(service__in=services).count() == 8


def test_int_03_of_two_second_views_one_stands(copy: str) -> None:
    world = cast()
    finding(world)
    world.reporting()
    view = BlindView.objects.get(inspection=world.row)

    def look(kind: str) -> BlindView:
        return judging.second_view(view, kind, "", "Mine.", by=world.who("reviewer"))

    found = at_once([partial(look, kind) for kind in ("meets", "strength")])
    assert sum(isinstance(row, ValidationError) for row in found) == 1
