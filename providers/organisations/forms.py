"""Inviting somebody, and bringing in an organisation."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Role
from portal.audit.trail import record
from providers.organisations.models import Membership, Organisation

WHAT = {
    Role.MANAGER: _("answers, approves and shares assessments, invites people, looks after services"),
    Role.ASSESSOR: _("answers assessments, brings evidence, plans actions"),
    Role.READER: _("reads, changes nothing"),
    Role.LEAD_INSPECTOR: _("leads inspections and invites inspectors"),
    Role.INSPECTOR: _("inspects where assigned"),
    Role.QUALITY_REVIEWER: _("checks reports before they go out"),
    Role.PUBLISHER: _("publishes reports"),
    Role.COMMISSIONER: _("reads totals, never a single case"),
    Role.ADMINISTRATOR: _("people and settings of the whole portal, no casework"),
    Role.EDITOR: _("writes and publishes the guide"),
    Role.TRANSLATOR: _("translates the guide"),
    Role.LEGAL_CHECKER: _("checks what the guide says of the law"),
}


class Invite(forms.Form):
    """An address and a role, out of those that ``roles`` allows."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Their own work address. A shared mailbox would let everybody who reads it in."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, organisation: Organisation, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        choices = [(role.value, f"{role.label}: {WHAT[role]}") for role in roles]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect, choices=choices)

    def clean_email(self) -> str:
        """In lower case, as addresses are kept."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError`` when they have that role already."""
        given = super().clean() or {}
        there = Membership.objects.current().filter(
            organisation=self.organisation, user__email=given.get("email", ""), role=given.get("role", "")
        )
        if there.exists():
            raise ValidationError(_("Somebody with this address has that role here already."))
        return given


class NewOrganisation(forms.ModelForm):  # type: ignore[type-arg]
    """Its name and what it is for."""

    class Meta:
        model = Organisation
        fields = ("name", "kind")
        widgets: ClassVar = {"kind": forms.RadioSelect}

    def save(self, *, by: Any) -> Organisation:  # type: ignore[override]
        """Kept, and noted."""
        with transaction.atomic():
            row: Organisation = super().save()
            record("organisations.organisation.create", row, by=by, codes={"kind": row.kind})
        return row
