"""What is asked when a self-assessment begins, and by what the list of them is narrowed."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.services.models import Service
from standards.assessments.beginning import begin, proposed_period, proposed_title
from standards.assessments.models import Assessment
from standards.catalogue.models import Edition, Indicator

SORTS: Sequence[tuple[str, Any]] = (
    ("", _("Newest first")), ("due", _("To be finished first")), ("service", _("By service")), ("period", _("Latest period first")),
)  # fmt: skip
ORDER: dict[str, tuple[str, ...]] = {
    "": ("-created_at", "pk"), "due": ("due_on", "-created_at", "pk"), "service": ("service__name", "-created_at", "pk"),
    "period": ("-period_end", "-created_at", "pk"),
}  # fmt: skip


class Date(forms.DateInput):
    """The browser's own date field; its value is always ISO, whatever language the page speaks."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class BeginForm(forms.Form):
    """A new assessment of one of this person's services. ``drafts``: those in whose favour ``is_valid`` refused."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), help_text=_("Only services that are open."))
    edition = forms.ModelChoiceField(Edition.objects.none(), label=_("Standards"))
    period_start = forms.DateField(label=_("Period from"), widget=Date(), help_text=_("What you judge: usually the last twelve months."))
    period_end = forms.DateField(label=_("Until"), widget=Date())
    due_on = forms.DateField(
        label=_("To be finished by"),
        widget=Date(),
        required=False,
        help_text=_("Shown to everybody who works on it. Leave empty for no date."),
    )
    title = forms.CharField(
        label=_("Title"), max_length=150, required=False,
        help_text=_("Leave empty, and it is called after the service, the standards and the year. No names of people, no addresses."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)
    anyway = forms.BooleanField(label=_("Begin another one all the same"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        start, end = proposed_period(timezone.localdate())
        initial = {"period_start": start, "period_end": end, "key": uuid.uuid4()} | kwargs.pop("initial", {})
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.user = user
        self.drafts: list[Assessment] = []
        services = Service.objects.where(user, Can.ASSESS).filter(status=Service.Status.OPEN)
        editions = Edition.objects.in_use().select_related("framework")
        for name, rows in (("service", services), ("edition", editions)):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = rows
            if len(rows) == 1:
                field.initial = rows[0]
                field.empty_label = None

    def clean(self) -> dict[str, Any]:
        """Dates in order, standards that ask something of the service, and a warning where a draft stands already."""
        said = super().clean() or self.cleaned_data
        start, end = said.get("period_start"), said.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("The period ends before it begins. Choose a later day, or an earlier beginning."))
        service, edition = said.get("service"), said.get("edition")
        if service and edition:
            self._fit(service, edition, bool(said.get("anyway")))
        return said

    def _fit(self, service: Service, edition: Edition, anyway: bool) -> None:
        if not Indicator.objects.for_service(edition, service.kind).exists():
            self.add_error("edition", _("These standards ask nothing of this kind of service. Choose others."))
            return
        self.drafts = list(Assessment.objects.drafts_of(service, edition).exclude(pk=cast("uuid.UUID", self.cleaned_data.get("key"))))
        if self.drafts and not anyway:
            self.fields["anyway"].widget = forms.CheckboxInput()
            self.add_error("anyway", _("There is a draft for this service and these standards already. Go on with it, or tick this."))

    def save(self, *, by: Any) -> Assessment | None:
        """Begin it. What the rules refuse comes back as errors of the form, with everything typed still in it."""
        said = self.cleaned_data
        period: tuple[date, date] = said["period_start"], said["period_end"]
        title = said["title"] or proposed_title(said["service"], said["edition"], period)
        try:
            return begin(said["service"], said["edition"], title, period, by=by, due_on=said["due_on"], key=said["key"])
        except ValidationError as problem:
            self.add_error(None, problem.messages)
            return None


class ListFilter(forms.Form):
    """Narrows the list. What it does not understand narrows nothing (C39: a mistake is never shown as "nothing here")."""

    text = forms.CharField(label=_("Words"), required=False, max_length=100)
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), required=False, empty_label=_("All services"))
    edition = forms.ModelChoiceField(Edition.objects.none(), label=_("Standards"), required=False, empty_label=_("All standards"))
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("Any status")), *Assessment.Status.choices], required=False)
    year = forms.TypedChoiceField(label=_("Period ends in"), coerce=int, required=False, empty_value=None)
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = Assessment.objects.where(user, Can.READ)
        cast("forms.ModelChoiceField[Any]", self.fields["service"]).queryset = Service.objects.visible_to(user)
        editions = Edition.objects.public().select_related("framework")
        cast("forms.ModelChoiceField[Any]", self.fields["edition"]).queryset = editions
        years = [(str(day.year), str(day.year)) for day in self.rows.dates("period_end", "year", order="DESC")]
        cast("forms.TypedChoiceField", self.fields["year"]).choices = [("", _("Any year")), *years]

    def narrowed(self) -> Any:
        """The assessments that are left, in order, with all that a row shows."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        rows = self.rows
        for name in ("service", "edition", "status"):
            if chosen.get(name):
                rows = rows.filter(**{name: chosen[name]})
        if chosen.get("year"):
            rows = rows.filter(period_end__gte=date(chosen["year"], 1, 1), period_end__lte=date(chosen["year"], 12, 31))
        if chosen.get("text"):
            rows = rows.containing(chosen["text"])
        return rows.select_related("service", "edition__framework").order_by(*ORDER[chosen.get("sort") or ""])
