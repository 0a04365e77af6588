"""Shape of judgements, narratives, second views and remarks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.inspections.forms.watched import Versioned, Watched, area
from standards.inspections.models import Finding, Inspection, Judgement, Narrative


class JudgementForm(Versioned):
    """How far a standard is met, and why."""

    WORDS = ("reason", "difference")
    value = forms.ChoiceField(label=_("Judgement"), choices=Judgement.Value.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), widget=area(5), help_text=_("From the findings. No names, no places."))
    difference = forms.CharField(
        label=_("Why it differs from the provider’s own view"), widget=area(3), required=False,
        help_text=_("Needed when the two are two steps or more apart."),
    )  # fmt: skip

    def __init__(self, *args: Any, judgement: Judgement | None, **kwargs: Any) -> None:
        first: dict[str, Any] = {"base": 0}
        if judgement is not None:
            first = {name: getattr(judgement, name) for name in ("value", "reason", "difference")} | {"base": judgement.version}
        super().__init__(*args, **{**kwargs, "initial": first})


class NarrativeForm(Versioned):
    """What is said under a key question. A rating is asked for only where the regime rates."""

    WORDS = ("text", "rating_reason")
    text = forms.CharField(label=_("What people should know"), widget=area(8))

    def __init__(self, *args: Any, inspection: Inspection, narrative: Narrative | None, **kwargs: Any) -> None:
        first: dict[str, Any] = {"base": 0}
        if narrative is not None:
            first = {name: getattr(narrative, name) for name in ("text", "rating", "rating_reason")} | {"base": narrative.version}
        super().__init__(*args, **{**kwargs, "initial": first})
        if inspection.regime.uses_ratings:
            choices = [("", "–"), *inspection.regime.ratings().items()]
            self.fields["rating"] = forms.ChoiceField(label=_("Rating"), choices=choices, required=False)
            self.fields["rating_reason"] = forms.CharField(label=_("Why this rating"), widget=area(3), required=False)


class BlindForm(Watched):
    """A second view of a finding."""

    WORDS = ("reason",)
    kind = forms.ChoiceField(label=_("What would you call it?"), choices=Finding.Kind.choices, widget=forms.RadioSelect)
    severity = forms.ChoiceField(label=_("How severe would you call it?"), choices=[("", "–"), *Finding.Severity.choices], required=False)
    reason = forms.CharField(label=_("Why"), widget=area(3))


class RemarkForm(Watched):
    """What the reviewer says."""

    WORDS = ("text",)
    about = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(label=_("Remark"), widget=area(3), max_length=5000)

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        findings = [(f"f:{row.pk}", row.code) for row in inspection.findings.standing()]
        judgements = [(f"j:{row.pk}", str(row.standard)) for row in inspection.judgements.select_related("standard")]
        self.fields["about"].choices = [("", _("The whole")), *findings, *judgements]  # type: ignore[attr-defined]

    def subject(self) -> tuple[str, str]:
        """Kind and id of what it is about; empty for the whole."""
        kind, _colon, pk = self.cleaned_data["about"].partition(":")
        return kind, pk
