"""The hash of what is frozen: one way to write plain data as bytes, for everything that is kept to the letter. Pure."""

import hashlib
import hmac
import json
from typing import Any


def canonical(content: Any) -> bytes:
    """The one way to write ``content`` as bytes: JSON, sorted, UTF-8. What is hashed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: Any) -> str:
    """SHA-256 of ``content`` in its canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def is_intact(row: Any) -> bool:
    """Whether ``row.content`` is, to the letter, what was frozen: its hash is worked out afresh and is ``row.sha256``."""
    return hmac.compare_digest(digest(row.content), row.sha256)
