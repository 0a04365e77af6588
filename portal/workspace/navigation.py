"""The rail: every room names its own entries, so that the building knows none of them.

``settings.WORKSPACE_ROOMS`` lists functions by dotted name, in the order of the rail. Each is called as ``entries(user)`` and yields
an ``Entry`` for every page this person may open; what somebody may not do is not offered.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.audit.models import Notice


@dataclass(frozen=True)
class Entry:
    """One line of the rail. ``icon`` is a name in ``portal.design.icons``; ``count`` is shown when it is not 0."""

    label: str
    address: str
    icon: str = ""
    count: int = 0


@dataclass(frozen=True)
class Shown:
    """An entry as it stands on this page. ``is_current``: the page is this one or lies under it."""

    label: str
    address: str
    icon: str
    count: int
    is_current: bool
    is_exact: bool


@dataclass(frozen=True)
class Desk:
    """What the frame of a page shows beside the page. Empty for who is not signed in."""

    entries: tuple[Shown, ...] = ()
    notices: Entry | None = None
    account: str = ""
    leave: str = ""


def address_of(name: str, *args: Any) -> str:
    """The address called ``name``, or nothing where that room is not built in."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@cache
def functions(setting: str) -> tuple[Callable[..., Any], ...]:
    """The functions that ``settings`` lists under this name. Raises ``ImportError`` for one that is not there."""
    return tuple(import_string(name) for name in getattr(settings, setting))


def desk_of(request: HttpRequest | None) -> Desk:
    """The rail, the notices and the way out, for whoever asks."""
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return Desk()
    notices = Entry(_("Notices"), address_of("audit:notices"), "letter", Notice.objects.visible_to(user).unread().count())
    own = [Entry(_("Start"), reverse("workspace:start"), "home"), Entry(_("Tasks"), reverse("workspace:tasks"), "tick")]
    own += [notices] if notices.address else []
    entries = [*own, *(entry for function in functions("WORKSPACE_ROOMS") for entry in function(user))]
    return Desk(tuple(_placed(entries, request.path)), notices, address_of(settings.ACCOUNT_PAGE), address_of("account_logout"))


def _placed(entries: Iterable[Entry], path: str) -> Iterable[Shown]:
    """Mark the entry under which the page lies: the one with the longest address that begins the path."""
    entries = list(entries)
    start = reverse("workspace:start")
    above = [entry.address for entry in entries if path.startswith(entry.address) and (entry.address != start or path == start)]
    longest = max(above, key=len, default=None)
    for entry in entries:
        yield Shown(entry.label, entry.address, entry.icon, entry.count, entry.address == longest, entry.address == path)
