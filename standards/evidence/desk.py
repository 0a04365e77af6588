"""The evidence room in the workspace's frame: its entry in the rail, and what waits for somebody."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from standards.evidence.freshness import SOON
from standards.evidence.models import Evidence


def entries(user: Any) -> Iterable[Entry]:
    """The library, for whoever reads an organisation's own work."""
    if can(user, Can.READ):
        yield Entry(_("Evidence"), reverse("evidence:index"), "book")


def needs(user: Any) -> Iterable[Need]:
    """One line for all evidence whose review date is near or has passed, due on the earliest of them."""
    if not can(user, Can.ASSESS):
        return
    dates = list(Evidence.objects.where(user, Can.ASSESS).due_for_review(timezone.localdate() + SOON).review_dates())
    if dates:
        address = f"{reverse('evidence:index')}?state=review"
        yield Need(
            _("Evidence to look at again: %d") % len(dates), address, dates[0], 50, _("Evidence"), _("Does it still show what it says?")
        )
