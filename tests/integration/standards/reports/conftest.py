"""The cast of reports."""

import pytest

from tests.integration.standards.reports.cast import Cast, cast


@pytest.fixture
def world(db: None) -> Cast:
    """An inspection that is being written up, its report, and everybody around it."""
    return cast()
