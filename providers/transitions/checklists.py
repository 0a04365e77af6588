"""The checklist of a transition: which points apply, which of them stop her from leaving, and how one is answered."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.trail import record
from providers.services.models import Outdated
from providers.transitions import permissions
from providers.transitions.codes import ASYLUM, HOMELESS, CheckReason, Destination, Trigger

if TYPE_CHECKING:
    from providers.transitions.models import Check, Transition

ALWAYS = "all"


def applies(item: dict[str, Any], row: "Transition") -> bool:
    """Whether a point of the pathway belongs on this transition's list."""
    group = item["applies"]
    return {
        "asylum": row.destination in ASYLUM,
        "turning_18": row.trigger == Trigger.TURNING_18 or row.destination == Destination.CHILD_TO_ADULT,
        "open_case": row.is_open_case,
        "no_home": row.destination in HOMELESS,
    }.get(group, True)


def extend(row: "Transition") -> None:
    """Put the points on the list that apply now. Nothing that was answered is taken away; what no longer applies and is open is."""
    wanted = {item["key"]: (number, item) for number, item in enumerate(row.pathway.content["checklist"], 1) if applies(item, row)}
    row.checks.filter(state="open").exclude(key__in=wanted).delete()
    there = set(row.checks.values_list("key", flat=True))
    for key, (number, item) in wanted.items():
        if key not in there:
            row.checks.create(key=key, order=number, blocks=item["blocks"], may_waive=item.get("may_waive", False))


def blockers(row: "Transition") -> list["Check"]:
    """The open points that stop her from leaving."""
    return list(row.checks.filter(blocks=True, state="open"))


def may_be_not_needed(check: "Check") -> bool:
    """Points for everybody are done, never "not needed"; the others are for whoever needs them."""
    items = check.transition.pathway.content["checklist"]
    return any(item["key"] == check.key and item["applies"] == "if_needed" for item in items)


def answer(check: "Check", state: str, reason: str, *, base: int, by: Any) -> "Check":
    """Say that a point is done, not needed, waived or open after all. Raises ``PermissionDenied``, ``Outdated``, ``ValidationError``."""
    with transaction.atomic():
        parent = type(check.transition)._base_manager.select_for_update().get(pk=check.transition_id)
        row: Check = type(check).objects.select_for_update().get(pk=check.pk)
        if not permissions.can_work_on(by, parent):
            raise PermissionDenied
        if row.version != base:
            raise Outdated(row)
        row.transition = parent
        _allowed(row, state, reason)
        row.state, row.reason = state, reason if state in {"waived", "not_needed"} else ""
        row.by, row.at, row.version = by, timezone.now(), row.version + 1
        row.save()
        codes = {"key": row.key, "state": state, "reason": row.reason}
        record("transitions.check.answer", parent, by=by, codes=codes)
    return row


def _allowed(row: "Check", state: str, reason: str) -> None:
    if row.transition.status not in row.transition.CHECKING:
        raise ValidationError(_("The checklist is closed: she has moved, or the transition has ended."))
    if state == "waived" and not row.may_waive:
        raise ValidationError(_("This point cannot be waived."))
    if state == "not_needed" and not may_be_not_needed(row):
        raise ValidationError(_("This point is for everybody: it is done or it is open."))
    if state in {"waived", "not_needed"} and reason not in CheckReason.values:
        raise ValidationError({"reason": _("Choose a reason.")})
    if state == "done" and row.key == "consent_recorded" and not row.transition.has_agreement:
        raise ValidationError(_("No agreement of hers holds now. Record it first."))
    if state == "done" and row.key == "named_receiver" and not row.transition.has_taker:
        raise ValidationError(_("No service has accepted yet."))
