"""Shape of what is said about offers: asking a service, answering, questions, and what was heard on the telephone."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from providers.organisations.models import Organisation
from providers.services.models import gives_nothing_away
from providers.transitions import offering
from providers.transitions.codes import DeclineReason, NextStep
from providers.transitions.forms import NOTHING, DateInput, StepForm, not_future
from providers.transitions.models import Transition
from providers.transitions.offering import Heard


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SendForm(forms.Form):
    """Which service is asked, and by when it should answer."""

    organisation = forms.ModelChoiceField(label=_("Service that is asked"), queryset=Organisation.objects.none())
    wanted = forms.DateField(
        label=_("Answer wanted by"), widget=DateInput(), required=False, help_text=_("Empty: within five working days, the usual time.")
    )

    def __init__(self, *args: Any, row: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = offering.receivers(row.organisation)  # type: ignore[attr-defined]


class InviteForm(forms.Form):
    """A service outside the network: its mailbox gets the link, its telephone the code."""

    name = forms.CharField(
        label=_("Name of the service"), max_length=150, help_text=_("A council, a housing provider. Sealed with the record.")
    )
    mailbox = forms.EmailField(
        label=_("E-mail address of the service"), help_text=_("A mailbox that belongs to the service, not to a private person.")
    )
    wanted = forms.DateField(label=_("Answer wanted by"), widget=DateInput(), required=False)


class AcceptForm(StepForm):
    """From when on."""

    start_on = forms.DateField(label=_("First day"), widget=DateInput())


class DeclineForm(StepForm):
    """Why, and what could help instead."""

    reason = forms.ChoiceField(label=_("Why not"), choices=[NOTHING, *DeclineReason.choices])
    next_step = forms.ChoiceField(label=_("What could help instead"), choices=[NOTHING, *NextStep.choices])


class MetForm(StepForm):
    """When she was met."""

    contact_at = forms.DateTimeField(label=_("First contact"), widget=MomentInput(), validators=[not_future])


class HeardForm(forms.Form):
    """Who said it on the telephone, and when."""

    name = forms.CharField(
        label=_("Who said it"), max_length=100, help_text=_("The member of staff of the other service. Sealed with the record.")
    )
    role = forms.CharField(label=_("As what"), max_length=100)
    heard_at = forms.DateTimeField(label=_("When they said it"), widget=MomentInput(), validators=[not_future])

    def heard(self) -> Heard:
        """Name, role and time."""
        at: datetime = self.cleaned_data["heard_at"]
        return Heard(self.cleaned_data["name"], self.cleaned_data["role"], at)


class HeardAcceptForm(AcceptForm, HeardForm):
    """They accepted on the telephone."""


class HeardMetForm(MetForm, HeardForm):
    """They say that they have met her."""


class QuestionForm(forms.Form):
    """A question, or its answer: short, and without what could lead to anybody."""

    text = forms.CharField(
        label=_("Question"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), validators=[gives_nothing_away],
        help_text=_("No names, no places, no telephone numbers. Ask for what you need to decide."),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code that was said on the telephone."""

    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Eight digits. The service that asks you says them on the telephone."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


ANSWERS: dict[str, type[StepForm]] = {"accept": AcceptForm, "decline": DeclineForm, "confirm_contact": MetForm}
