"""Shape of what a team writes at a visit. There is no field for who somebody is, and free words are looked through."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standards.catalogue.models import Indicator
from standards.inspections import sampling
from standards.inspections.forms.watched import Date, Versioned, Watched, area
from standards.inspections.models import Activity, Finding, Inspection

# Families of languages, never one language: in a house of six people a language is a name.
LANGUAGE_GROUPS = (
    ("", "–"), ("european", _("European languages")), ("arabic_persian", _("Arabic, Persian and Kurdish languages")),
    ("south_asian", _("South Asian languages")), ("east_asian", _("East and South-East Asian languages")),
    ("african", _("African languages")), ("sign", _("Sign language")), ("other", _("Other")),
)  # fmt: skip


class ActivityForm(Versioned):
    """What was done, when, and with how many people. Never with whom."""

    WORDS = ("note",)
    method = forms.ChoiceField(label=_("How"), choices=Activity.Method.choices)
    on = forms.DateField(label=_("When"), widget=Date(), initial=timezone.localdate)
    headcount = forms.IntegerField(
        label=_("How many people"), min_value=0, max_value=500, initial=0, help_text=_("A number, nothing about them.")
    )
    interpreter = forms.BooleanField(label=_("With an interpreter"), required=False)
    language_group = forms.ChoiceField(label=_("Group of languages"), choices=LANGUAGE_GROUPS, required=False)
    note = forms.CharField(label=_("What was looked at"), max_length=500, required=False, widget=area(3))
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def values(self) -> dict[str, Any]:
        """As the columns are called."""
        return {name: self.cleaned_data[name] for name in ("method", "on", "headcount", "interpreter", "language_group", "note")}

    def clean(self) -> dict[str, Any]:
        """Nothing lies in the future."""
        data = super().clean()
        if (on := data.get("on")) and on > timezone.localdate():
            self.add_error("on", _("This day has not come yet."))
        return data


class FindingForm(Versioned):
    """A finding: under which standard, of which kind, what was found, and what shows it."""

    WORDS = ("text", "evidence")
    standard = forms.ModelChoiceField(Finding.objects.none(), label=_("Standard"))
    indicators = forms.ModelMultipleChoiceField(
        Indicator.objects.none(), label=_("Indicators"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Of this standard. Leave them open if it is about the whole of it."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind"), choices=Finding.Kind.choices)
    text = forms.CharField(
        label=_("What was found"),
        widget=area(5),
        help_text=_("What you saw, heard or read. No names, ages, nationalities or places; no quotations."),
    )
    severity = forms.ChoiceField(
        label=_("Severity"),
        choices=[("", "–"), *Finding.Severity.choices],
        required=False,
        help_text=_("Of a shortfall or a serious concern."),
    )
    likelihood = forms.ChoiceField(label=_("Likelihood"), choices=[("", "–"), *Finding.Likelihood.choices], required=False)
    is_urgent = forms.BooleanField(label=_("Urgent"), required=False)
    evidence = forms.CharField(label=_("What shows it"), widget=area(3), required=False)
    activities = forms.ModelMultipleChoiceField(
        Activity.objects.none(), label=_("Activities"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A shortfall stands on at least two methods where possible."),
    )  # fmt: skip
    sample = forms.ModelChoiceField(Finding.objects.none(), label=_("Sample"), required=False, empty_label="–")
    repeats = forms.ModelChoiceField(
        Finding.objects.none(),
        label=_("Found before"),
        required=False,
        empty_label="–",
        help_text=_("At the inspection before this one."),
    )
    hold_back = forms.BooleanField(
        label=_("Do not tell the provider’s managers: that would put somebody in danger"), required=False,
        help_text=_("A serious concern is told at once to the lead and to the provider’s managers, outside the report."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, inspection: Inspection, finding: Finding | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": _first(finding) | kwargs.get("initial", {})})
        choices = {
            "standard": inspection.standards(), "sample": inspection.samples.select_related("population"),
            "activities": inspection.activities.all(), "repeats": Finding.objects.of_earlier(inspection),
            "indicators": Indicator.objects.filter(standard__in=inspection.standards()).order_by("code"),
        }  # fmt: skip
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["standard"].label_from_instance = lambda one: f"{one.code} · {one.title}"  # type: ignore[attr-defined]
        self.fields["indicators"].label_from_instance = lambda one: f"{one.code} · {one.text}"  # type: ignore[attr-defined]
        self.fields["repeats"].label_from_instance = lambda one: f"{one.code} · {one.standard}"  # type: ignore[attr-defined]
        if finding is not None and hasattr(finding, "alert"):
            del self.fields["hold_back"]  # whoever is told was told

    def clean(self) -> dict[str, Any]:
        """Indicators are those of the standard."""
        data = super().clean()
        standard = data.get("standard")
        if standard and any(one.standard_id != standard.pk for one in data.get("indicators") or ()):
            self.add_error("indicators", _("Choose indicators of the standard above."))
        return data

    def values(self) -> dict[str, Any]:
        """As the columns are called."""
        return {name: self.cleaned_data[name] for name in Finding.WRITTEN}


def _first(finding: Finding | None) -> dict[str, Any]:
    if finding is None:
        return {"key": uuid.uuid4(), "base": 0}
    many = {name: list(getattr(finding, name).all()) for name in ("indicators", "activities")}
    return {name: getattr(finding, name) for name in Finding.WRITTEN} | many | {"key": finding.key, "base": finding.version}


class PhotoForm(Watched):
    """A picture of a thing."""

    WORDS = ("caption",)
    caption = forms.CharField(label=_("What it shows"), max_length=200)
    file = forms.FileField(
        label=_("Picture"), widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}), max_length=255,
        help_text=_("JPEG or PNG. Never a person, a door from outside, a view from a window or a sign. Where it was taken is removed."),
    )  # fmt: skip


class PopulationForm(forms.Form):
    """A list of pseudonymous references, to be frozen."""

    name = forms.CharField(label=_("What is in it"), max_length=150, help_text=_("“Support plans open on 1 May”, for example."))
    references = forms.CharField(
        label=_("References"), widget=area(10), help_text=_("One a line: pseudonyms that the provider can look up. Never names."),
    )  # fmt: skip

    def clean_references(self) -> list[str]:
        """What can be a pseudonym."""
        return sampling.references_in(self.cleaned_data["references"])


class DrawForm(forms.Form):
    """How many."""

    size = forms.IntegerField(label=_("How many"), min_value=1, max_value=sampling.MOST)
