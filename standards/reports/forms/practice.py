"""What is written in a good-practice card, and what is asked before each of its steps."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.catalogue.models import Standard
from standards.reports.cards import Words
from standards.reports.forms.answers import Words as Text
from standards.reports.models import GoodPracticeCard

AREA = forms.Textarea(attrs={"rows": 8})
LONGEST = 3000


class ProposalForm(forms.Form):
    """What the inspector proposes. The provider writes it anew if it likes."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What is done, in a few words. No name of a service."))
    text = Text(
        label=_("What others can learn"),
        widget=AREA,
        max_length=LONGEST,
        help_text=_("No names, places or dates. The provider can change it."),
    )

    def words(self) -> Words:
        """What was sent."""
        return Words(self.cleaned_data["title"], self.cleaned_data["text"])


class CardForm(forms.Form):
    """The provider's own words, and its choice whether to be named."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = Text(
        label=_("What others can learn"), widget=AREA, max_length=LONGEST,
        help_text=_("In your own words. No names of people, no places, nothing by which somebody could find a house or know a person."),
    )  # fmt: skip
    names_provider = forms.TypedChoiceField(
        label=_("Who it is from"), coerce=lambda value: value == "named", widget=forms.RadioSelect, initial="unnamed",
        choices=(("unnamed", _("“Shared by a provider”, without our name")), ("named", _("With the name of our organisation"))),
    )  # fmt: skip
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def words(self) -> Words:
        """What was sent."""
        sent = self.cleaned_data
        return Words(sent["title"], sent["text"], sent["names_provider"])


def initial_of(card: GoodPracticeCard) -> dict[str, Any]:
    """The form as the card stands."""
    return {
        "title": card.title, "text": card.text, "names_provider": "named" if card.names_provider else "unnamed", "version": card.version,
    }  # fmt: skip


class Filter(forms.Form):
    """Of the list of cards."""

    standard = forms.ModelChoiceField(Standard.objects.none(), label=_("Standard"), required=False, empty_label=_("All standards"))
    words = forms.CharField(label=_("Words"), required=False, max_length=60)

    def __init__(self, *args: Any, cards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["standard"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for types
        field.queryset = Standard.objects.filter(pk__in=cards.values("standard")).select_related("chapter")
        field.label_from_instance = _code_and_title  # type: ignore[method-assign]

    def narrow(self, rows: Any) -> Any:
        """The rows that were asked for. What it does not understand narrows nothing."""
        self.is_valid()
        wanted = getattr(self, "cleaned_data", {})
        if wanted.get("standard"):
            rows = rows.filter(standard=wanted["standard"])
        return rows.said(wanted["words"]) if wanted.get("words") else rows


def _code_and_title(obj: Any) -> str:
    return f"{obj.code} {obj.title}"


class CardStepForm(forms.Form):
    """Asks nothing."""

    def arguments(self) -> tuple[Any, ...]:
        """What the step is called with."""
        return ()


class CardReasonForm(CardStepForm):
    """Why."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=300)

    def arguments(self) -> tuple[Any, ...]:
        """The reason."""
        return (self.cleaned_data["reason"],)


class MaybeReasonForm(CardReasonForm):
    """Why, if one likes to say."""

    reason = forms.CharField(label=_("Why, if you like to say"), widget=forms.Textarea(attrs={"rows": 4}), max_length=300, required=False)


class TypedForm(CardStepForm):
    """Where nothing was found, it is typed that everything was read."""

    typed = forms.CharField(
        label=_("Type NOTHING TO REDACT when you have read it all"), required=False, max_length=40,
        help_text=_("Only where the disclosure check found nothing."),
    )  # fmt: skip

    def arguments(self) -> tuple[Any, ...]:
        """What was typed."""
        return (self.cleaned_data["typed"],)


class HarmlessForm(forms.Form):
    """One hit."""

    reason = forms.CharField(label=_("Why nobody can come to harm"), max_length=300)


CARD_FORMS: dict[str, Callable[..., CardStepForm]] = {
    "show": TypedForm, "give_back": CardReasonForm, "decline": MaybeReasonForm, "withdraw": CardStepForm, "take_down": CardReasonForm,
}  # fmt: skip
CARD_WILL_HAPPEN: dict[str, Any] = {
    "show": _("Everybody who works with the Standards here can read it, under its standard. It is not public."),
    "give_back": _("The provider reads your reason, can change the words and agree again, or decline."),
    "decline": _("Nobody reads it. You do not have to say why, and it changes nothing in your report. You can agree later."),
    "withdraw": _("From now on nobody else reads it. It cannot be shown again. The inspectorate is told that you took it back, not why."),
    "take_down": _("From now on nobody else reads it. It cannot be shown again. The provider reads your reason."),
}
