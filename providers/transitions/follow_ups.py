"""Asking how it goes: planning the points she chose, logging attempts in the agreed way, sealing what she says."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction as database
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.trail import record
from portal.vault.keyring import Key, open_key
from providers.services.models import Outdated
from providers.transitions import consent_permissions as permissions
from providers.transitions import follow_up_states, safe_contact
from providers.transitions.consents import locked
from providers.transitions.follow_up_reading import FIELD
from providers.transitions.follow_up_states import POINTS, Answered
from providers.transitions.models import Attempt, FollowUp, SealedSection, Transition
from providers.transitions.safe_contact import Contact, Rules

CONTACT = "contact"

WORDS = {
    "silence": gettext_lazy("Nothing was answered. That is an attempt, not an answer: log it as one."),
    "answers": gettext_lazy("Choose one of the answers."), "outcomes": gettext_lazy("Choose a number from one to five, or leave it out."),
    "stable": gettext_lazy("This is asked at six and twelve months only."),
}  # fmt: skip


def choose_points(transition: Transition, points: Iterable[str], moved_on: date, *, by: Any) -> None:
    """She is asked at exactly these points from now on, counted from the day of the move. None at all is her right too.

    A point at which she was asked already stays. Raises ``PermissionDenied`` or ``ValidationError``.
    """
    wanted = set(points)
    with database.atomic():
        row = locked(transition)
        if not permissions.can_record(by, row):
            raise PermissionDenied
        if row.status in Transition.TERMINAL or not wanted <= set(POINTS):
            raise ValidationError(_("Choose from the list."))
        held = {found.point: found for found in row.follow_ups.select_for_update()}
        for point in POINTS:
            found = held.get(point)
            if found is not None and found.done_at is None:
                found.is_wanted, found.due_on = point in wanted, follow_up_states.due_on(moved_on, point)
                found.save(update_fields=["is_wanted", "due_on"])
            elif found is None and point in wanted:
                FollowUp.objects.create(transition=row, point=point, due_on=follow_up_states.due_on(moved_on, point))
        Transition.objects.filter(pk=row.pk).update(wants_follow_up=bool(wanted))
        record("transitions.transition.follow_up_chosen", row, by=by, codes={"points": sorted(wanted, key=POINTS.index)})


def rules_for(transition: Transition, key: Key | None = None) -> Rules:
    """How she may be contacted. One query for the section, and one for the key unless it is there."""
    section = SealedSection.objects.filter(transition=transition, item=CONTACT, is_current=True).first()
    if section is None:
        return Rules()
    opened = key or open_key(transition.pk)
    return safe_contact.rules_of(opened.unseal(bytes(section.blob), field=section.item, version=section.version))


def log_attempt(transition: Transition, contact: Contact, result: str, *, follow_up: FollowUp | None = None, by: Any) -> Attempt:
    """Somebody tried. What breaks the agreement is refused before it is made, so it cannot be logged as if it were fine.

    Raises ``PermissionDenied`` or ``ValidationError`` with the codes of the breaches.
    """
    with database.atomic():
        row = locked(transition)
        if not permissions.can_record(by, row):
            raise PermissionDenied
        if result not in Attempt.Result.values or contact.at > timezone.now() or (follow_up and follow_up.transition_id != row.pk):
            raise ValidationError(_("Say what came of it. It cannot lie in the future."))
        if found := safe_contact.breaches(rules_for(row), contact):
            raise ValidationError([ValidationError(str(breach), code=str(breach)) for breach in found])
        attempt = Attempt(transition=row, follow_up=follow_up, channel=contact.channel, at=contact.at, result=result, by=by)
        attempt.full_clean(exclude=["transition", "follow_up", "by"])
        attempt.save(force_insert=True)
        codes = {"channel": contact.channel, "result": result}
        record("transitions.transition.contact_tried", row, by=by, codes=codes)
    return attempt


def answer(follow_up: FollowUp, content: Mapping[str, Any], *, base: int, by: Any) -> Answered:
    """What she said, sealed with her record. A "no" is a risk that the same transaction raises.

    Raises ``PermissionDenied``, ``Outdated`` when somebody was quicker, or ``ValidationError``; silence is one.
    """
    with database.atomic():
        row = locked(follow_up.transition)
        if not permissions.can_record(by, row):
            raise PermissionDenied
        current: FollowUp = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
        if current.version != base:
            raise Outdated(current)
        if not current.is_wanted or row.status in Transition.TERMINAL:
            raise ValidationError(_("She does not want to be asked here."))
        if wrong := follow_up_states.problems(current.point, content):
            raise ValidationError([WORDS[name] for name in wrong])
        kept = {name: content[name] for name in ("answers", "outcomes", "stable", "wish") if content.get(name)}
        current.version += 1
        current.blob = open_key(row.pk).seal(kept, field=FIELD.format(current.pk), version=current.version)
        current.done_at, current.by = timezone.now(), by
        current.save()
        said = Answered(current.point, kept["answers"], kept.get("stable", ""))
        codes = {"point": current.point, "outcomes": bool(kept.get("outcomes")), "risks": list(said.risks)}
        record("transitions.transition.follow_up_answered", row, by=by, codes=codes)
        raise_risk(row, said.risks, by=by)
    return said


def raise_risk(row: Transition, themes: Iterable[str], *, by: Any) -> None:
    """Take the step "at risk" for the first theme, where the course of the transition has that step and it leads on from here."""
    step = row.STEPS.get("flag_risk")
    for theme in themes:
        if step is not None and row.status in step.sources:
            getattr(row, step.name)(theme, by=by)
