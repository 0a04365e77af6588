"""Shape of what people say about a transition: beginning, changing, needs, dates, points of the checklist, and the steps' questions."""

import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can, roles_that
from providers.organisations.models import Membership
from providers.services.models import Service, gives_nothing_away
from providers.transitions import clocks, sections, words
from providers.transitions.beginning import Start
from providers.transitions.codes import AmendReason, CheckReason, Destination, Item, RiskTheme, Trigger
from providers.transitions.models import Check, Transition
from providers.transitions.models.steps import ASK_ONLY
from providers.transitions.needs import QUESTIONS, Question

NOTHING = ("", _("Choose"))


class DateInput(forms.DateInput):
    """The browser's own date field; its value is always ISO, whatever language the page speaks."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BeginForm(forms.Form):
    """A new transition. Nothing here says who she is."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    service = forms.ModelChoiceField(label=_("Service that supports her or him now"), queryset=Service.objects.none())
    trigger = forms.ChoiceField(label=_("Why now"), choices=[NOTHING, *Trigger.choices])
    trigger_on = forms.DateField(label=_("Since"), widget=DateInput(), help_text=_("The date of the letter or decision, or of the wish."))
    letter_on = forms.DateField(
        label=_("End of support as her or his own letter says"), widget=DateInput(), required=False,
        help_text=_("Where the letter names a day, that day counts, whatever the rule says."),
    )  # fmt: skip
    destination = forms.ChoiceField(label=_("Where to"), choices=[("", _("Not known yet")), *Destination.choices], required=False)
    is_open_case = forms.BooleanField(label=_("An NRM decision is still open"), required=False)
    family = forms.CharField(
        label=_("Moves together with"), max_length=20, required=False,
        help_text=_("The reference of somebody of the family, if there is one."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        services = Service.objects.where(user, Can.ASSESS).select_related("organisation")
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.initial.setdefault("key", uuid.uuid4())

    def clean_family(self) -> Transition | None:
        """The record that it belongs to: one of the same organisation."""
        typed = self.cleaned_data["family"]
        if not typed:
            return None
        found = sections.find(self.user, typed)
        service = self.cleaned_data.get("service")
        if found is None or service is None or found.organisation_id != service.organisation_id:
            raise ValidationError(_("There is no record of yours with this reference. Look at it again."))
        return found

    def start(self) -> Start:
        """What was said."""
        names = ("service", "trigger", "trigger_on", "destination", "letter_on", "is_open_case", "family")
        return Start(**{name: self.cleaned_data[name] for name in names})


class FindForm(forms.Form):
    """A record by its reference."""

    reference = forms.CharField(
        label=_("Reference"), max_length=20, help_text=_("Like 7KQ2X-M4T9B-6. O and 0 are the same, I, L and 1 too.")
    )


class ChangeForm(forms.Form):
    """Where to, when, and who works with her."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    destination = forms.ChoiceField(label=_("Where to"), choices=[("", _("Not known yet")), *Destination.choices], required=False)
    exit_on = forms.DateField(label=_("Leaves on"), widget=DateInput(), required=False)
    is_open_case = forms.BooleanField(label=_("An NRM decision is still open"), required=False)
    worker = forms.ModelChoiceField(
        label=_("Worker"), queryset=User.objects.none(), help_text=_("The named worker alone sees how to reach her or him.")
    )

    def __init__(self, *args: Any, row: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.current().filter(organisation=row.organisation, role__in=roles_that(Can.ASSESS))
        self.fields["worker"].queryset = User.objects.filter(pk__in=members.values("user"))  # type: ignore[attr-defined]
        names = ("version", "destination", "exit_on", "is_open_case", "worker")
        self.initial = {**{name: getattr(row, name) for name in names}, **self.initial}

    def values(self) -> dict[str, Any]:
        """Without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class NeedsForm(forms.Form):
    """One item of the record, made of its questions."""

    base = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: str, value: dict[str, Any] | None = None, was_sent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = QUESTIONS[item]
        for question in self.questions:
            self.fields[question.key] = _field(question)
            if value and question.key in value:
                self.initial[question.key] = _shown(value[question.key])
        if was_sent:
            self.fields["reason"] = forms.ChoiceField(label=_("Why it is changed"), choices=[NOTHING, *AmendReason.choices])

    def value(self) -> dict[str, Any]:
        """What will be sealed."""
        return {question.key: _sealed(question, self.cleaned_data[question.key]) for question in self.questions}


def _field(question: Question) -> forms.Field:
    common: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": False}
    if question.kind == "many":
        return forms.MultipleChoiceField(choices=question.choices, widget=forms.CheckboxSelectMultiple(), **common)
    if question.kind in {"one", "yes_no"}:
        return forms.ChoiceField(choices=[("", _("Not asked yet")), *question.choices], **common)
    if question.kind == "time":
        return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **common)
    checks = [gives_nothing_away] if question.looks_for_places else []
    return forms.CharField(max_length=200, validators=checks, **common)


def _shown(value: Any) -> Any:
    return (
        {True: "yes", False: "no"}[value]
        if isinstance(value, bool)
        else [str(part) for part in value]
        if isinstance(value, list)
        else value
    )


def _sealed(question: Question, given: Any) -> Any:
    if question.kind == "yes_no":
        return {"yes": True, "no": False}.get(given)
    if question.kind == "time":
        return given.strftime("%H:%M") if given else ""
    return [int(part) for part in given] if question.key == "days" else given


class KeepBackForm(forms.Form):
    """What she wants passed on to nobody."""

    base = forms.IntegerField(widget=forms.HiddenInput)
    items = forms.MultipleChoiceField(
        label=_("Passed on to nobody"), choices=Item.choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("These stay here, whatever else she agrees to."),
    )  # fmt: skip


class CheckForm(forms.Form):
    """How a point of the checklist stands. It offers what the point allows."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("How it stands"))
    reason = forms.ChoiceField(label=_("Why not needed or waived"), choices=[("", "–"), *CheckReason.choices], required=False)

    def __init__(self, data: Any = None, *, check: Check, allowed: list[str]) -> None:
        super().__init__(data, prefix=check.key)
        self.check = check
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (state, Check.State(state).label) for state in (Check.State.OPEN, Check.State.DONE, *allowed)
        ]
        if not allowed:
            del self.fields["reason"]
        self.initial = {"version": check.version, "state": check.state, "reason": check.reason}


class LetterForm(forms.Form):
    """The date in her own letter."""

    letter_on = forms.DateField(label=_("Date in the letter"), widget=DateInput(), required=False)


class OwnClockForm(forms.Form):
    """A deadline with a day of its own to begin from."""

    kind = forms.ChoiceField(label=_("Which"))
    started_on = forms.DateField(label=_("Since"), widget=DateInput())
    letter_on = forms.DateField(label=_("Date in the letter"), widget=DateInput(), required=False)

    def __init__(self, *args: Any, row: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = clocks.optional_rules(row)
        self.fields["kind"].choices = [(rule["key"], words.clock(rule["key"])) for rule in rules]  # type: ignore[attr-defined]
        self.is_useful = bool(rules)


class StepForm(forms.Form):
    """A step that needs no words."""

    def words(self) -> list[Any]:
        """What the step takes, in its order."""
        return [self.cleaned_data[name] for name in self.fields]


class AgreeForm(StepForm):
    """How far her agreement goes."""

    extent = forms.ChoiceField(
        label=_("What she agreed to"), widget=forms.RadioSelect,
        choices=[("recorded", _("Her agreement, item by item, is on record")),
                 (ASK_ONLY, _("That a service outside the network is asked; no detail goes there until she agrees to it"))],
    )  # fmt: skip


class BookForm(StepForm):
    """The day she moves."""

    exit_on = forms.DateField(label=_("Day of the move"), widget=DateInput())

    def clean_exit_on(self) -> date:
        """Not in the past."""
        day: date = self.cleaned_data["exit_on"]
        if day < timezone.localdate():
            raise ValidationError(_("This day has passed."))
        return day


class RiskForm(StepForm):
    """What the danger is about."""

    theme = forms.ChoiceField(label=_("What it is about"), choices=[NOTHING, *RiskTheme.choices])


STEP_FORMS: dict[str, type[StepForm]] = {  # in the order of the buttons: what leads on, then what went wrong, then what ends it
    "hand_back": StepForm, "take_back": StepForm, "find": StepForm, "ease": StepForm, "plan": StepForm, "agree": AgreeForm,
    "plan_again": StepForm, "book": BookForm, "move": StepForm, "settle": StepForm, "sustain": StepForm, "close_sustained": StepForm,
    "flag_risk": RiskForm, "lose_contact": StepForm, "ask_to_return": StepForm, "escalate": StepForm, "leave_family": StepForm,
    "withdraw": StepForm, "cancel": StepForm, "close_reentered": StepForm, "close_lost": StepForm,
}  # fmt: skip


LEADING_ON = frozenset(list(STEP_FORMS)[: list(STEP_FORMS).index("close_sustained")])


def not_future(moment: datetime) -> None:
    """Raises ``ValidationError`` for what has not happened yet."""
    if moment > timezone.now():
        raise ValidationError(gettext("This lies in the future."))
