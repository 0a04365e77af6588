"""The cast of self-assessments."""

import pytest

from tests.integration.standards.assessments.cast import Cast, cast


@pytest.fixture
def world(db: None) -> Cast:
    """A provider's finished draft, and everybody around it."""
    return cast()
