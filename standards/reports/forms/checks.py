"""The checks before a summary leaves: hits, questions, approval."""

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.reports.models import DisclosureHit


class HitForm(forms.Form):
    """What becomes of one hit."""

    resolution = forms.ChoiceField(label=_("What became of it"), choices=DisclosureHit.Resolution.choices)
    reason = forms.CharField(label=_("Why nobody can come to harm"), max_length=300, required=False)


class HarmForm(forms.Form):
    """One question."""

    is_safe = forms.TypedChoiceField(
        label=_("Is this so?"), choices=(("yes", _("Yes")), ("no", _("No"))), coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What you looked at"), max_length=300)


class ApproveForm(forms.Form):
    """By a second person. Where nothing was found, it is typed."""

    typed = forms.CharField(label=_("Type NOTHING TO REDACT when you have read it all"), required=False, max_length=40)
