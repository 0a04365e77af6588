"""The catalogue's line in the workspace."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.workspace.navigation import Entry


def entries(user: Any) -> Iterator[Entry]:
    """Everybody who signs in may read the Standards."""
    yield Entry(_("Standards"), reverse("catalogue:index"), "book")
