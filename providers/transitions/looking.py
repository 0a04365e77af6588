"""Looking at a record: it is found among those one may see, the look is written down, and nobody looks at many in a row unasked.

Every page of a record stands under ``of_record``: the row in the log and what the page reads belong to one transaction, so there is
no look without a row. Somebody who opens more than thirty different records within an hour proves again who they are, and the managers
of their organisations are told (PERM-17).
"""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from portal.accounts.limits import Limit
from portal.accounts.recent import is_recent, recent_sign_in_required
from portal.audit.models import Event, View
from portal.audit.trail import record, saw
from providers.organisations.models import roles_of
from providers.transitions.models import Transition
from providers.transitions.permissions import Sight, sight

MOST, WITHIN = 30, timedelta(hours=1)
PACE = "transitions.transition.many_looks"
MISSES, MISSES_OF_ALL = Limit("reference", 20, 60 * 60), Limit("references", 200, 60 * 60)  # of a person, of a service
GUESSING = "transitions.transition.guessing"
Page = Callable[..., HttpResponseBase]


def of_record(why: str) -> Callable[[Page], Page]:
    """The view gets the record, not its id. ``why``: a code that says what the page is for; how much they see is added to it."""

    def decorate(view: Page) -> Page:
        @functools.wraps(view)
        def seen(request: HttpRequest, pk: UUID, **named: Any) -> HttpResponseBase:
            row: Transition = get_object_or_404(Transition.objects.visible_to(request.user).in_full(), pk=pk)
            seen_as = sight(request.user, row)
            if seen_as == Sight.NOTHING:
                raise Http404
            if is_too_many(request.user, row.pk) and not is_recent(request):
                _tell(request.user, row)
                return recent_sign_in_required(view)(request, row, **named)
            with transaction.atomic():
                saw(request.user, row, f"{why}:{seen_as}")
                return view(request, row, **named)

        return seen

    return decorate


def watched(view: Page) -> Page:
    """For pages that find the record by a rule of their own: one transaction for what they read and the look they write, and the pace."""

    @functools.wraps(view)
    def seen(request: HttpRequest, pk: UUID, **named: Any) -> HttpResponseBase:
        if is_too_many(request.user, pk) and not is_recent(request):
            _tell(request.user, get_object_or_404(Transition.objects.visible_to(request.user), pk=pk))
            return recent_sign_in_required(view)(request, pk=pk, **named)
        with transaction.atomic():
            return view(request, pk=pk, **named)

    return seen


def is_too_many(user: Any, pk: UUID) -> bool:
    """Whether this would be one record more than anybody opens within an hour. One that was opened before is none more."""
    since = timezone.now() - WITHIN
    looks = View.objects.filter(by=user, at__gt=since, subject_type=Transition._meta.label_lower)
    different = set(looks.values_list("subject_id", flat=True).distinct()[: MOST + 1])
    return len(different) >= MOST and pk not in different and not looks.filter(subject_id=pk).exists()


def may_look_up(user: Any) -> bool:
    """Whether this person, and every service of theirs, has a try left at references. Wrong ones count, right ones do not (AUTH-16)."""
    return not any(limit.is_used_up(whom) for limit, whom in _tries(user))


def missed(user: Any) -> None:
    """A reference under which there is nothing they may see. With the last try the managers are told."""
    for limit, whom in _tries(user):
        limit.take(whom)
    if not may_look_up(user):
        for membership in roles_of(user):
            record(GUESSING, membership.organisation, by=user)


def _tries(user: Any) -> list[tuple[Limit, str]]:
    homes = {str(membership.organisation_id) for membership in roles_of(user)}
    return [(MISSES, str(user.pk)), *((MISSES_OF_ALL, home) for home in sorted(homes))]


def _tell(user: Any, row: Transition) -> None:
    """Once in an hour."""
    if not Event.objects.filter(verb=PACE, by=user, at__gt=timezone.now() - WITHIN).exists():
        record(PACE, row, by=user)
