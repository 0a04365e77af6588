"""Several choices out of a closed vocabulary, ticked in a form, kept as a list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models


class ChoicesField(models.JSONField):
    """A list of codes. ``vocabulary``: pairs of code and label; it is not part of migrations, labels may change."""

    def __init__(self, *args: Any, vocabulary: Sequence[tuple[str, Any]] = (), **options: Any) -> None:
        self.vocabulary = vocabulary
        options.setdefault("default", list)
        super().__init__(*args, **options)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuses codes outside the vocabulary, by name."""
        super().validate(value, model_instance)
        if unknown := set(value or ()) - {code for code, _ in self.vocabulary}:
            raise ValidationError(f"Not known: {', '.join(sorted(map(str, unknown)))}.")

    def formfield(self, **options: Any) -> forms.Field:
        """Tick boxes."""
        return forms.MultipleChoiceField(
            choices=self.vocabulary,
            required=not self.blank,
            widget=forms.CheckboxSelectMultiple,
            label=options.get("label") or self.verbose_name.capitalize(),
            help_text=self.help_text,
        )

    def labels(self, codes: Sequence[str]) -> list[Any]:
        """The labels of ``codes``, in the order of the vocabulary."""
        return [label for code, label in self.vocabulary if code in codes]
