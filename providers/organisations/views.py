"""Who is in an organisation, who is invited, and taking either back."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts import invitations
from portal.accounts.models import Invitation
from portal.accounts.recent import recent_sign_in_required
from portal.accounts.roles import Can
from providers.organisations import joining
from providers.organisations.forms import Invite, NewOrganisation
from providers.organisations.models import Membership, Organisation
from providers.organisations.permissions import can


def _managed(request: HttpRequest, pk: UUID) -> Organisation:
    """The organisation: 404 to strangers, 403 to members who do not manage its people."""
    organisation: Organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    if not joining.may_manage_people(request.user, organisation):
        raise PermissionDenied
    return organisation


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """One's organisations. With one only, straight to its people."""
    if not can(request.user, Can.MANAGE_PEOPLE):
        raise PermissionDenied
    rows = list(Organisation.objects.with_people_managed_by(request.user))
    if len(rows) == 1:
        return redirect("organisations:people_of", pk=rows[0].pk)
    return render(request, "providers/organisations/people.html", {"organisations": rows, "administers": can(request.user, Can.ADMINISTER)})


@require_safe
def people_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Roles and invitations of one organisation."""
    organisation = _managed(request, pk)
    grantable = joining.grantable(request.user, organisation)
    waiting: Any = Invitation.objects.waiting([organisation.pk])
    links = {row.pk: invitations.link_of(row) for row in waiting} if settings.DEMO else {}
    context = {
        "organisation": organisation,
        "members": [(row, row.role in grantable) for row in Membership.objects.list_of(organisation)],
        "waiting": [(row, row.role in grantable, links.get(row.pk, "")) for row in waiting],
        "grantable": grantable,
    }
    return render(request, "providers/organisations/people_of.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An address and a role."""
    organisation = _managed(request, pk)
    roles = joining.grantable(request.user, organisation)
    form = Invite(request.POST or None, organisation=organisation, roles=roles)
    if form.is_valid():
        invitations.invite(form.cleaned_data["email"], organisation.pk, form.cleaned_data["role"], by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The invitation is on its way. It can be accepted for seven days."))
        return redirect("organisations:people_of", pk=organisation.pk)
    return render(request, "providers/organisations/invite.html", {"organisation": organisation, "form": form})


def _waiting(request: HttpRequest, pk: UUID, invitation: UUID) -> tuple[Organisation, Invitation]:
    organisation = _managed(request, pk)
    row: Invitation = get_object_or_404(Invitation.objects.waiting([organisation.pk]), pk=invitation)
    if row.role not in joining.grantable(request.user, organisation):
        raise PermissionDenied
    return organisation, row


@require_POST
@recent_sign_in_required
def resend(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """A new link; the old one is dead."""
    organisation, row = _waiting(request, pk, invitation)
    invitations.resend(row, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Sent again, with a new link for seven days. The old link no longer works."))
    return redirect("organisations:people_of", pk=organisation.pk)


@require_POST
def revoke(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """The link is dead."""
    organisation, row = _waiting(request, pk, invitation)
    try:
        invitations.revoke(row, by=request.user)  # type: ignore[arg-type]
    except invitations.Spent:
        messages.error(request, _("It was accepted a moment ago. Remove the role instead, if it should not be."))
    else:
        messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("organisations:people_of", pk=organisation.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def remove(request: HttpRequest, pk: UUID, membership: UUID) -> HttpResponse:
    """Asks, then ends a role. What that person did stays."""
    organisation = _managed(request, pk)
    row: Membership = get_object_or_404(Membership.objects.list_of(organisation), pk=membership)
    if request.method == "POST":
        try:
            joining.leave(row, by=request.user)
        except ValidationError as problem:
            messages.error(request, problem.messages[0])
        else:
            messages.success(request, _("The role is removed, from their next click on."))
        if joining.may_manage_people(request.user, organisation):
            return redirect("organisations:people_of", pk=organisation.pk)
        return redirect("workspace:start")
    return render(request, "providers/organisations/remove.html", {"organisation": organisation, "row": row, "back": organisation.pk})


@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Administrators bring a new organisation in; its first manager is invited next."""
    if not can(request.user, Can.ADMINISTER):
        raise PermissionDenied
    form = NewOrganisation(request.POST or None)
    if form.is_valid():
        organisation = form.save(by=request.user)
        messages.success(request, _("Now invite its first people."))
        return redirect("organisations:invite", pk=organisation.pk)
    return render(request, "providers/organisations/new_organisation.html", {"form": form})
