"""One portal for these tests, on a database that they share with it; and two people at one empty assessment."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from standards.assessments.models import Answer
from tests.browser.assessments.writing import Desk, all_of, begin, desk
from tests.conftest import Site, stop_site
from tests.databases import own_copy
from tests.integration.standards.assessments import asked
from tests.integration.standards.assessments.cast import Cast, cast


@pytest.fixture(scope="package")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy that this process and the portal both use."""
    with own_copy(request, "browser") as address:
        yield address


@pytest.fixture(scope="package")
def site(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal of these tests."""
    running = begin(database, tmp_path_factory.mktemp("autosave"))
    yield running
    stop_site(running)


@pytest.fixture
def world(database: str) -> Cast:
    """A provider's people."""
    return cast()


@pytest.fixture
def answers(world: Cast) -> list[Answer]:
    """The questions of an empty assessment: one chapter of six."""
    row = asked.empty(world.service, asked.edition(6), world.assessor)
    return list(row.answers.in_order().select_related("assessment", "indicator"))


@pytest.fixture
def asha(browser: Browser, site: Site, world: Cast, answers: list[Answer]) -> Iterator[Desk]:
    """The assessor at work."""
    with desk(browser, site, world.assessor, all_of(answers[0].assessment)) as made:
        yield made


@pytest.fixture
def mara(browser: Browser, site: Site, world: Cast, answers: list[Answer]) -> Iterator[Desk]:
    """The manager, at the same page."""
    with desk(browser, site, world.manager, all_of(answers[0].assessment)) as made:
        yield made
