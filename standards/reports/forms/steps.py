"""What is asked before a step of a report, and what its page says will happen."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import Can, Kind
from providers.organisations.models import Organisation
from standards.actions.planning import people_who
from standards.reports.issuing import AUDIENCES
from standards.reports.models import Report

AREA = forms.Textarea(attrs={"rows": 4})


class StepForm(forms.Form):
    """Asks nothing."""

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report

    def arguments(self) -> tuple[Any, ...]:
        """What the step is called with."""
        return ()


class CommentForm(StepForm):
    """What has to change."""

    comment = forms.CharField(label=_("What has to change"), widget=AREA, max_length=5000)

    def arguments(self) -> tuple[Any, ...]:
        """The comment."""
        return (self.cleaned_data["comment"],)


class ReasonForm(StepForm):
    """Why."""

    reason = forms.CharField(label=_("Why"), widget=AREA, max_length=300, help_text=_("Kept with the report."))

    def arguments(self) -> tuple[Any, ...]:
        """The reason."""
        return (self.cleaned_data["reason"],)


class RecipientsForm(StepForm):
    """Who gets the draft: people who can answer for the provider."""

    recipients = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who gets it"), widget=forms.CheckboxSelectMultiple,
        help_text=_("The clock starts when it is proven that every one of them has it."),
        error_messages={"required": _("Choose who gets the draft.")},
    )  # fmt: skip

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, report=report, **kwargs)
        self.fields["recipients"].queryset = people_who([report.inspection.provider_id], Can.APPROVE)  # type: ignore[attr-defined]

    def arguments(self) -> tuple[Any, ...]:
        """The people."""
        return (list(self.cleaned_data["recipients"]),)


class ExtendForm(ReasonForm):
    """More time."""

    until = forms.DateField(label=_("New last day"), widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("until", "reason")

    def arguments(self) -> tuple[Any, ...]:
        """The day and the reason."""
        return self.cleaned_data["until"], self.cleaned_data["reason"]


class AudienceForm(ReasonForm):
    """To whom it goes, by name."""

    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Who gets it beside the provider"), widget=forms.CheckboxSelectMultiple,
        help_text=_("Commissioners get the full report. Everybody else gets the approved summary for named organisations."),
        error_messages={"required": _("Choose who gets it. To give it to nobody else, withhold it.")},
    )  # fmt: skip
    field_order = ("organisations", "reason")

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, report=report, **kwargs)
        field = self.fields["organisations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - for types
        field.queryset = Organisation.objects.filter(kind__in=AUDIENCES, status=Organisation.Status.ACTIVE).exclude(
            pk=report.inspection.provider_id
        )
        field.label_from_instance = _name_and_kind  # type: ignore[method-assign]

    def arguments(self) -> tuple[Any, ...]:
        """The organisations and the reason."""
        return list(self.cleaned_data["organisations"]), self.cleaned_data["reason"]


def _name_and_kind(obj: Any) -> str:
    return f"{obj.name} ({Kind(obj.kind).label})"


FORMS: dict[str, Callable[..., StepForm]] = {
    "send_to_review": StepForm, "return_to_team": CommentForm, "approve_draft": StepForm, "issue_draft": RecipientsForm,
    "extend": ExtendForm,
    "send_answers": StepForm, "begin_decisions": StepForm, "sign_decisions": StepForm, "agree_final": StepForm, "begin_check": StepForm,
    "issue_restricted": AudienceForm, "publish": ReasonForm, "withhold": ReasonForm, "issue_more": AudienceForm,
    "ask_for_answers": StepForm,
    "agree_answers": StepForm, "begin_follow_up": StepForm, "close": StepForm, "pause": ReasonForm, "resume": StepForm,
    "give_up": ReasonForm,
    "withdraw": ReasonForm,
}  # fmt: skip
WILL_HAPPEN: dict[str, Any] = {
    "send_to_review": _("A quality reviewer who was not on the visit reads it. The text cannot change meanwhile."),
    "return_to_team": _("The team reads your comment and can change the text again."),
    "approve_draft": _("You approve exactly these words. The lead can then send them to the provider."),
    "issue_draft": _("The text is frozen. The people you choose read it and check its facts. This cannot be undone."),
    "extend": _("Both sides see the new last day and your reason."),
    "send_answers": _("Your answers go to the inspectorate as they stand now. After that you cannot change them."),
    "begin_decisions": _("You take up the provider's answers. Each point needs a decision with a reason."),
    "sign_decisions": _("You sign the text and all decisions as they stand. If anything changes, you have to sign again."),
    "agree_final": _("The final text is frozen, with its changes and the table of decisions. The provider reads it at once."),
    "begin_check": _("You decide who gets the report, after the checks that protect people."),
    "issue_restricted": _("These organisations can read it from now on, and nobody else."),
    "publish": _("Everybody can read the approved summary from now on. Copies that others make cannot be taken back."),
    "withhold": _("Only the provider and the inspectorate have the report."),
    "issue_more": _("These organisations can read it from now on, too."),
    "ask_for_answers": _("The provider is asked for one answer to each item."),
    "agree_answers": _("All answers are agreed. They go on into the provider's action plan."),
    "begin_follow_up": _("From now on it is looked at what became of each item."),
    "close": _("The report and its inspection are closed. Nothing of it is lost."),
    "pause": _("Everything stands still, clocks too. For safeguarding or the police."),
    "resume": _("It goes on where it stood, with as many working days left as then."),
    "give_up": _("This report will not be finished. It stays on record."),
    "withdraw": _("Nobody reads it any longer. Its public page says that it is gone. This cannot be undone."),
}
