"""The cast of inspections."""

import pytest

from tests.integration.standards.inspections.cast import Cast, cast


@pytest.fixture
def world(db: None) -> Cast:
    """An inspection that is planned, and everybody around it."""
    return cast()
