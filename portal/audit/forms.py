"""The one choice about notices."""

from typing import Any, ClassVar

from django import forms

from portal.audit.models import NoticeChoice


class ChoiceForm(forms.ModelForm[NoticeChoice]):
    """How a person wants to hear of their notices by e-mail."""

    class Meta:
        model = NoticeChoice
        fields = ("mail",)
        widgets: ClassVar = {"mail": forms.RadioSelect}

    @classmethod
    def of(cls, user: Any, data: Any = None) -> "ChoiceForm":
        """The form of this person, with what they chose so far."""
        return cls(data, instance=NoticeChoice(user=user, mail=NoticeChoice.of(user)))
