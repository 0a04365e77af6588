"""Shape of what the workspace's own pages are asked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.workspace.needs import Need

WHEN = (("", _("Any time")), ("overdue", _("Overdue")), ("soon", _("Due within a week")))


class TaskFilter(forms.Form):
    """By kind and date. What it does not understand narrows nothing."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)  # the kinds there are come with the needs
    when = forms.ChoiceField(label=_("When"), choices=WHEN, required=False)

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("All kinds")), *((name, name) for name in kinds)]
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=choices, required=False)

    def narrow(self, needs: Sequence[Need], day: date) -> list[Need]:
        """Those of ``needs`` that were asked for."""
        wanted = self.cleaned_data if self.is_bound and self.is_valid() else {}
        kind, when = wanted.get("kind"), wanted.get("when")
        return [
            need
            for need in needs
            if (not kind or need.kind == kind)
            and (when != "overdue" or need.is_overdue(day))
            and (when != "soon" or need.is_overdue(day) or need.is_soon(day))
        ]
