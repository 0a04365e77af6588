"""Work outside the request: says to the sweep of the file store which files are photos of inspections."""

from collections.abc import Iterable
from uuid import UUID

from standards.evidence.sweeping import owns
from standards.inspections.models import Photo


@owns
def photos(names: list[UUID]) -> Iterable[UUID]:
    """Which of these stored names are photos."""
    return Photo.objects.filter(stored_name__in=names).values_list("stored_name", flat=True)
