"""Forms that put evidence under answers, and the filter of the coverage map."""

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.assessments.coverage import Cover, Gap
from standards.assessments.models import Answer, Assessment

GAPS = {
    Gap.NONE: _("No evidence"),
    Gap.STALE: _("Out of date"),
    Gap.SINGLE: _("One source only"),
    Gap.POLICY_ONLY: _("Policy only"),
    Gap.NO_VOICE: _("No survivor's voice"),
}
SHOWN = 200  # items offered at once; the search finds the rest


class SearchForm(forms.Form):
    """Narrows what is offered. ``q`` is looked for in titles and in what items show."""

    q = forms.CharField(label=_("Search the library"), required=False, max_length=100)

    def narrow(self, rows: Any) -> Any:
        """The rows that fit."""
        words = self.cleaned_data.get("q", "").strip() if self.is_valid() else ""
        return rows.search(words) if words else rows


class PickForm(forms.Form):
    """Which of ``offered`` to put under the answer: several at once."""

    evidence: Any = forms.ModelMultipleChoiceField(
        None, label=_("Evidence to put under this answer"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )  # fmt: skip

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].queryset = offered  # type: ignore[attr-defined]
        self.fields["evidence"].label_from_instance = lambda item: f"{item.title} · {item.get_kind_display()}"  # type: ignore[attr-defined]


class UnderForm(forms.Form):
    """Under which indicators of an assessment one item stands: everything ticked, nothing else."""

    answers = forms.MultipleChoiceField(label=_("Indicators"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: dict[str, Answer] = {}
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        answers = assessment.answers.exclude(value="not_applicable").select_related("indicator__standard__chapter")
        for answer in answers.order_by("indicator__standard__chapter__order", "indicator__standard__order", "indicator__order"):
            self.rows[str(answer.pk)] = answer
            groups[answer.indicator.standard.chapter.title].append((str(answer.pk), f"{answer.indicator.code}: {answer.indicator.text}"))
        self.fields["answers"].choices = list(groups.items())  # type: ignore[attr-defined]


class CoverageFilter(forms.Form):
    """Of the coverage map. What it does not understand narrows nothing."""

    gap = forms.ChoiceField(label=_("Show"), choices=[("", _("All standards")), ("any", _("With any gap")), *GAPS.items()], required=False)

    def narrow(self, rows: list[tuple[Any, Cover]]) -> list[tuple[Any, Cover]]:
        """The rows that were asked for."""
        gap = self.cleaned_data.get("gap", "") if self.is_valid() else ""
        return [(standard, row) for standard, row in rows if not gap or gap in row.gaps or (gap == "any" and not row.is_sound)]
