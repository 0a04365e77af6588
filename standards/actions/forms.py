"""Forms of the action plan: planning, changing, each step that needs words, and the filter of the lists."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from providers.services.models import Service
from standards.actions import planning
from standards.actions.models import Action, Source
from standards.actions.planning import Proposal


class Date(forms.DateInput):
    """The browser's own date field; its value is always ISO, whatever language the page speaks."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ActionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Plan an action from a proposal, or change one. Owners are current members who may assess (C32)."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Action
        fields = ("what", "priority", "owner_role", "owner", "start_on", "due_on")
        widgets: dict[str, Any] = {"what": forms.Textarea(attrs={"rows": 3}), "start_on": Date(), "due_on": Date()}  # noqa: RUF012
        help_texts: dict[str, Any] = {  # noqa: RUF012
            "what": _("One thing that somebody will do. No names of people, no addresses."),
            "priority": _("Critical: survivors are at risk while it stays as it is."),
            "owner": _("They are reminded 14 and 3 days before it is due, on the day, and every week after."),
        }
        labels: dict[str, Any] = {"owner": _("person"), "owner_role": _("role that is responsible")}  # noqa: RUF012

    def __init__(self, *args: Any, proposal: Proposal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        organisation = proposal.organisation_id if proposal else self.instance.organisation_id
        if proposal:
            self.instance.organisation_id, self.instance.service = organisation, proposal.service
            self.initial = {**self._suggested(proposal), **self.initial}
        self.initial = {**self.initial, "key": self.initial.get("key") or uuid.uuid4(), "version": self.instance.version}
        self.fields["owner"].queryset = planning.people_who_assess([organisation])  # type: ignore[attr-defined]
        self.fields["owner"].empty_label = _("Nobody yet")  # type: ignore[attr-defined]
        self.fields["owner_role"].choices = planning.RESPONSIBLE  # type: ignore[attr-defined]

    @staticmethod
    def _suggested(proposal: Proposal) -> dict[str, Any]:
        today = timezone.localdate()
        return {"priority": proposal.priority, "start_on": today, "due_on": planning.due_on(proposal.priority, today)}

    def owner_has_left(self) -> bool:
        """Whether whoever has the action can no longer be chosen: it must be given to somebody else (C32)."""
        owners = self.fields["owner"].queryset  # type: ignore[attr-defined]
        return self.instance.owner_id is not None and not owners.filter(pk=self.instance.owner_id).exists()

    def save(self, *, by: Any) -> Action:  # type: ignore[override]  # who is never optional here
        """Plan it, or change it. Raises ``PermissionDenied``, ``Outdated``, ``WrongState`` or ``ValidationError``."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        if self.proposal:
            return planning.plan(self.proposal, values, key=self.cleaned_data["key"], by=by)
        row: Action = Action.objects.get(pk=self.instance.pk)
        row.change(values, base=self.cleaned_data["version"], by=by)
        return row


class ServiceForm(forms.Form):
    """For which service an action is planned that comes from no answer and no inspection."""

    service = forms.ModelChoiceField(label=_("service"), queryset=Service.objects.none())
    source = forms.ChoiceField(
        label=_("where it comes from"), choices=[(Source.OWN.value, Source.OWN.label), (Source.INCIDENT.value, Source.INCIDENT.label)]
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.where(user, Can.ASSESS).select_related("organisation")
        self.fields["service"].queryset = services  # type: ignore[attr-defined]

    def proposal(self) -> Proposal:
        """What was chosen."""
        return Proposal(self.cleaned_data["service"], self.cleaned_data["source"])


class StepForm(forms.Form):
    """A step that needs no words."""

    def words(self) -> list[str]:
        """What the step takes, in its order."""
        return [self.cleaned_data[name] for name in self.fields]


class CompleteForm(StepForm):
    """How it was done."""

    completion = forms.CharField(label=_("How was it done?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(StepForm):
    """Why it will not be done, or is not done after all."""

    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class MissingForm(ReasonForm):
    """What is still missing."""

    reason = forms.CharField(label=_("What is still missing?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


STEP_FORMS: dict[str, type[StepForm]] = {"begin": StepForm, "complete": CompleteForm, "verify": StepForm, "send_back": MissingForm}

UNFINISHED, MINE, NOBODY = "unfinished", "me", "nobody"


class FilterForm(forms.Form):
    """Which actions, and in which order. List, board, print and CSV read the same form (C15)."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    priority = forms.ChoiceField(label=_("Priority"), required=False)
    owner = forms.ChoiceField(label=_("Person"), required=False)
    source = forms.ChoiceField(label=_("Comes from"), required=False)
    sort = forms.ChoiceField(
        label=_("Sort by"), required=False,
        choices=[("due", _("Due date")), ("priority", _("Priority")), ("service", _("Service")), ("newest", _("Newest"))],
    )  # fmt: skip
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = list(Service.objects.visible_to(user))
        people = planning.people_who_assess({service.organisation_id for service in services})
        everything = [("", _("All"))]
        lists: dict[str, list[tuple[str, Any]]] = {
            "service": [(str(service.pk), service.name) for service in services],
            "status": [(UNFINISHED, _("Still to do")), *Action.Status.choices],
            "priority": list(Action.Priority.choices),
            "owner": [(MINE, _("Me")), (NOBODY, _("Nobody: to be given anew")), *((str(person.pk), str(person)) for person in people)],
            "source": list(Source.choices),
        }
        for name, choices in lists.items():
            self.fields[name].choices = [*everything, *choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What was chosen; a choice that does not exist counts as none."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
