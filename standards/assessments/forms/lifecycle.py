"""Shape of what is asked on the way from draft to archive."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Kind
from providers.organisations.models import Organisation
from standards.assessments.models import Assessment
from standards.assessments.models.assessments import AUDIENCES
from standards.catalogue.models import Edition

AREA = forms.Textarea(attrs={"rows": 4})


class SendForm(forms.Form):
    """Sending is one act and asks nothing: what is in the way stands among its errors."""


class ReturnForm(forms.Form):
    """Why it goes back."""

    comment = forms.CharField(
        label=_("What has to change"), widget=AREA, max_length=5000,
        help_text=_("The authors read this. Say which answers it is about; single answers can have remarks of their own."),
    )  # fmt: skip


class ReopenForm(forms.Form):
    """Why it is opened again."""

    reason = forms.CharField(label=_("Why it is opened again"), widget=AREA, max_length=5000, help_text=_("Kept with the assessment."))


class ShareForm(forms.Form):
    """With whom. The choice is organisations in which somebody may read what is shared: never the public."""

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Who may read it"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who may read it.")},
    )  # fmt: skip

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        already = assessment.shares.filter(ended_at__isnull=True).values("organisation")
        field = self.fields["organisations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for types
        field.queryset = Organisation.objects.filter(kind__in=AUDIENCES, status=Organisation.Status.ACTIVE).exclude(pk__in=already)
        field.label_from_instance = _name_and_kind  # type: ignore[method-assign]


def _name_and_kind(obj: Any) -> str:
    return f"{obj.name} ({Kind(obj.kind).label})"


class AgainForm(forms.Form):
    """A new assessment from the last one. ``key`` names this sending: the form sent twice is one assessment."""

    title = forms.CharField(label=_("Title"), max_length=150)
    period_start = forms.DateField(label=_("Period from"), widget=forms.DateInput(attrs={"type": "date"}))
    period_end = forms.DateField(label=_("Period until"), widget=forms.DateInput(attrs={"type": "date"}))
    due_on = forms.DateField(label=_("To be finished by"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    edition = forms.ModelChoiceField(
        Edition.objects.none(), label=_("Edition"), empty_label=None,
        help_text=_("Under another edition, answers to changed questions come along too, and both wordings are shown."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, previous: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["edition"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for types
        field.queryset = Edition.objects.in_use().filter(framework=previous.edition.framework_id)

    def editions(self) -> Any:
        """Those one may choose."""
        return self.fields["edition"].queryset  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The period runs forwards."""
        said: dict[str, Any] = super().clean() or {}
        start, end = said.get("period_start"), said.get("period_end")
        if start and end and end < start:
            raise ValidationError({"period_end": _("The period ends before it begins. Choose a later end, or an earlier beginning.")})
        return said
