"""The data: JSON, for programs."""

import json

from standards.assessments.exports.content import Document


def data(document: Document) -> bytes:
    """UTF-8, two blanks deep. The words are the reader's; codes of answers and confidence stand beside them."""
    return json.dumps({"format": 1, **document.as_data()}, ensure_ascii=False, indent=2).encode()
