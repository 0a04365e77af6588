"""The casts of transitions."""

import pytest

from tests.integration.providers.transitions import movers
from tests.integration.providers.transitions.cast import World, world


@pytest.fixture(name="world")
def _world(db: None) -> World:
    """Two services, their people and everybody else; no record yet."""
    return world()


@pytest.fixture
def cast(db: None) -> movers.World:
    """Two providers, a rival, and one move between the two."""
    return movers.world()
