"""What the provider answers, what the reviewer decides, and what is said about items."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.evidence.forms import FileInput, Looking
from standards.reports.accuracy import Decision, Saying
from standards.reports.models import FollowUp, ItemResponse, Reply

AREA = forms.Textarea(attrs={"rows": 4})
DAY = forms.DateInput(attrs={"type": "date"})


class Words(forms.CharField):
    """As typed, but for the line ends that browsers rewrite. Without any limit of words (C16)."""

    def to_python(self, value: Any) -> str:
        """As the page that typed it holds it."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class ReplyForm(forms.Form):
    """One statement."""

    verdict = forms.ChoiceField(label=_("Is it right?"), choices=[("", _("Not answered")), *Reply.Verdict.choices], required=False)
    kind = forms.ChoiceField(label=_("What kind of point"), choices=[("", "–"), *Reply.Kind.choices], required=False)
    claim = Words(label=_("What is right, and what shows it"), required=False, strip=False, widget=AREA)
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def saying(self) -> Saying:
        """What was sent."""
        sent = self.cleaned_data
        return Saying(sent["verdict"], sent["kind"], sent["claim"])


class ReplyFileForm(Looking, forms.Form):
    """Evidence with a reply: looked at like any other file."""

    file = forms.FileField(label=_("File"), widget=FileInput)

    def clean(self) -> dict[str, Any]:
        """Ask about what may tell who somebody is."""
        sent: dict[str, Any] = super().clean() or {}
        self.look()
        return sent


class DecisionForm(forms.Form):
    """Each point, with a reason."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Reply.Outcome.choices)
    reason = Words(label=_("Reason"), widget=AREA, help_text=_("The provider reads it beside their own words."))
    change = Words(label=_("What was changed in the report"), widget=AREA, required=False)

    def decision(self) -> Decision:
        """What was decided."""
        sent = self.cleaned_data
        return Decision(sent["outcome"], sent["reason"], sent["change"])


class OpenAgainForm(forms.Form):
    """Why a statement goes to the provider again."""

    opened_for = forms.CharField(label=_("What is new"), widget=AREA, max_length=300)


class KeyForm(forms.Form):
    """Whom a statement means."""

    statement = forms.TypedChoiceField(label=_("Statement"), coerce=str)
    label = forms.CharField(label=_("Label in the text"), max_length=80, help_text=_("For example “Person 3”."))
    reference = forms.CharField(
        label=_("The provider's own reference"), max_length=80, help_text=_("The number or code your records use. Never a name.")
    )

    def __init__(self, *args: Any, statements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].choices = [(str(pk), f"{number}") for pk, number in statements]  # type: ignore[attr-defined]


class ResponseForm(forms.Form):
    """The one answer to an item."""

    answer = forms.ChoiceField(label=_("Your answer"), choices=ItemResponse.Answer.choices, widget=forms.RadioSelect)
    reason = Words(label=_("Why not, or not all of it"), required=False, widget=AREA)
    what = Words(
        label=_("What will be done"), required=False, widget=AREA, max_length=500, help_text=_("It becomes an action of your plan.")
    )
    due_on = forms.DateField(label=_("Until when"), required=False, widget=DAY)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SendBackForm(forms.Form):
    """What is missing in an answer."""

    reason = forms.CharField(label=_("What is missing"), widget=AREA, max_length=2000)


class FollowUpForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Somebody looked."""

    class Meta:
        model = FollowUp
        fields = ("on", "method", "result", "note")
        widgets = {"on": DAY, "note": AREA}  # noqa: RUF012 - Django's way
