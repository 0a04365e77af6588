"""What this noun puts on the desk."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from providers.organisations.permissions import can


def entries(user: Any) -> Iterable[Entry]:
    """People, for those who look after them."""
    if can(user, Can.MANAGE_PEOPLE):
        yield Entry(_("People"), reverse("organisations:people"), "family")
