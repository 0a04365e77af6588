"""The door of every page about one assessment: strangers find nothing, readers are refused what they may not do."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from portal.accounts.roles import Can
from portal.steps import Step, WrongState
from providers.organisations.permissions import can
from standards.assessments.models import Assessment

NEEDED = ("service", "edition__framework", "organisation", "author", "previous")


def seen(request: HttpRequest, pk: UUID) -> Assessment:
    """An assessment that this person may see, their own or one shared with them. Anything else is not there (404)."""
    found: Assessment = get_object_or_404(Assessment.objects.visible_to(request.user).select_related(*NEEDED), pk=pk)
    return found


def own(request: HttpRequest, pk: UUID, what: Can = Can.READ) -> Assessment:
    """An assessment for whose organisation this person may do ``what``. Who sees it only because it was shared is refused (403)."""
    found = seen(request, pk)
    if not can(request.user, what, found.organisation_id):
        raise PermissionDenied
    return found


def for_step(request: HttpRequest, pk: UUID, name: str) -> tuple[Assessment, Step]:
    """An assessment on which this person may take the step ``name`` now. Raises ``PermissionDenied`` or ``WrongState`` (409)."""
    found = own(request, pk)
    step = Assessment.STEPS[name]
    if found.status not in step.sources:
        raise WrongState(found, step)
    if not step.may(request.user, found):
        raise PermissionDenied
    return found, step
