"""Shape of the choice of what to compare with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.assessments.models import Assessment


class CompareForm(forms.Form):
    """With which other assessment of the same service under the same standards, and how much of it. A GET form."""

    other = forms.ChoiceField(label=_("Compare with"), error_messages={"invalid_choice": _("Choose one of the list.")})
    only = forms.ChoiceField(label=_("Show"), choices=(("", _("Everything")), ("changed", _("Only what changed"))), required=False)

    def __init__(self, *args: Any, assessment: Assessment, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(row.pk): row for row in Assessment.objects.beside(assessment, user)}
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for types
        field.choices = [(pk, f"{row.title} ({row.period_end:%Y})") for pk, row in self.others.items()]

    def chosen(self) -> Assessment | None:
        """The other one; nothing while none is chosen, the nearest before where the address names none."""
        if self.is_bound:
            return self.others[self.cleaned_data["other"]] if self.is_valid() else None
        return next(iter(self.others.values()), None)

    def only_changed(self) -> bool:
        """Whether what stayed the same is left out."""
        return self.is_bound and self.cleaned_data.get("only") == "changed"
