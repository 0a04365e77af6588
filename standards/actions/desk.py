"""The action plan in the workspace's frame: its entry in the rail, and what waits for somebody."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Can
from portal.workspace.navigation import Entry
from portal.workspace.needs import Need
from providers.organisations.permissions import can
from standards.actions.models import Action

SOON = 14  # days: the first reminder comes then too
MOST = 50  # of each kind: the list has the rest


def entries(user: Any) -> Iterable[Entry]:
    """The plan, for whoever reads an organisation's own work."""
    if can(user, Can.READ):
        yield Entry(_("Action plan"), reverse("actions:index"), "list")


def needs(user: Any) -> Iterable[Need]:
    """Own actions that are due soon or late; what others did and somebody must verify; what nobody has."""
    if not can(user, Can.ASSESS):
        return
    today = timezone.localdate()
    mine = Action.objects.where(user, Can.ASSESS)
    for action in mine.mine_soon(user, today, SOON)[:MOST]:
        weight = 80 if action.priority == Action.Priority.CRITICAL else 60
        yield Need(action.what, _address(action), action.due_on, weight, _("Actions"), _("It is yours to do."))
    for action in mine.to_verify_by(user)[:MOST]:
        yield Need(action.what, _address(action), None, 55, _("Actions"), _("It is said to be done. Somebody else has to verify it."))
    if can(user, Can.APPROVE) and (left := Action.objects.where(user, Can.APPROVE).without_owner().count()):
        address = f"{reverse('actions:index')}?owner=nobody"
        yield Need(_("Actions that nobody has: %d") % left, address, None, 70, _("Actions"), _("Give them to somebody."))


def _address(action: Action) -> str:
    return reverse("actions:show", args=[action.pk])
