"""What is asked before a summary of a year is made, released, discarded or taken down."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.reports import national
from standards.reports.forms.practice import CardReasonForm, CardStepForm

YEARS = 5  # offered: the newest that are over


class YearForm(forms.Form):
    """Which year."""

    year = forms.TypedChoiceField(
        label=_("Year"), coerce=int, help_text=_("Reports count in the year in which they were first issued. A year is made once.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = national.last_finished()
        self.fields["year"].choices = [(str(year), str(year)) for year in range(last, last - YEARS, -1)]  # type: ignore[attr-defined]


NATIONAL_FORMS: dict[str, Callable[..., CardStepForm]] = {
    "release": CardStepForm, "discard": CardReasonForm, "withdraw": CardReasonForm,
}  # fmt: skip
NATIONAL_WILL_HAPPEN: dict[str, Any] = {
    "release": _("Everybody can read these figures from now on. They cannot be changed, and the year cannot be made again."),
    "discard": _("Nobody reads it. It was never public, so the year can be made again."),
    "withdraw": _("Its page says that it is gone. The year cannot be made again: two releases of one year could be subtracted."),
}
