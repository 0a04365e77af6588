"""The team of an inspection: who joins and leaves, what each declares about conflicts of interest, and who decides about it."""

from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.roles import Can, roles_that
from portal.audit.trail import record
from portal.calendar.working_days import LONDON, end_of
from providers.organisations.models import Membership
from standards.inspections import permissions
from standards.inspections.models import Inspection, TeamMember

Conflict = TeamMember.Conflict


def people_who(can: Can, organisation: Any) -> models.QuerySet[User]:
    """Current members of this organisation who may do ``can``, by name."""
    members = Membership.objects.current().filter(organisation=organisation, role__in=roles_that(can))
    return User.objects.filter(pk__in=members.values("user")).order_by("first_name", "last_name", "email")


def candidates(inspection: Inspection) -> models.QuerySet[User]:
    """Who may join: inspectors of the inspectorate who are not on the team, were not barred, and never worked for the provider."""
    on_it = inspection.team.filter(models.Q(ended_at__isnull=True) | models.Q(conflict=Conflict.BARRED))
    of_provider = Membership.objects.filter(organisation=inspection.provider_id)  # ended ones too
    people = people_who(Can.INSPECT, inspection.organisation_id)
    return people.exclude(pk__in=on_it.values("user")).exclude(pk__in=of_provider.values("user"))


@transaction.atomic
def add(inspection: Inspection, user: User, *, is_lead: bool, first: date, last: date, by: Any) -> TeamMember:
    """Put somebody on the team from the first day to the end of the last. Nothing opens to them before they have declared."""
    inspection = _locked(inspection, by)
    if not candidates(inspection).filter(pk=user.pk).exists():
        raise ValidationError({"user": _("This person cannot join the team.")})
    if last < first:
        raise ValidationError({"last": _("The last day is before the first. Choose a later one.")})
    if is_lead and not people_who(Can.LEAD_INSPECTION, inspection.organisation_id).filter(pk=user.pk).exists():
        raise ValidationError({"is_lead": _("This person may not lead inspections.")})
    if is_lead:
        inspection.team.filter(is_lead=True).update(is_lead=False)
    window = {"is_lead": is_lead, "starts_at": datetime.combine(first, time(), LONDON), "ends_at": end_of(last).at, "ended_at": None}
    member, is_new = inspection.team.get_or_create(user=user, defaults=window)
    if not is_new:  # back after having left: what was declared then is old, and is asked again
        for name, value in window.items():
            setattr(member, name, value)
        member.conflict, member.declaration, member.declared_at = Conflict.UNDECLARED, "", None
        member.decided_by = member.decided_at = None
        member.decision_reason = ""
        member.save()
    record("inspections.inspection.add_member", inspection, by=by, codes={"user": user.pk, "lead": is_lead, "member": member.pk})
    return member


@transaction.atomic
def change(member: TeamMember, *, is_lead: bool, first: date, last: date, by: Any) -> TeamMember:
    """Another window, or another role on the team."""
    inspection = _locked(member.inspection, by)
    member = inspection.team.select_for_update().get(pk=member.pk)
    if last < first:
        raise ValidationError({"last": _("The last day is before the first. Choose a later one.")})
    if is_lead and not people_who(Can.LEAD_INSPECTION, inspection.organisation_id).filter(pk=member.user_id).exists():
        raise ValidationError({"is_lead": _("This person may not lead inspections.")})
    if is_lead:
        inspection.team.exclude(pk=member.pk).filter(is_lead=True).update(is_lead=False)
    member.is_lead = is_lead
    member.starts_at, member.ends_at = datetime.combine(first, time(), LONDON), end_of(last).at
    member.save()
    record("inspections.inspection.change_member", inspection, by=by, codes={"user": member.user_id, "lead": is_lead})
    return member


@transaction.atomic
def take_off(member: TeamMember, *, by: Any) -> None:
    """Off the team, from this instant. What they wrote stays."""
    inspection = _locked(member.inspection, by)
    inspection.team.filter(pk=member.pk, ended_at__isnull=True).update(ended_at=timezone.now(), is_lead=False)
    record("inspections.inspection.take_off_member", inspection, by=by, codes={"user": member.user_id})


@transaction.atomic
def declare(member: TeamMember, has_conflict: bool, words: str, *, by: Any) -> TeamMember:
    """Say whether there is a conflict of interest. One that is declared closes everything until somebody decides."""
    member = TeamMember.objects.select_for_update().select_related("inspection").get(pk=member.pk)
    if not permissions.can_declare(by, member) or member.conflict == Conflict.BARRED or member.has_ended:
        raise PermissionDenied
    if has_conflict and not words.strip():
        raise ValidationError({"declaration": _("Say in a few words what the conflict is.")})
    member.conflict = Conflict.DECLARED if has_conflict else Conflict.NONE
    member.declaration, member.declared_at = words.strip() if has_conflict else "", timezone.now()
    member.decided_by = member.decided_at = None
    member.decision_reason = ""
    member.save()
    record("inspections.inspection.declare", member.inspection, by=by, codes={"conflict": member.conflict, "member": member.pk})
    return member


@transaction.atomic
def decide(member: TeamMember, is_accepted: bool, reason: str, *, by: Any) -> TeamMember:
    """Decide about a declared conflict: it does not matter here, or it keeps them out of this inspection for good."""
    member = TeamMember.objects.select_for_update().select_related("inspection").get(pk=member.pk)
    if not permissions.can_clear(by, member) or member.inspection.is_barred(by):
        raise PermissionDenied
    if member.conflict != Conflict.DECLARED:
        raise ValidationError(_("There is no declaration to decide about any more."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    member.conflict = Conflict.ACCEPTED if is_accepted else Conflict.BARRED
    member.decided_by, member.decided_at, member.decision_reason = by, timezone.now(), reason.strip()
    member.is_lead = member.is_lead and is_accepted
    member.save()
    record("inspections.inspection.decide", member.inspection, by=by, codes={"conflict": member.conflict, "member": member.pk})
    return member


def _locked(inspection: Inspection, by: Any) -> Inspection:
    """The row, locked, for who may change its team. Raises ``PermissionDenied``."""
    row: Inspection = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if not permissions.can_plan(by, row) or row.status in (Inspection.Status.CLOSED, Inspection.Status.CALLED_OFF):
        raise PermissionDenied
    return row
