"""The forms of the visit as a device without network shows them: the same fields and words, and no row of any inspection in them."""

from django import forms

from standards.inspections.forms.visit import ActivityForm, FindingForm
from standards.inspections.models import Inspection

OURS = ("key", "base")  # said by the script
FROM_THE_PACK = ("standard", "indicators", "activities", "sample", "repeats")


class BlankFinding(FindingForm):
    """What can be chosen of this inspection comes out of the encrypted pack."""

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(inspection=inspection, auto_id="finding_%s")
        for name in FROM_THE_PACK:
            self.fields[name].queryset = self.fields[name].queryset.none()  # type: ignore[attr-defined]
        for name in OURS:
            del self.fields[name]


class BlankActivity(ActivityForm):
    """As it is asked online; the day is the device's."""

    def __init__(self) -> None:
        super().__init__(auto_id="activity_%s")
        self.fields["on"].initial = None
        del self.fields["base"]


def labels() -> dict[str, str]:
    """Field name and its label, of both forms."""
    fields = {**ActivityForm.base_fields, **FindingForm.base_fields}
    return {name: str(one.label) for name, one in fields.items() if not isinstance(one.widget, forms.HiddenInput)}
