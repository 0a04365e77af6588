"""One portal for these tests, on a database that they share with it; and a visit that is under way."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.inspections.tablets import CANARY
from tests.conftest import Site, start_site, stop_site
from tests.databases import own_copy
from tests.integration.standards.inspections.cast import Cast, cast, finding


@pytest.fixture(scope="package")
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A copy that this process and the portal both use."""
    with own_copy(request, "pack") as address:
        yield address


@pytest.fixture(scope="package")
def portal(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal on it, with a cache of its own."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    running = start_site(tmp_path_factory.mktemp("pack"), database, CACHE_URL=f"{server}/{int(number) + 11}")
    yield running
    stop_site(running)


@pytest.fixture
def world(database: str) -> Cast:
    """A visit that is under way, with a draft of the inspector who takes the pack."""
    made = cast()
    made.fieldwork()
    finding(made, status="draft", by=made.people["cleared"], kind="shortfall", severity="low", text=f"{CANARY}: as it was.")
    return made
