"""Forms for those who write a report: a statement, its summary words, an item."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from standards.catalogue.models import Standard
from standards.inspections.models import Finding
from standards.reports.editing import Words
from standards.reports.following import earlier_items
from standards.reports.models import ActionItem, Report, Statement

AREA = forms.Textarea(attrs={"rows": 6})
DAY = {"type": "date"}


def _findings(report: Report) -> Any:
    return Finding.objects.filter(inspection=report.inspection_id).exclude(status=Finding.Status.WITHDRAWN).order_by("code")


def _named(obj: Any) -> str:
    return f"{obj.code} · {obj.get_kind_display()} · {obj.text[:90]}"


class FindingsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """Findings of one inspection, by name."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"label": _("Findings it stands on"), "required": False, "widget": forms.CheckboxSelectMultiple} | kwargs
        super().__init__(Finding.objects.none(), **given)

    def label_from_instance(self, obj: Any) -> str:
        """Code, kind and the beginning of the text."""
        return _named(obj)


class StatementForm(forms.Form):
    """A statement. ``version``: the one its writer had seen."""

    text = forms.CharField(
        label=_("Words"), widget=AREA, help_text=_("No names, no places, no exact ages. Call people “Person 1” or “Staff 2”.")
    )
    asserts_fact = forms.BooleanField(
        label=_("It asserts a fact"), required=False, help_text=_("The provider checks every fact. A judgement is no fact.")
    )
    is_good_practice = forms.BooleanField(label=_("It tells of good practice"), required=False)
    findings = FindingsField()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = _findings(report)  # type: ignore[attr-defined]

    def words(self) -> Words:
        """What was written."""
        sent = self.cleaned_data
        findings = tuple(finding.pk for finding in sent["findings"])
        return Words(sent["text"], sent["asserts_fact"], sent["is_good_practice"], findings)


class NewStatementForm(StatementForm):
    """A new one, and where it stands."""

    section = forms.ChoiceField(label=_("Section"), choices=Statement.Section.choices)
    standard = forms.ModelChoiceField(
        Standard.objects.none(), label=_("Standard"), required=False, help_text=_("For the section “Standard”.")
    )
    key_question = forms.ChoiceField(label=_("Key question"), required=False, help_text=_("For the section “Key question”."))
    field_order = ("section", "standard", "key_question", "text")

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, report=report, **kwargs)
        scoped = Standard.objects.filter(pk__in=report.inspection.scopes.values("standard")).order_by("chapter__order", "order")
        self.fields["standard"].queryset = scoped  # type: ignore[attr-defined]
        questions = [(row["code"], row["title"]) for row in report.inspection.regime.edition.key_questions]
        self.fields["key_question"].choices = [("", "–"), *questions]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A section of standards or questions says which."""
        sent: dict[str, Any] = super().clean() or {}
        if sent.get("section") == Statement.Section.STANDARD and not sent.get("standard"):
            self.add_error("standard", _("Choose the standard it belongs to."))
        if sent.get("section") == Statement.Section.KEY_QUESTION and not sent.get("key_question"):
            self.add_error("key_question", _("Choose the key question it belongs to."))
        return sent


class SummaryForm(forms.Form):
    """The words for wider audiences. Empty: it is not in that summary at all."""

    for_shared = forms.CharField(label=_("Words for named organisations"), widget=AREA, required=False)
    for_public = forms.CharField(
        label=_("Words for everybody"), widget=AREA, required=False,
        help_text=_("Nothing that leads to a door or tells who somebody is. Left empty, it is left out."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ItemForm(forms.Form):
    """A recommendation, or a requirement where the regime allows one."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ActionItem.Kind.choices)
    text = forms.CharField(label=_("What should change"), widget=AREA)
    addressee = forms.ChoiceField(label=_("To"), choices=ActionItem.Addressee.choices)
    clause = forms.CharField(
        label=_("Legal or contract clause"), max_length=200, required=False, help_text=_("A requirement names the clause it rests on.")
    )
    findings = FindingsField()
    due_on = forms.DateField(label=_("By"), required=False, widget=forms.DateInput(attrs=DAY))
    repeats = forms.ModelChoiceField(
        ActionItem.objects.none(),
        label=_("Stated before"),
        required=False,
        help_text=_("An item of an earlier report that was not closed."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = _findings(report)  # type: ignore[attr-defined]
        field = self.fields["repeats"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for types
        field.queryset = earlier_items(report).select_related("report__inspection")
        field.label_from_instance = _earlier  # type: ignore[method-assign]
        if not report.inspection.regime.allows_requirements:
            self.fields["kind"].choices = [choice for choice in ActionItem.Kind.choices if choice[0] != "requirement"]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A requirement cites."""
        sent: dict[str, Any] = super().clean() or {}
        if sent.get("kind") == ActionItem.Kind.REQUIREMENT and not (sent.get("clause") or "").strip():
            self.add_error("clause", _("Name the clause this requirement rests on."))
        return sent


def _earlier(obj: Any) -> str:
    return f"{obj.report.inspection.number}, {obj.number}: {obj.text[:90]}"
