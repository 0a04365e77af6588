"""The words of the finder: questions, answers, rights, warnings. Editors change words here; logic stands in reviewed data files."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from portal.languages import FIRST_RELEASE
from survivors.facts.models import Fact
from survivors.facts.wording import problems


class Kind(models.TextChoices):
    """What a text is for."""

    QUESTION = "question", "Question"
    ANSWER = "answer", "Answer"
    RIGHT = "right", "Right or support"
    WARNING = "warning", "Warning"


class FinderText(models.Model):
    """One text. ``key``: a fact, ``fact=value``, an entitlement or a warning of ``data/rules.yaml``.

    ``detail``: why we ask, or one sentence about a right.
    """

    WORDS: ClassVar[tuple[str, ...]] = ("text", "detail")

    kind = models.CharField("kind", max_length=10, choices=Kind, editable=False)
    key = models.CharField("key", max_length=60, editable=False)
    text = models.CharField("text", max_length=200)
    detail = models.CharField("second sentence", max_length=300, blank=True)

    objects: ClassVar[models.Manager["FinderText"]] = models.Manager()

    class Meta:
        ordering: ClassVar = ["kind", "key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="entitlements_findertext_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text or self.key}"

    def clean(self) -> None:
        """The same rules as for pages: numbers stand in the register."""
        values = Fact.objects.values_for_texts()
        found = {}
        for name in ("text", "detail"):
            for field in (f"{name}_{language.code}" for language in FIRST_RELEASE):
                if wrong := problems(getattr(self, field) or "", values):
                    found[field] = wrong
        if found:
            raise ValidationError(found)

    def words(self, language: str) -> tuple[str, str, str]:
        """Text, second sentence and the language they are in."""
        return getattr(self, f"text_{language}") or "", getattr(self, f"detail_{language}") or "", language
