"""What should change and what became of it: items, the provider's answers, agreement, looking again (C48, part 4.5)."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.roles import Role
from portal.audit.trail import record
from standards.actions import planning
from standards.actions.models import Action, Source
from standards.inspections.models import Finding
from standards.reports import permissions
from standards.reports.editing import Outdated
from standards.reports.models import ActionItem, FollowUp, ItemResponse, Report

NAMESPACE = uuid.UUID("6f0a7c5e-5f1c-4c7e-9a52-0f8a0b1d2c3e")  # under which the action of a response has its name
PRIORITIES = {"critical": Action.Priority.CRITICAL, "high": Action.Priority.HIGH}


def write_item(report: Report, values: Mapping[str, Any], *, item: ActionItem | None = None, base: int = 0, by: Any) -> ActionItem:
    """A new item, or an old one anew, while the report is being written. Raises ``Outdated`` when somebody else was quicker."""
    with transaction.atomic():
        locked = Report.objects.select_for_update(of=("self",)).select_related("inspection__regime").get(pk=report.pk)
        if not permissions.can_draft(by, locked):
            raise PermissionDenied
        if not locked.is_writable:
            raise ValidationError(_("The report is not being written now."))
        if values["kind"] == ActionItem.Kind.REQUIREMENT and not locked.inspection.regime.allows_requirements:
            raise ValidationError({"kind": _("Under this regime there are recommendations only.")})
        row = item or ActionItem(report=locked, number=(locked.items.order_by("-number").values_list("number", flat=True).first() or 0) + 1)
        if item is not None:
            row = ActionItem.objects.select_for_update().get(pk=item.pk, report=locked)
            if row.version != base:
                raise Outdated(row)
            row.version += 1
        for name in ("kind", "clause", "addressee", "text", "due_on", "repeats"):
            setattr(row, name, values[name])
        row.full_clean(exclude=["report"], validate_unique=False)
        row.save()
        findings = Finding.objects.filter(inspection=locked.inspection_id, pk__in=[finding.pk for finding in values["findings"]])
        row.findings.set(findings)
        record("reports.report.write_item", locked, by=by, codes={"item": row.number})
    return row


def respond(item: ActionItem, values: Mapping[str, Any], *, base: int, by: Any) -> ItemResponse:
    """The provider's one answer to an item. What they accept becomes an action of their own plan.

    Raises ``PermissionDenied``, ``ValidationError``, and ``Outdated`` when a colleague was quicker.
    """
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).select_related("inspection__service").get(pk=item.report_id)
        if not permissions.can_answer(by, report) or item.addressee != ActionItem.Addressee.PROVIDER:
            raise PermissionDenied
        if report.status != Report.Status.ACTION_PLAN_DUE:
            raise ValidationError(_("Items are answered after the report was issued, until the answers are agreed."))
        row = ItemResponse.objects.select_for_update().filter(item=item).first() or ItemResponse(item=item, by=by, version=0)
        if row.version != base:
            raise Outdated(row)
        if row.agreed_at:
            raise ValidationError(_("This answer was agreed."))
        _take_answer(row, values, by)
        if row.answer != ItemResponse.Answer.NOT_ACCEPT and row.action_id is None:
            row.action_id = _action(report, item, row, by).pk
        row.save()
        record("reports.report.respond", report, by=by, codes={"item": item.number, "answer": row.answer})
    return row


def _take_answer(row: ItemResponse, values: Mapping[str, Any], by: Any) -> None:
    row.answer, row.reason, row.what, row.due_on = values["answer"], values["reason"], values["what"], values["due_on"]
    row.by, row.at, row.version, row.returned_reason = by, timezone.now(), row.version + 1, ""
    accepts = row.answer != ItemResponse.Answer.NOT_ACCEPT
    wrong = {}
    if row.answer != ItemResponse.Answer.ACCEPT and not row.reason.strip():
        wrong["reason"] = _("Say why you do not accept all of it.")
    if accepts and not row.what.strip():
        wrong["what"] = _("Say what will be done.")
    if accepts and row.due_on is None:
        wrong["due_on"] = _("Say until when.")
    if accepts and row.due_on and row.due_on < timezone.localdate():
        wrong["due_on"] = _("Choose a day that has not passed.")
    if wrong:
        raise ValidationError(wrong)


def _action(report: Report, item: ActionItem, row: ItemResponse, by: Any) -> Action:
    """In the provider's plan, under a name made of the response: answering twice is one action."""
    severities = set(item.findings.values_list("severity", flat=True))
    priority = next((level for name, level in PRIORITIES.items() if name in severities), Action.Priority.NORMAL)
    proposal = planning.Proposal(report.inspection.service, Source.FINDING, item.pk, priority=priority)
    values = {
        "what": row.what[:500], "owner_role": Role.MANAGER, "owner": None, "start_on": timezone.localdate(), "due_on": row.due_on,
        "priority": priority,
    }  # fmt: skip
    return planning.plan(proposal, values, key=uuid.uuid5(NAMESPACE, str(row.pk)), by=by)


def agree(response: ItemResponse, *, by: Any) -> None:
    """The lead agrees to an answer."""
    with transaction.atomic():
        report, row = _of_lead(response, by)
        row.agreed_by, row.agreed_at, row.returned_reason, row.version = by, timezone.now(), "", row.version + 1
        row.save()
        ActionItem.objects.filter(pk=row.item_id).update(status=ActionItem.Status.AGREED)
        record("reports.report.agree_answer", report, by=by, codes={"item": row.item.number})


def send_back(response: ItemResponse, reason: str, *, by: Any) -> None:
    """The lead does not agree yet: the provider reads why, in its place."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say what is missing.")})
    with transaction.atomic():
        report, row = _of_lead(response, by)
        row.agreed_by, row.agreed_at, row.returned_reason, row.version = None, None, reason, row.version + 1
        row.save()
        record("reports.report.return_answer", report, by=by, codes={"item": row.item.number})


def _of_lead(response: ItemResponse, by: Any) -> tuple[Report, ItemResponse]:
    report = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(items=response.item_id)
    if not permissions.can_lead(by, report):
        raise PermissionDenied
    if report.status != Report.Status.ACTION_PLAN_DUE:
        raise ValidationError(_("Answers are agreed while they are being given."))
    return report, ItemResponse.objects.select_for_update(of=("self",)).select_related("item").get(pk=response.pk)


def follow_up(item: ActionItem, values: Mapping[str, Any], *, by: Any) -> FollowUp:
    """Somebody looked at what became of an item. "Closed" closes it; "superseded" carries it to the next inspection."""
    with transaction.atomic():
        report = Report.objects.select_for_update(of=("self",)).select_related("inspection").get(pk=item.report_id)
        if not permissions.can_lead(by, report):
            raise PermissionDenied
        if report.status != Report.Status.FOLLOW_UP:
            raise ValidationError(_("Items are followed up after their answers were agreed."))
        if values["on"] > timezone.localdate():
            raise ValidationError({"on": _("This day has not come yet.")})
        row: FollowUp = item.follow_ups.create(by=by, **values)
        closes = {FollowUp.Result.CLOSED: ActionItem.Status.CLOSED, FollowUp.Result.SUPERSEDED: ActionItem.Status.CARRIED}
        if row.result in closes:
            ActionItem.objects.filter(pk=item.pk).update(status=closes[FollowUp.Result(row.result)])
        record("reports.report.follow_up", report, by=by, codes={"item": item.number, "result": row.result})
    return row


def actions_of(items: Any) -> dict[uuid.UUID, Action]:
    """What stands in the provider's plan for these items, by item: how it flows back."""
    found = Action.objects.of_source(Source.FINDING, [item.pk for item in items])
    return {action.source_id: action for action in found if action.source_id}


def earlier_items(report: Report) -> Any:
    """Items of earlier reports about the same service that were not closed: what can be stated for the second time."""
    issued = Report.objects.filter(inspection__service=report.inspection.service_id, status__in=Report.ISSUED).exclude(
        inspection=report.inspection_id
    )
    return ActionItem.objects.filter(report__in=issued).exclude(status=ActionItem.Status.CLOSED).order_by("-report__created_at", "number")
