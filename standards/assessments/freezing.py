"""Freezes an assessment when it is sent: a complete copy, its hash and a receipt."""

import json
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from standards.assessments.models import Assessment

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is misread


def canonical(content: Any) -> bytes:
    """The one way to write ``content`` as bytes: JSON, sorted, UTF-8. What is hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def freeze(assessment: "Assessment", *, by: Any) -> dict[str, Any]:
    """Write the snapshot of this revision. Raises ``ValidationError`` that names every answer in the way."""
    raise ValidationError(_("Not built yet."))
