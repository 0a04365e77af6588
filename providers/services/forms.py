"""Shape of what managers say about their services. A form saves with the version it was read from, or not at all."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can, Kind
from portal.audit.trail import record
from providers.organisations.models import Organisation
from providers.services.disclosure import normalised
from providers.services.models import NAMES_DIFFER, Contract, Outdated, Service
from providers.services.places import Nation, Region


class Versioned(forms.ModelForm):  # type: ignore[type-arg]  # Django's forms take no argument at run time
    """A form of an existing row: carries the version it shows, and never overwrites a newer one."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    VERB: ClassVar[str] = "change"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial["version"] = self.instance.version

    def as_words(self) -> list[tuple[str, str]]:
        """Label and value of every field as it stands in the row, as people read it."""
        shown = []
        for field in self.visible_fields():
            value = getattr(self.instance, field.name)
            words = getattr(self.instance, f"get_{field.name}_display", lambda value=value: value)()
            words = date_format(words, "j F Y") if isinstance(words, date) else words
            shown.append((str(field.label), {True: gettext("Yes"), False: gettext("No"), None: "", "": ""}.get(words, str(words))))
        return shown

    def remarks(self) -> Iterable[str]:
        """What is worth saying beside "Saved.": nothing, unless the form knows of something."""
        return ()

    def written(self) -> tuple[str, ...]:
        """The fields that saving writes."""
        return tuple(self._meta.fields or ())

    @transaction.atomic
    def save_by(self, by: Any) -> Any:
        """Save, note who did it, and return the row. Raises ``Outdated`` when somebody else has saved since."""
        row: Any = self.instance
        if row._state.adding:
            row.save()
            record(f"{row._meta.label_lower}.create", row, by=by)
            return row
        now = type(row)._base_manager.select_for_update().get(pk=row.pk)
        if now.version != self.cleaned_data.get("version"):
            raise Outdated(now)
        row.version = now.version + 1
        row.save(update_fields=[*self.written(), "version"])
        record(f"{row._meta.label_lower}.{self.VERB}", row, by=by, codes={"fields": sorted(self.changed_data)})
        return row


class ServiceForm(Versioned):
    """What a service is and where, as coarse as that may be said."""

    class Meta:
        model = Service
        fields: tuple[str, ...] = ("name", "kind", "nation", "region")
        help_texts: ClassVar = {
            "kind": _("It decides which indicators apply to the service."),
            "region": _("As coarse as this. No field asks for an address, on purpose."),
        }

    def clean_name(self) -> str:
        """One way to write the same name."""
        return normalised(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """The region lies in the nation, and no other service of the organisation has the name."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        organisation = cleaned.get("organisation") or (None if self.instance._state.adding else self.instance.organisation)
        if organisation and organisation.services.exclude(pk=self.instance.pk).filter(name__iexact=cleaned.get("name", "")).exists():
            self.add_error("name", _("Your organisation has a service of this name already."))
        nation, region = cleaned.get("nation"), cleaned.get("region")
        whole = {Region.WALES, Region.SCOTLAND, Region.NORTHERN_IRELAND}
        if nation and region and (region in whole if nation == Nation.ENGLAND else region != nation):
            self.add_error("region", _("This region is not in the nation you chose."))
        renamed = Service(kind=cleaned.get("kind", ""), name=cleaned.get("name", ""), organisation=organisation or Organisation())
        if self.instance.is_public and not self.leaves_the_list and renamed.names_itself(self.instance.public_alias):
            self.add_error("name", _("This is its name on the public list. Choose another for your staff."))
        return cleaned

    def save_by(self, by: Any) -> Any:
        """As above. Raises ``ValidationError`` too: two people may send the same name at the same moment."""
        try:
            return super().save_by(by)
        except IntegrityError as clash:
            if NAMES_DIFFER not in str(clash):
                raise
            raise ValidationError({"name": _("Your organisation has a service of this name already.")}) from clash

    @property
    def leaves_the_list(self) -> bool:
        """What was listed as something else and is a safehouse now: the list named whose it is, and perhaps the region."""
        is_now = self.cleaned_data.get("kind") == Service.Kind.SAFEHOUSE
        return bool(is_now and self.initial.get("kind") not in (None, Service.Kind.SAFEHOUSE) and self.instance.is_public)

    def written(self) -> tuple[str, ...]:
        """A service that becomes a safehouse is listed again only by a new choice."""
        if self.initial.get("kind") == self.cleaned_data["kind"] or self.cleaned_data["kind"] != Service.Kind.SAFEHOUSE:
            return super().written()
        self.has_left = self.instance.is_public
        self.instance.is_public = self.instance.shows_region = False
        return (*super().written(), "is_public", "shows_region")

    has_left = False

    def remarks(self) -> Iterable[str]:
        """That it left the public list."""
        if self.has_left:
            yield gettext("A safehouse is listed only by a choice of its own, so it has left the public list.")


class NewServiceForm(ServiceForm):
    """A new service, of an organisation whose services this person manages."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"))
    field_order = ("organisation", "name", "kind", "nation", "region")

    class Meta(ServiceForm.Meta):
        fields = ("organisation", "name", "kind", "nation", "region")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.where(user, Can.MANAGE_SERVICES).filter(kind=Kind.PROVIDER)
        self.fields["organisation"] = forms.ModelChoiceField(own, label=_("Organisation"), empty_label=None, initial=own.first())
        if own.count() == 1:
            self.fields["organisation"].widget = forms.HiddenInput()


class ListingForm(Versioned):
    """What the public sees of a service."""

    VERB = "list"

    class Meta:
        model = Service
        fields = ("is_public", "public_alias", "public_summary", "shows_region")
        widgets: ClassVar = {"public_summary": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar = {
            "is_public": _("Show this service on the public list"),
            "shows_region": _("Show the region, not only the nation"),
        }
        help_texts: ClassVar = {
            "public_alias": _("What everybody may call it. Not its real name, if that could be looked up."),
            "public_summary": _("One or two sentences: whom it helps, and how. No place, no number, no names."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.nation != Nation.ENGLAND:
            del self.fields["shows_region"]  # elsewhere the region is the nation
        elif self.instance.kind == Service.Kind.SAFEHOUSE:
            self.fields["shows_region"].help_text = _(
                "For a safehouse the nation is usually enough. Whoever looks for somebody reads this list too."
            )

    def clean_public_alias(self) -> str:
        """One way to write the same name."""
        return normalised(self.cleaned_data["public_alias"])

    def clean_public_summary(self) -> str:
        """One paragraph: a line break is a space."""
        return normalised(self.cleaned_data["public_summary"])

    def clean(self) -> dict[str, Any]:
        """A listed service has a name for the public, and a safehouse's is not its own."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        alias = cleaned.get("public_alias", "")
        if cleaned.get("is_public") and not alias and "public_alias" not in self.errors:
            self.add_error("public_alias", _("Write the name under which everybody may know it."))
        for name in ("public_alias", "public_summary"):
            if self.instance.names_itself(cleaned.get(name, "")):
                self.add_error(name, _("It holds the name your staff use, or your organisation's. Choose other words for the public."))
        return cleaned


class ContractForm(Versioned):
    """Under which contract a service works, from when to when."""

    class Meta:
        model = Contract
        fields = ("name", "commissioner", "role", "starts_on", "ends_on")
        widgets: ClassVar = {"starts_on": forms.DateInput(attrs={"type": "date"}), "ends_on": forms.DateInput(attrs={"type": "date"})}
        help_texts: ClassVar = {
            "commissioner": _("Leave empty if it is not in this list."),
            "ends_on": _("Leave empty while no end is agreed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = models.Q(status=Organisation.Status.ACTIVE) | models.Q(pk=self.instance.commissioner_id)  # also one that has closed since
        commissioners = Organisation.objects.filter(there, kind=Kind.OVERSIGHT)
        self.fields["commissioner"] = forms.ModelChoiceField(
            commissioners, label=_("Commissioned by"), required=False, help_text=_("Leave empty if it is not in this list.")
        )

    def clean(self) -> dict[str, Any]:
        """It does not end before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and end and end < start:
            raise ValidationError({"ends_on": _("It would end before it begins.")})
        return cleaned

    def remarks(self) -> Iterable[str]:
        """Other contracts of the service in force on some of the same days: allowed, but worth a second look."""
        others = self.instance.service.contracts.exclude(pk=self.instance.pk)
        for other in others.overlapping(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]):
            yield gettext("It overlaps with “%s”. If that is right, nothing more is to do.") % other
