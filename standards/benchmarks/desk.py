"""The comparison in the workspace's rail."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from providers.organisations.permissions import can


def entries(user: Any) -> Iterable[Entry]:
    """For whoever may read it."""
    if can(user, Can.READ) or can(user, Can.READ_AGGREGATES):
        yield Entry(_("Comparison"), reverse("benchmarks:index"), "map")
