"""What the forms of an inspection share: dates, words that are looked through, and the version their writer had seen."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.evidence.forms import WHAT, Date, Looking
from standards.evidence.personal_data import Hit
from standards.inspections import wordings

__all__ = ["AREA", "Date", "Versioned", "Watched", "area"]

ALSO: Mapping[str, Any] = {
    "age": _("somebody’s age"),
    "person": _("somebody’s name"),
    "street": _("a street or a house number"),
    "place": _("a place on a map"),
    "url": _("a web address"),
}


def area(rows: int = 4) -> forms.Textarea:
    """A field for sentences."""
    return forms.Textarea(attrs={"rows": rows})


AREA = area()


class Watched(Looking, forms.Form):
    """A form whose ``WORDS`` are looked through: names, ages and places are asked about, and the answer holds for just those."""

    what: ClassVar[Mapping[str, Any]] = {**WHAT, **ALSO}
    WORDS: ClassVar[tuple[str, ...]] = ()

    def find(self, text: str) -> list[Hit]:
        """Also names, ages and places."""
        return wordings.look(text)

    def clean(self) -> dict[str, Any]:
        """Ask about what was found."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.look(*self.WORDS)
        return data


class Versioned(Watched):
    """A form about a row that others may change meanwhile. ``base``: the version that its writer had seen."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
