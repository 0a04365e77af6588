"""What is sent for one answer. What is missing for sending the whole is no error here: everything typed is stored, then asked about."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from standards.assessments import saving
from standards.assessments.models.answers import Confidence, Value
from standards.assessments.saving import Outcome, Text

LONGEST = 20_000  # characters of a comment


class Comment(forms.CharField):
    """Words exactly as typed, but for the line ends, which browsers rewrite when they send a form."""

    def to_python(self, value: Any) -> str:
        """As the page that typed it holds it."""
        return str(super().to_python(value) or "").replace("\r\n", "\n")


class AnswerForm(forms.Form):
    """One save. ``base``: the version its writer had seen; ``key`` names the save; ``writer``: whose page it was typed on."""

    value = forms.ChoiceField(choices=[("", ""), *Value.choices], required=False)
    comment = Comment(
        required=False, strip=False, max_length=LONGEST,
        error_messages={
            "max_length": _("Not saved: %(show_value)d characters, and an answer holds %(limit_value)d. Nothing was cut. Shorten it."),
            "null_characters_not_allowed": _("Not saved: there is a character in it that cannot be stored. Type the last words again."),
        },
    )  # fmt: skip
    confidence = forms.ChoiceField(choices=Confidence.choices, required=False)
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    key = forms.UUIDField()
    writer = forms.CharField(required=False, max_length=64)

    def save(self, answer: uuid.UUID, *, by: Any) -> Outcome:
        """Save it. Raises as ``saving.save``; ``PermissionDenied`` also for what somebody else typed before they were signed out."""
        sent = self.cleaned_data
        if sent["writer"] and not constant_time_compare(sent["writer"], writer_mark(by)):
            raise PermissionDenied
        return saving.save(answer, self.text(), base=sent["base"], key=sent["key"], by=by)

    def text(self) -> Text:
        """What was sent."""
        sent = self.cleaned_data
        return Text(sent["value"], sent["comment"], sent["confidence"] or Confidence.NONE)

    def typed(self) -> Text:
        """What was sent as far as it can be shown again, valid or not."""
        return Text(self.data.get("value", ""), self.data.get("comment", ""), self.data.get("confidence", ""))


def writer_mark(user: Any) -> str:
    """Stands for ``user`` on a page, and says nothing about them: words typed by one are never saved as another's."""
    return salted_hmac("assessments.writer", str(user.pk)).hexdigest()[:20]
