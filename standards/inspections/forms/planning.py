"""Shape of what planners ask for: an inspection, its scope, its team, declarations, and the steps that need words."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.services.models import Service
from standards.inspections import planning, teams
from standards.inspections.forms.watched import Date, Versioned, Watched, area
from standards.inspections.models import Inspection, Regime, TeamMember

WRITING_UP = timedelta(days=90)  # after the visit: how long a place on the team lasts unless somebody says otherwise


def plan_fields() -> dict[str, forms.Field]:
    """What a plan says. New ones for each form."""
    return {
        "kind": forms.ChoiceField(label=_("Kind"), choices=Inspection.Kind.choices),
        "notice": forms.ChoiceField(
            label=_("Notice"), choices=Inspection.Notice.choices, help_text=_("Of an unannounced one the provider knows nothing before.")
        ),
        "starts_on": forms.DateField(label=_("First day of the visit"), widget=Date()),
        "ends_on": forms.DateField(label=_("Last day of the visit"), widget=Date()),
        "reason": forms.CharField(
            label=_("Why now"), max_length=300, required=False, widget=area(2), help_text=_("For the inspectorate only.")
        ),
        "safe_talk_plan": forms.CharField(
            label=_("How survivors can talk safely"), max_length=500, required=False, widget=area(3),
            help_text=_("Where nobody listens, with which interpreters, what if somebody is distressed. Needed before the visit."),
        ),
    }  # fmt: skip


class PlanForm(Watched):
    """A new inspection: of which service, under which regime, when."""

    WORDS = ("reason", "safe_talk_plan")
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"))
    regime = forms.ModelChoiceField(Regime.objects.none(), label=_("Regime"), empty_label=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["service"].queryset = Service.objects.open_everywhere()  # type: ignore[attr-defined]
        self.fields["service"].label_from_instance = lambda one: f"{one.organisation} · {one}"  # type: ignore[attr-defined]
        self.fields["regime"].queryset = Regime.objects.of_leads(user)  # type: ignore[attr-defined]
        self.fields |= plan_fields()

    def save(self) -> Inspection:
        """Plan it. Raises ``PermissionDenied`` or ``ValidationError``."""
        values = {name: self.cleaned_data[name] for name in plan_fields()}
        return planning.plan(self.cleaned_data["regime"], self.cleaned_data["service"], values, by=self.user)


class ChangeForm(Versioned):
    """Change what the state still lets one change."""

    WORDS = ("reason", "safe_talk_plan")

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        may = inspection.CHANGEABLE.get(inspection.status, ())
        names = [name for name in plan_fields() if name in may]
        first = {name: getattr(inspection, name) for name in names} | {"base": inspection.version}
        super().__init__(*args, **{**kwargs, "initial": first | kwargs.get("initial", {})})
        self.fields |= {name: field for name, field in plan_fields().items() if name in names}

    def values(self) -> dict[str, Any]:
        """What the step takes."""
        return {name: value for name, value in self.cleaned_data.items() if name in plan_fields()}


class ScopeForm(Versioned):
    """Which standards."""

    standards = forms.MultipleChoiceField(
        label=_("Standards"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one standard to inspect.")},
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        chosen = [str(pk) for pk in inspection.scopes.values_list("standard", flat=True)]
        super().__init__(*args, **{**kwargs, "initial": {"standards": chosen, "base": inspection.version}})
        self.rows = list(planning.choosable(inspection))
        self.fields["standards"].choices = [(str(row.pk), f"{row.code} · {row.title}") for row in self.rows]  # type: ignore[attr-defined]

    def chosen(self) -> list[Any]:
        """The standards."""
        return [row for row in self.rows if str(row.pk) in self.cleaned_data["standards"]]


class WindowForm(forms.Form):
    """From when to when somebody is on the team, and whether they lead it."""

    is_lead = forms.BooleanField(
        label=_("Leads this inspection"), required=False, help_text=_("There is one lead: whoever led before is a member then.")
    )
    first = forms.DateField(label=_("First day on the team"), widget=Date())
    last = forms.DateField(label=_("Last day on the team"), widget=Date(), help_text=_("Access ends at the end of this day."))


class MemberForm(WindowForm):
    """Somebody new on the team."""

    user = forms.ModelChoiceField(TeamMember.objects.none(), label=_("Inspector"))
    field_order = ("user", "is_lead", "first", "last")

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        first = {"first": timezone.localdate(), "last": max(inspection.ends_on, timezone.localdate()) + WRITING_UP}
        super().__init__(*args, **{**kwargs, "initial": first})
        self.fields["user"].queryset = teams.candidates(inspection)  # type: ignore[attr-defined]


class DeclareForm(forms.Form):
    """Whether there is a conflict of interest."""

    conflict = forms.ChoiceField(
        label=_("Is there a conflict of interest?"), widget=forms.RadioSelect,
        choices=[
            ("no", _("No. I have not worked for this provider or for a rival of it, nor do people close to me; I can judge it fairly.")),
            ("yes", _("Yes, or I am not sure.")),
        ],
    )  # fmt: skip
    declaration = forms.CharField(
        label=_("What it is"), max_length=300, required=False, widget=area(3), help_text=_("Only if there is one. No names of survivors.")
    )


class DecideForm(Watched):
    """What a declared conflict means."""

    decision = forms.ChoiceField(
        label=_("Your decision"), widget=forms.RadioSelect,
        choices=[("accepted", _("It does not matter for this inspection.")), ("barred", _("It keeps them out of it for good."))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=area(3))


class FeedbackForm(Watched):
    """When feedback was given, and to which roles."""

    WORDS = ("feedback_to",)
    feedback_on = forms.DateField(label=_("Day"), widget=Date(), initial=timezone.localdate)
    feedback_to = forms.CharField(
        label=_("Roles that were there"), max_length=300, help_text=_("Roles, not names: “manager, two support workers”.")
    )


class YearFilter(forms.Form):
    """Of the year plan. What it does not understand narrows nothing."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int, required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Inspection.Status.choices])

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(year)) for year in years]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """What was chosen; a choice that does not exist counts as none."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class OrderForm(forms.Form):
    """How the suggested order is sorted."""

    sort = forms.ChoiceField(
        label=_("Sort by"), required=False,
        choices=[
            ("suggested", _("The rule above")), ("visit", _("Longest since the last visit")), ("concerns", _("Serious concerns")),
            ("gaps", _("Critical gaps")), ("overdue", _("Late actions")),
        ],
    )  # fmt: skip
    without_plan = forms.BooleanField(label=_("Only without an inspection in view"), required=False)

    def chosen(self) -> dict[str, Any]:
        """What was chosen."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
