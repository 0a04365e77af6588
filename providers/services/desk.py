"""Services in the workspace's frame: their entry in the rail."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from providers.organisations.permissions import can


def entries(user: Any) -> Iterable[Entry]:
    """For whoever reads an organisation's own work."""
    if can(user, Can.READ):
        yield Entry(_("Services"), reverse("services:index"), "house")
