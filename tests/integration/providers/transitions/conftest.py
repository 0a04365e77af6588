"""The cast of a move."""

import pytest

from tests.integration.providers.transitions.movers import World, world


@pytest.fixture
def cast(db: None) -> World:
    """Two providers, a rival, and one move between the two."""
    return world()
