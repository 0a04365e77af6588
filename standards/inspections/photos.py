"""Says to the sweep of the file store which files are photos of inspections."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from standards.inspections.models import Photo


def names_kept(names: Iterable[Any]) -> set[UUID]:
    """Which of these stored names are photos."""
    return set(Photo.objects.filter(stored_name__in=list(names)).values_list("stored_name", flat=True))
