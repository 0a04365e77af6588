"""Who vouches for which words in which language: sign-off of pages, state of short texts, status of languages.

A translation is shown only while a named person vouches for it. That is decided when a page is rendered, so that no import,
mistake in the editor or expired promise can put unchecked words before a reader.
"""

import datetime
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from wagtail.models import Locale, Page, Revision

FINAL = "a sign-off is never changed or deleted; sign again"


class LanguageStatus(models.Model):
    """A language of the registry (``portal.languages``) and how far it is."""

    class Status(models.TextChoices):
        """A language is public by decision, and stays so only while its safety pages are signed."""

        PREPARING = "preparing", "In preparation"
        PUBLIC = "public", "Public"

    locale = models.OneToOneField(Locale, on_delete=models.CASCADE, related_name="+")
    status = models.CharField("status", max_length=10, choices=Status, default=Status.PREPARING)
    reviewer = models.CharField("who is responsible for this language", max_length=120, blank=True)

    class Meta:
        verbose_name = "language"
        verbose_name_plural = "languages"

    def __str__(self) -> str:
        return f"{self.locale}: {self.get_status_display()}"


class SignOffQuerySet(models.QuerySet["SignOff"]):
    """Sign-offs, by whether they still count."""

    def vouching(self, at: datetime.date) -> "SignOffQuerySet":
        """For the page as it stands, and not past their day. English may have moved on since: see ``current``."""
        return self.filter(review_by__gte=at, page__live=True, page__live_revision=F("page_revision"))

    def current(self, at: datetime.date) -> "SignOffQuerySet":
        """Vouching, and English is still the version that was compared."""
        return self.vouching(at).filter(source__live_revision=F("source_revision"))

    def update(self, **values: object) -> int:
        """Refused."""
        raise TypeError(FINAL)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused; a page that is deleted takes its sign-offs along all the same."""
        raise TypeError(FINAL)


class SignOff(models.Model):
    """A named person compared this version of a translation with this version of the English text. Never changed, only added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="sign_offs")
    page_revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    source_revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    reviewer = models.CharField("name", max_length=120)
    role = models.CharField("role", max_length=120, help_text="Such as: interpreter, caseworker, native speaker.")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField("signed on")
    review_by = models.DateField("look again by")

    objects = models.Manager.from_queryset(SignOffQuerySet)()

    class Meta:
        ordering: ClassVar = ["-signed_on"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(review_by__gt=F("signed_on")),
                name="cms_signoff_ends_after_it_begins",
                violation_error_message="Choose a day after today by which the text is looked at again.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page} signed by {self.reviewer}, {self.role}, until {self.review_by}"

    def save(self, *args: Any, **options: Any) -> None:
        """Only a new one."""
        if not self._state.adding:
            raise TypeError(FINAL)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise TypeError(FINAL)

    def clean(self) -> None:
        """Nobody signs what they wrote, and only what is live is signed."""
        if self.page_revision_id != self.page.live_revision_id or self.source_revision_id != self.source.live_revision_id:
            raise ValidationError("The page or its English text has changed while you read. Read it again.")
        if self.page_revision.user_id and self.page_revision.user_id == self.signed_by_id:
            raise ValidationError("You published this version yourself. A second person signs it.")


class TextState(models.Model):
    """Which English words a short translated text (a fact's name, a glossary entry, a question) was made from, and who vouches for it.

    ``source_hash``: SHA-256 of the English words then. When they differ now, the translation is behind and not shown.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=40)
    thing = GenericForeignKey("content_type", "object_id")
    language = models.CharField(max_length=10)
    source_hash = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["content_type", "object_id", "language"], name="cms_textstate_once")]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id} in {self.language}"
