"""Shape of what colleagues give to and say to each other."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from standards.actions.planning import people_who_assess
from standards.assessments.models import Answer, Assessment
from standards.catalogue.models import Chapter

AREA = forms.Textarea(attrs={"rows": 3})


class _Colleague(forms.ModelChoiceField["User"]):
    """Current members who may assess: nobody who left, nobody who only reads (C32)."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and address: two may share a name."""
        return f"{obj} ({obj.email})" if obj.get_full_name() else obj.email


class GiveForm(forms.Form):
    """Chapters for a colleague."""

    chapters = forms.ModelMultipleChoiceField(Chapter.objects.none(), label=_("Chapters"), widget=forms.CheckboxSelectMultiple)
    to = _Colleague(User.objects.none(), label=_("To whom"))
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}), required=False)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chapters, to = self.fields["chapters"], self.fields["to"]
        assert isinstance(chapters, forms.ModelMultipleChoiceField)  # noqa: S101 - for types
        assert isinstance(to, _Colleague)  # noqa: S101 - for types
        chapters.queryset = chapters_of(assessment)
        to.queryset = people_who_assess([assessment.organisation_id])


class RemarkForm(forms.Form):
    """A remark: on an answer or a chapter if one is named, else on the whole."""

    about = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(label=_("Remark"), widget=AREA, max_length=5000, help_text=_("For colleagues. It is never shared outside."))

    def __init__(self, *args: Any, assessment: Assessment, answers: Iterable[Answer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chapters = {chapter.code: chapter for chapter in chapters_of(assessment)}
        self.answers = {answer.indicator.code: answer for answer in answers}
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for types
        field.choices = [
            ("", _("The whole assessment")),
            (_("A chapter"), [(code, chapter.title) for code, chapter in self.chapters.items()]),
            (_("An answer"), [(code, f"{code}: {answer.indicator.text[:90]}") for code, answer in self.answers.items()]),
        ]

    def target(self) -> dict[str, Any]:
        """What it is about, as ``Remark.write`` takes it."""
        code = self.cleaned_data["about"]
        return {"chapter": self.chapters.get(code), "answer": self.answers.get(code)}


def chapters_of(assessment: Assessment) -> Any:
    """Those in which something is asked of this service."""
    return Chapter.objects.filter(standards__indicators__answers__assessment=assessment).distinct().order_by("order")
