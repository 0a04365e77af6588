"""Nothing is uploaded: no page shows a picture or offers a file, and a number in a picture is one that nobody checks (INJ-16)."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

NOTHING = "No page of the guide shows pictures or files, so nothing is uploaded here."


class ImageForm(BaseImageForm):
    """Refuses every picture, also an administrator's."""

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError``."""
        raise ValidationError(NOTHING)


class DocumentForm(BaseDocumentForm):
    """Refuses every file, also an administrator's."""

    def clean(self) -> dict[str, Any]:
        """Raises ``ValidationError``."""
        raise ValidationError(NOTHING)
