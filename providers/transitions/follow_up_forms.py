"""Forms of follow-up: which points she chose, an attempt to reach her, and what she said."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.transitions.consent_forms import Day, Moment
from providers.transitions.follow_up_states import LASTING, OUTCOMES, POINTS, QUESTIONS, SCALE
from providers.transitions.models import Attempt, FollowUp
from providers.transitions.safe_contact import Breach, Channel, Contact, Rules

POINT_WORDS = {
    "48h": _("After 48 hours"), "7d": _("After 7 days"), "28d": _("After 28 days"), "56d": _("After 56 days"), "3m": _("After 3 months"),
    "6m": _("After 6 months"), "12m": _("After 12 months"),
}  # fmt: skip
QUESTION_WORDS = {
    "safe": _("Do you feel safe?"), "place": _("Do you have a place to stay?"), "doctor": _("Can you get a doctor and medicine?"),
    "food": _("Do you have enough money for food?"), "person": _("Is there a person you trust who helps you?"),
}  # fmt: skip
ANSWER_WORDS = [("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No")), ("not_said", _("Would rather not say"))]
OUTCOME_WORDS = {
    "housing": _("Secure and suitable housing"), "safety": _("Safety from any trafficker or other abuser"),
    "support": _("Long-term, consistent support"), "services": _("Compassionate services that know about trauma"),
    "purpose": _("Purpose in life and being oneself"), "treatment": _("Access to medical treatment"), "education": _("Access to education"),
}  # fmt: skip
CHANNEL_WORDS = {
    Channel.CALL: _("Call"), Channel.TEXT: _("Text message"), Channel.MESSENGER: _("Messenger"), Channel.EMAIL: _("E-mail"),
    Channel.LETTER: _("Letter"), Channel.WORKER: _("Through a worker only"), Channel.MEETING: _("In person"),
}  # fmt: skip
BREACH_WORDS = {
    Breach.NOTHING_AGREED: _("No safe way of contact is agreed. Do not try: agree one with her first, or ask the manager."),
    Breach.CHANNEL: _("She did not agree to this way."), Breach.LETTERS: _("No letters may be sent."),
    Breach.VOICEMAIL: _("No message may be left."), Breach.DAY: _("Not on this day."), Breach.HOUR: _("Not at this hour."),
    Breach.CODE_WORD: _("Have the code word ready: it is said first."),
    Breach.TELLS: _("The words show what it is about. Write them differently."),
}  # fmt: skip


class PointsForm(forms.Form):
    """When she is asked. She may choose fewer, or none."""

    moved_on = forms.DateField(label=_("Day of the move"), widget=Day())
    points = forms.MultipleChoiceField(
        label=_("When we ask how she is"), choices=[(point, POINT_WORDS[point]) for point in POINTS], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Only those she wants. She can change this at any time."),
    )  # fmt: skip


class AttemptForm(forms.Form):
    """An attempt, checked against what she agreed before it is written down."""

    channel = forms.ChoiceField(label=_("How"))
    at = forms.DateTimeField(label=_("When"), widget=Moment())
    leaves_voicemail = forms.BooleanField(label=_("A message was left"), required=False)
    knows_code = forms.BooleanField(label=_("The code word was said first"), required=False)
    message = forms.CharField(
        label=_("Words that were sent"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They are checked and not kept. They may not show what it is about."),
    )  # fmt: skip
    result = forms.ChoiceField(label=_("What came of it"), choices=Attempt.Result.choices)

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(channel.value, CHANNEL_WORDS[channel]) for channel in rules.allowed]  # type: ignore[attr-defined]
        self.initial = {"at": timezone.localtime(), **self.initial}

    def contact(self) -> Contact:
        """The attempt as the rules see it."""
        return Contact(**{name: self.cleaned_data[name] for name in ("channel", "at", "leaves_voicemail", "knows_code", "message")})


class AnswerForm(forms.Form):
    """Five questions, one open, and the seven outcomes if she likes. Nothing is filled in beforehand."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"version": follow_up.version, **self.initial}
        for name in QUESTIONS:
            self.fields[name] = forms.ChoiceField(
                label=QUESTION_WORDS[name], choices=ANSWER_WORDS, required=False, widget=forms.RadioSelect
            )
        if follow_up.point in LASTING:
            self.fields["stable"] = forms.ChoiceField(
                label=_("In your own view: are things stable now?"), choices=ANSWER_WORDS[::2], required=False, widget=forms.RadioSelect
            )
        self.fields["wish"] = forms.CharField(
            label=_("Anything you want us to do?"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("In her words, without names, places and numbers. It is encrypted."),
        )  # fmt: skip
        for name in OUTCOMES:
            choices = [("", _("Left out")), *((step, step) for step in SCALE)]
            self.fields[f"outcome_{name}"] = forms.ChoiceField(label=OUTCOME_WORDS[name], choices=choices, required=False)

    def content(self) -> dict[str, Any]:
        """What she said, ready to be sealed."""
        data = self.cleaned_data
        return {
            "answers": {name: data[name] for name in QUESTIONS if data.get(name)},
            "outcomes": {name: data[f"outcome_{name}"] for name in OUTCOMES if data.get(f"outcome_{name}")},
            "stable": data.get("stable") or "", "wish": data.get("wish") or "",
        }  # fmt: skip
