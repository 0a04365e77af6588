"""Which actions a list shows. Page, board, print and CSV all ask here, so they can never differ (C15)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.design.cells import plain
from standards.actions.forms import MINE, NOBODY, UNFINISHED, FilterForm
from standards.actions.models import Action, ActionQuerySet

PAGE = 50
ORDER = {
    "due": ("due_on", "created_at"), "priority": ("urgency", "due_on"), "service": ("service__name", "due_on"), "newest": ("-created_at",)
}  # fmt: skip
NEEDED = ("service", "indicator", "owner", "done_by", "verified_by", "created_by")


def listed(user: Any, data: Mapping[str, Any]) -> tuple[FilterForm, ActionQuerySet]:
    """The filter as its reader set it, and the actions that it leaves, sorted, with all that a row shows."""
    form = FilterForm(data, user=user)
    return form, narrowed(Action.objects.visible_to(user), form.chosen(), user)


def narrowed(rows: ActionQuerySet, chosen: Mapping[str, Any], user: Any) -> ActionQuerySet:
    """``rows`` by what was chosen in the filter."""
    if chosen.get("overdue"):
        rows = rows.overdue(timezone.localdate())
    if (status := chosen.get("status")) == UNFINISHED:
        rows = rows.unfinished()
    elif status:
        rows = rows.filter(status=status)
    if (owner := chosen.get("owner")) == NOBODY:
        rows = rows.without_owner()
    elif owner:
        rows = rows.filter(owner=user.pk if owner == MINE else owner)
    rows = rows.filter(**{name: chosen[name] for name in ("service", "priority", "source") if name in chosen})
    order = {Action.Priority.CRITICAL: 0, Action.Priority.HIGH: 1}
    urgency = Case(*(When(priority=name, then=Value(rank)) for name, rank in order.items()), default=2, output_field=IntegerField())
    return rows.annotate(urgency=urgency).select_related(*NEEDED).order_by(*ORDER[chosen.get("sort", "due")], "pk")


def heading() -> list[str]:
    """The first line of the table."""
    return [
        _("What will be done"), _("Status"), _("Overdue"), _("Priority"), _("Service"), _("Indicator"), _("What the indicator asks"),
        _("Comes from"), _("Role"), _("Person"), _("Start"), _("Due"), _("How it was done"), _("Done by"), _("Done on"), _("Verified by"),
        _("Verified on"), _("Why it was cancelled"), _("What is still missing"), _("Planned by"), _("Planned on"),
    ]  # fmt: skip


def row(action: Action) -> list[str]:
    """One action as cells, in the order of ``heading`` and in the reader's language."""
    cells: Iterable[Any] = (
        action.what, action.get_status_display(), _("yes") if action.is_overdue() else _("no"), action.get_priority_display(),
        action.service, action.indicator or "", action.indicator.text if action.indicator else "", action.get_source_display(),
        action.get_owner_role_display(), action.owner or "", _day(action.start_on), _day(action.due_on), action.completion,
        action.done_by or "", _day(action.done_at), action.verified_by or "", _day(action.verified_at), action.cancelled_reason,
        action.returned_reason, action.created_by, _day(action.created_at),
    )  # fmt: skip
    return [plain(cell) for cell in cells]


def table(rows: ActionQuerySet) -> Iterator[list[str]]:
    """Heading and rows."""
    yield heading()
    yield from map(row, rows.iterator(chunk_size=500))


def _day(moment: Any) -> str:
    return date_format(moment, "Y-m-d") if moment else ""
