"""Forms of the move-on plan and of the say-it-once card. Nothing of them is kept: they are printed and forgotten."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.languages import FIRST_RELEASE
from providers.transitions import move_on
from providers.transitions.consent_forms import Day

LONGEST, DATES = 160, 4


class PaperForm(forms.Form):
    """Her language, and screen or paper."""

    language = forms.ChoiceField(label=_("Her language"), choices=[(one.code, f"{_(one.name)} · {one.native}") for one in FIRST_RELEASE])

    def typed(self) -> dict[str, str]:
        """What was written, by field."""
        return {name: value for name, value in self.cleaned_data.items() if isinstance(value, str) and name != "language"}


class PlanForm(PaperForm):
    """What only she and her worker know. Every field may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = move_on.words_in("en")
        for section, name in move_on.fields():
            label = f"{english[section]}: {english['f_' + name]}"
            self.fields[name] = forms.CharField(label=label, max_length=LONGEST, required=False)
        kinds = [("", _("None")), *((kind, english[f"d_{kind}"]) for kind in move_on.date_kinds())]
        for number in range(1, DATES + 1):
            self.fields[f"kind_{number}"] = forms.ChoiceField(label=_("Date %d: what for") % number, choices=kinds, required=False)
            self.fields[f"day_{number}"] = forms.DateField(label=_("Date %d: the day in her letter") % number, required=False, widget=Day())

    def clean(self) -> dict[str, Any]:
        """A date needs to say what for, and the other way round."""
        data: dict[str, Any] = super().clean() or {}
        for number in range(1, DATES + 1):
            if bool(data.get(f"kind_{number}")) != bool(data.get(f"day_{number}")) and f"day_{number}" not in self.errors:
                self.add_error(f"day_{number}", _("Say both what the date is for and which day it is."))
        return data

    def typed(self) -> dict[str, str]:
        """What was written, without the dates."""
        return {name: value for name, value in super().typed().items() if not name.startswith("kind_")}

    def dates(self) -> list[tuple[str, date]]:
        """What for, and the day."""
        rows = [(self.cleaned_data[f"kind_{number}"], self.cleaned_data[f"day_{number}"]) for number in range(1, DATES + 1)]
        return [(kind, day) for kind, day in rows if kind and day]


class CardForm(PaperForm):
    """Her own words, as she wants a new worker to read them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = move_on.words_in("en")
        for key in move_on.layout()["card"]:
            area = forms.Textarea(attrs={"rows": 3})
            self.fields[key] = forms.CharField(label=english[f"k_{key}"], max_length=600, required=False, widget=area)
