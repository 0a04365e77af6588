"""What a person has chosen about the workspace itself."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

LANGUAGES: tuple[tuple[str, str], ...] = (("en", "English"), ("cy", "Cymraeg"))  # of the workspace; the public pages have more


class Preference(models.Model):
    """The language in which somebody works. Kept with the person, so that it is there on the next device too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference")
    language = models.CharField(max_length=5, choices=LANGUAGES, default="en")

    class Meta:
        verbose_name = "preference"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(language__in=[code for code, _name in LANGUAGES]), name="workspace_preference_language"
            )
        ]

    def __str__(self) -> str:
        return self.language
