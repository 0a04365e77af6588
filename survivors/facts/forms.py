"""Forms of the register: a proposal for each kind of fact, in the words of that kind; and the words of a fact."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from wagtail.admin.forms import WagtailAdminModelForm

from portal.accounts.models import User
from portal.cms.marks import MARKS
from portal.languages import FIRST_RELEASE
from survivors.facts.models import Fact, FactProposal, Kind, Source, Unit
from survivors.facts.nations import WHERE

# Kind → label of the value, and how it is written.
VALUE = {
    Kind.PHONE: ("Telephone number", "Digits and spaces, as somebody in the UK dials it: 08000 121 700. Call it before you propose it."),
    Kind.LINK: ("Address", "The complete address, copied from the browser: https://www.gov.uk/help. Open it before you propose it."),
    Kind.AMOUNT: ("Pounds", "Without the sign, with pence if there are any: 49.18."),
    Kind.DURATION: ("Number", "A whole number. The unit stands below; each language writes it in its own way."),
    Kind.NAME: ("Official name", "As the official text writes it. It is shown in English in every language."),
    Kind.EXIT: (
        "Address",
        "A dull page that is the same for everybody, without sign-in or cookie wall, such as https://www.bbc.co.uk/weather.",
    ),
}
UNKNOWN = " Leave it empty if nobody knows: readers then see that it is being checked."


class ProposalForm(forms.Form):
    """The values of one fact of one ``kind``: a new one, or ``fact`` as it stands."""

    name = forms.CharField(max_length=120, label="Name in English", help_text="Whose number, or what it is about. Without figures.")
    key = forms.SlugField(max_length=60, help_text="Small letters and hyphens. Texts refer to the fact by it: {helpline}.")
    value = forms.CharField(max_length=200, required=False)
    unit = forms.ChoiceField(choices=Unit.choices)
    nations = forms.MultipleChoiceField(choices=WHERE, required=False, widget=forms.CheckboxSelectMultiple, label="Where it is true")
    source = forms.ModelChoiceField(
        Source.objects.all(), to_field_name="code", help_text="Where you read it. Missing? Add it under Sources."
    )
    seen = forms.CharField(max_length=7, required=False, label="Seen in the source", help_text="Year, or year and month: 2026-04.")
    mark = forms.ChoiceField(choices=MARKS, label="How sure are we?", help_text="C and D are shown as “We are checking this”.")
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="What changed, and how you know. The second person checks it."
    )

    def __init__(self, *args: Any, kind: Kind, fact: Fact | None = None, **options: Any) -> None:
        options["initial"] = {**fact.guarded(), "unit": fact.unit or Unit.DAYS} if fact else {"nations": ["uk"], "mark": "A"}
        super().__init__(*args, **options)
        self.kind, self.fact = kind, fact
        label, how = VALUE[kind]
        self.fields["value"].label, self.fields["value"].required = label, kind == Kind.EXIT
        self.fields["value"].help_text = how if kind == Kind.EXIT else how + UNKNOWN
        if kind != Kind.DURATION:
            del self.fields["unit"]
        if fact:
            del self.fields["name"]
        if kind == Kind.EXIT:
            languages = [(f"leave-{language.code}", language.name) for language in FIRST_RELEASE]
            self.fields["key"] = forms.ChoiceField(choices=languages, label="Readers of")

    def propose(self, by: User) -> FactProposal | None:
        """The proposal, or ``None`` with errors beside the fields."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        values |= {"kind": self.kind.value, "unit": values.get("unit", ""), "source": values["source"].code}
        try:
            return FactProposal.propose(by=by, fact=self.fact, values=values, reason=self.cleaned_data["reason"])
        except ValidationError as wrong:
            for field, messages in wrong.message_dict.items():
                self.add_error(field if field in self.fields else None, messages)
            return None


class RemovalForm(forms.Form):
    """Why a fact should go."""

    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}), label="Why should it go?")


class WordsForm(WagtailAdminModelForm):
    """The words and the check of a fact. It writes these columns only, so that it can never put an old value back."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Faults of values that this form does not show are told at its head."""
        if field is None and hasattr(error, "error_dict"):
            for name, wrong in error.error_dict.items():
                super().add_error(name if name in self.fields or name == NON_FIELD_ERRORS else None, wrong)
        else:
            super().add_error(field, error)

    def save(self, commit: bool = True) -> Model:
        """Save what was shown."""
        fact: Model = super().save(commit=False)
        if commit:
            fact.save(update_fields=["name", *self.fields])
        return fact
