"""Forms of the evidence room: an item, a version of its file, a reason, and the filter of the library."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.audit.trail import record
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.evidence import arrival, filing, personal_data
from standards.evidence.arrival import Arrived
from standards.evidence.models import Evidence, EvidenceFile
from standards.evidence.personal_data import Hit
from standards.evidence.refusal import WORDS, Refused

WHAT: dict[str, Any] = {
    "ni_number": _("a National Insurance number"),
    "birth": _("a date of birth"),
    "email": _("an e-mail address"),
    "phone": _("a telephone number"),
    "postcode": _("a postcode"),
    "name": _("somebody's name"),
    "reference": _("a reference of a case"),
    "author": _("the author's name in the document's properties"),
}
STATES = (
    ("", _("In use")),
    ("fresh", _("Fresh")),
    ("due", _("Due for review within 30 days")),
    ("stale", _("Out of date")),
    ("review", _("Review date near or passed")),
    ("unused", _("Under no answer")),
    ("retired", _("Put aside")),
)


class Date(forms.DateInput):
    """The browser's own date field; its value is always ISO, whatever language the page speaks."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FileInput(forms.FileInput):
    """Says to the browser what we take, and to the script how large."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": arrival.ACCEPT, "data-most": str(arrival.MOST_BYTES), "data-too-big": WORDS["too_big"]})


class Looking(forms.BaseForm):
    """A form that asks about what may tell who somebody is. The answer holds for exactly what was found, no more."""

    what: ClassVar[Mapping[str, Any]] = WHAT  # kinds of hits in words; a room above may look for more
    is_too_big = False  # the file was dropped while it came in
    arrived: Arrived | None = None

    def clean_file(self) -> Any:
        """Looks at the file itself. ``arrived`` is what may be kept of it."""
        if self.is_too_big:
            raise ValidationError(str(WORDS["too_big"]), code="too_big")
        upload = self.cleaned_data.get("file")
        if upload:
            try:
                self.arrived = arrival.receive(upload.file, upload.name)
            except Refused as refused:
                raise ValidationError(str(refused), code=refused.code) from refused
        return upload

    def look(self, *fields: str) -> None:
        """Ask about personal data in ``fields``, in the file's name, and in a plain text's words."""
        hits = [(field, hit) for field in fields for hit in self.find(self.cleaned_data.get(field) or "")]
        hits += [("file", hit) for hit in self._in_file()]
        for field, hit in ((field, hit) for field, hit in hits if hit.stops):
            words = now("This has %(what)s: “%(sample)s”. It is never needed here. Take it out.")
            self.add_error(field, words % {"what": self.what[hit.kind], "sample": hit.sample})
        self._ask([hit for _field, hit in hits if not hit.stops])

    def find(self, text: str) -> list[Hit]:
        """What in ``text`` has to be asked about."""
        return personal_data.look(text)

    def _in_file(self) -> Iterable[Hit]:
        if self.arrived:
            yield from personal_data.in_file_name(self.arrived.shown_name)
            yield from personal_data.look(self.arrived.words)
            if self.arrived.names_author:
                yield Hit("author", "")

    def _ask(self, hits: list[Hit]) -> None:
        if not hits:
            return
        digest = hashlib.sha256(repr(sorted({(hit.kind, hit.sample) for hit in hits})).encode()).hexdigest()[:16]
        said = ", ".join(
            dict.fromkeys(f"{self.what[hit.kind]} (“{hit.sample}”)" if hit.sample else str(self.what[hit.kind]) for hit in hits)
        )
        self.fields["looked"] = forms.CharField(
            label=now("I have looked: nobody can be known by this, and no place where survivors live"),
            help_text=now("Found: %(found)s.") % {"found": said}, required=False,
            widget=forms.CheckboxInput(attrs={"value": digest}, check_test=lambda _value: self.data.get("looked") == digest),
        )  # fmt: skip
        if self.data.get("looked") != digest:
            self.add_error("looked", now("This may tell who somebody is. Take it out, or say that you have looked."))


class EvidenceForm(Looking, forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """An item of evidence, new or changed. ``user``: who fills it in; only what they may assess for can be chosen."""

    is_anonymised = forms.BooleanField(
        label=_("It names nobody and no place"),
        help_text=_("No names, initials, dates of birth, case numbers, photographs of people, and no address of a safehouse."),
        error_messages={"required": _("Make it anonymous first, then confirm it here.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Evidence
        fields = ("kind", "service", "title", "shows", "period_start", "period_end", "review_on", "reference", "is_anonymised")
        widgets: dict[str, Any] = {  # noqa: RUF012
            "shows": forms.Textarea(attrs={"rows": 3}), "period_start": Date(), "period_end": Date(), "review_on": Date(),
        }  # fmt: skip
        help_texts: dict[str, Any] = {  # noqa: RUF012
            "kind": _("A policy says what should happen. Practice, and what survivors say, show what does."),
            "title": _("A few words your colleagues know it by. No names of people, no addresses."),
            "shows": _("One sentence: what somebody who reads it will see. “All 14 fire doors were checked; two were mended.”"),
            "reference": _("A folder, a system, a shelf. A reference is better than a file: nothing is copied."),
            "review_on": _("When somebody should look whether it still holds."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.is_new = self.instance._state.adding
        organisations = Organisation.objects.where(user, Can.ASSESS)
        services = Service.objects.where(user, Can.ASSESS).select_related("organisation").order_by("name")
        if self.is_new:
            self._for_new(organisations)
        else:
            services = services.filter(organisation=self.instance.organisation_id)
            self.initial["version"] = self.instance.version
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["service"].empty_label = _("The whole organisation")  # type: ignore[attr-defined]
        self.order_fields(["organisation"])

    def _for_new(self, organisations: Any) -> None:
        """Which organisation is asked of those who work for several; a file may come along. It stands last: what follows it may be lost."""
        mine = list(organisations[:2])
        self.fields["organisation"] = forms.ModelChoiceField(organisations, label=_("organisation"), empty_label=None)
        if len(mine) == 1:
            self.initial["organisation"] = mine[0].pk
            self.fields["organisation"].widget = forms.HiddenInput()
        self.fields["file"] = forms.FileField(
            label=_("File"), required=False, widget=FileInput(), max_length=255,
            help_text=_("Up to 50 MB: PDF, JPEG, PNG, Word, Excel, OpenDocument text, CSV or plain text."),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What belongs together. Raises nothing; adds errors to the fields."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("period_start"), data.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", now("This lies before the day it covers from."))
        if self.is_new and (organisation := data.get("organisation")):
            self.instance.organisation = organisation
        if (service := data.get("service")) and service.organisation_id != self.instance.organisation_id:
            self.add_error("service", now("This service belongs to another organisation."))
        has_file = bool(data.get("file")) or "file" in self.errors or (not self.is_new and self.instance.files.exists())
        if not data.get("reference") and not has_file:
            self.add_error("reference", now("Say where it is kept, or choose a file."))
        self.look("title", "shows", "reference")
        return data

    def save(self, *, by: Any) -> Evidence:  # type: ignore[override]  # who did it is never left out
        """Write it. Raises ``Outdated`` when somebody saved it in the meantime, ``ValidationError`` when there is no room for the file."""
        with transaction.atomic():
            if self.is_new:
                self.instance.created_by = by
                self.instance.save()
                record("evidence.evidence.add", self.instance, by=by, after=self.instance.status)
                if self.arrived:
                    filing.keep(self.instance, self.arrived, by=by)
            elif self.changed_data:
                row = Evidence.objects.changed_as_seen(self.instance.pk, self.cleaned_data["version"])
                self.instance.version = row.version + 1
                self.instance.save()
                record("evidence.evidence.edit", self.instance, by=by, codes={"fields": sorted(set(self.changed_data) - {"version"})})
        saved: Evidence = self.instance
        return saved


class FileForm(Looking, forms.Form):
    """A new version of an item's file."""

    file = forms.FileField(
        label=_("File"), widget=FileInput(), max_length=255,
        help_text=_("Up to 50 MB: PDF, JPEG, PNG, Word, Excel, OpenDocument text, CSV or plain text. The older versions stay."),
    )  # fmt: skip
    is_anonymised = EvidenceForm.base_fields["is_anonymised"]
    field_order = ("is_anonymised", "file")

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evidence = evidence

    def clean(self) -> dict[str, Any]:
        """Asks about the file's name and words."""
        self.look()
        return self.cleaned_data

    def save(self, *, by: Any) -> EvidenceFile:
        """File it. Raises ``ValidationError`` when there is no room, or nothing to file."""
        if self.arrived is None:
            raise ValidationError(str(WORDS["empty"]))
        return filing.keep(self.evidence, self.arrived, by=by)


class ReasonForm(forms.Form):
    """Why an item is put aside or taken back."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A colleague reads this next year. No names of people."),
    )  # fmt: skip


class Filter(forms.Form):
    """Of the library. What it does not understand narrows nothing."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *Evidence.Kind.choices], required=False)
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), required=False, empty_label=_("All services"))
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.visible_to(user)  # type: ignore[attr-defined]

    def narrow(self, rows: Any) -> Any:
        """The rows that were asked for."""
        self.is_valid()  # fields that were not understood are left out of what is clean
        wanted = getattr(self, "cleaned_data", {})
        day = timezone.localdate()
        rows = rows.in_state(wanted.get("state") or "", day)
        if wanted.get("kind"):
            rows = rows.filter(kind=wanted["kind"])
        return rows.filter(service=wanted["service"]) if wanted.get("service") else rows
