"""The cast of transitions."""

import pytest

from tests.integration.providers.transitions.cast import World, world


@pytest.fixture(name="world")
def _world(db: None) -> World:
    """Two services, their people and everybody else; no record yet."""
    return world()
