"""Forms of agreements: giving, choosing what goes, taking back, sharing without agreement, reviewing, answering a recall."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can, Kind, roles_that
from portal.languages import FIRST_RELEASE
from providers.organisations.models import Membership, Organisation
from providers.transitions.codes import Basis, Item, Purpose
from providers.transitions.consents import Given
from providers.transitions.disclosing import SHORTEST
from providers.transitions.models import Offer, Transition
from providers.transitions.models.agreement import HOW, Outcome, Outside
from providers.transitions.package import Choice

LANGUAGES = [*((language.code, _(language.name)) for language in FIRST_RELEASE), ("other", _("Another language"))]
ENDS = [("day", _("Until a day")), ("none", _("Without an end, until she takes it back"))]


class Day(forms.DateInput):
    """The browser's own date field; its value is always ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Moment(forms.DateTimeInput):
    """The browser's own field for a day and a time, in London."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def receivers(transition: Transition) -> list[tuple[str, Any]]:
    """Who may be named: other providers, and guests of live offers."""
    others = Organisation.objects.filter(kind=Kind.PROVIDER, status=Organisation.Status.ACTIVE).exclude(pk=transition.holder_id)
    guests = Offer.objects.filter(transition=transition, organisation__isnull=True).live()
    named: list[tuple[str, Any]] = [(f"organisation:{row.pk}", row.name) for row in others]
    return [("", _("Choose")), *named, *((f"offer:{row.pk}", _("The receiver without an account, asked on {day}").format(
        day=timezone.localtime(row.offered_at).strftime("%d %m %Y"))) for row in guests)]  # fmt: skip


def chosen_receiver(value: str) -> dict[str, Any]:
    """What a value of that list stands for."""
    kind, _colon, pk = value.partition(":")
    model: Any = Organisation if kind == "organisation" else Offer
    return {kind: model.objects.get(pk=pk)}


class GiveForm(forms.Form):
    """Purpose, receiver, items, period, and how it was given. Nothing is ticked beforehand: sharing is off until turned on (C30)."""

    purpose = forms.ChoiceField(label=_("What for"), choices=Purpose.choices)
    receiver = forms.ChoiceField(label=_("To whom"))
    items = forms.MultipleChoiceField(
        label=_("What she agrees to share"), choices=Item.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what she said yes to. Each can be taken back by itself, at once."),
    )  # fmt: skip
    ends = forms.ChoiceField(label=_("For how long"), choices=ENDS, widget=forms.RadioSelect)
    until = forms.DateField(label=_("Until"), required=False, widget=Day(), help_text=_("The last day on which it may be read."))
    given_at = forms.DateTimeField(label=_("When she agreed"), widget=Moment())
    form = forms.ChoiceField(label=_("How she agreed"), choices=HOW, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("In which language it was explained"), choices=LANGUAGES)
    interpreter = forms.TypedChoiceField(
        label=_("Was there an interpreter?"), choices=[("yes", _("Yes")), ("no", _("No"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    explained_by = forms.ModelChoiceField(label=_("Who explained it"), queryset=User.objects.none())

    def __init__(self, *args: Any, transition: Transition, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.current().filter(organisation=transition.holder_id, role__in=roles_that(Can.ASSESS))
        self.fields["receiver"].choices = receivers(transition)  # type: ignore[attr-defined]
        self.fields["explained_by"].queryset = User.objects.filter(pk__in=members.values("user"))  # type: ignore[attr-defined]
        self.initial = {"given_at": timezone.localtime(), "explained_by": user.pk, **self.initial}

    def clean(self) -> dict[str, Any]:
        """An end is always said: a day, or none."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("ends") == "day" and not data.get("until") and "until" not in self.errors:
            self.add_error("until", ValidationError(_("Write the last day, or choose “without an end”.")))
        return data

    def given(self) -> Given:
        """What was said."""
        data = self.cleaned_data
        until = data["until"] if data["ends"] == "day" else None
        how = {name: data[name] for name in ("purpose", "given_at", "form", "language", "interpreter", "explained_by")}
        return Given(items=tuple(data["items"]), until=until, **how, **chosen_receiver(data["receiver"]))


class ItemsForm(forms.Form):
    """Some items of a list of choices."""

    items = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], label: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["items"]
        field.choices, field.label, field.required = choices, label, required


def choice_form(data: Any, choices: list[Choice]) -> ItemsForm:
    """What goes with a hand-over: only what she agrees to and the record holds can be ticked."""
    options = [(choice.item, choice.label) for choice in choices if choice.may_go]
    initial = {"items": [choice.item for choice in choices if choice.is_kept]}
    return ItemsForm(data, choices=options, label=_("What goes to the next service"), required=False, initial=initial)


class DiscloseForm(forms.Form):
    """Sharing without agreement: to whom, what, on what ground, and why now."""

    receiver = forms.ChoiceField(label=_("To whom"))
    items = forms.MultipleChoiceField(
        label=_("What is shared"), choices=Item.choices, widget=forms.CheckboxSelectMultiple, help_text=_("No more than is needed.")
    )
    basis = forms.ChoiceField(label=_("On what ground"), choices=Basis.choices)
    reason = forms.CharField(
        label=_("What makes this necessary now"), min_length=SHORTEST, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("No names, no addresses, no numbers of papers. It is encrypted, and a second person reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, transition: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organisation.objects.filter(kind=Kind.PROVIDER, status=Organisation.Status.ACTIVE).exclude(pk=transition.holder_id)
        inside = [(f"organisation:{row.pk}", row.name) for row in others]
        outside = [(f"outside:{code}", label) for code, label in Outside.choices]
        self.fields["receiver"].choices = [("", _("Choose")), *outside, *inside]  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """What the act takes."""
        kind, _colon, value = self.cleaned_data["receiver"].partition(":")
        receiver = {"outside": value} if kind == "outside" else chosen_receiver(self.cleaned_data["receiver"])
        return {**{name: self.cleaned_data[name] for name in ("items", "basis", "reason")}, **receiver}


class ReviewForm(forms.Form):
    """Was it right?"""

    outcome = forms.ChoiceField(label=_("Was it right?"), choices=Outcome.choices, widget=forms.RadioSelect)


class RecallForm(forms.Form):
    """Deleted, or kept on a ground in law."""

    DELETED = "deleted"

    answer = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect,
        choices=[(DELETED, _("We have deleted it everywhere, copies and papers too")), *Basis.choices],
        help_text=_("Without agreement it may be kept only on a ground in law. The sender and its manager see the ground."),
    )  # fmt: skip

    def ground(self) -> str:
        """The ground, or nothing where it was deleted."""
        value = str(self.cleaned_data["answer"])
        return "" if value == self.DELETED else value
