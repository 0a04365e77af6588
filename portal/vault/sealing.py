"""Sealing one field of one record: AES-256-GCM, bound to its place, padded so that its length says little. Pure.

A sealed blob is ``version (1 byte) | nonce (12) | ciphertext and tag``. The associated data names the record, the field and
the row's version, so a blob moved to another place, or an old one put back, does not open.
"""

import json
import os
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
NONCE = 12  # bytes
STEP = 512  # bytes: lengths are rounded up to this, so that a choice from a list cannot be told by its length
KEY = 32  # bytes


class Unreadable(Exception):  # noqa: N818 - a fact about the data, not a fault of the program
    """The blob is damaged, in the wrong place, of another version, or its key is gone."""


def new_key() -> bytes:
    """A fresh random key. Raises ``NotImplementedError`` or ``OSError`` where the system gives no randomness: nothing is sealed then."""
    return os.urandom(KEY)


def _place(record: UUID, field: str, version: int) -> bytes:
    return f"{record}|{field}|{version}".encode()


def seal(key: bytes, data: bytes, *, record: UUID, field: str, version: int) -> bytes:
    """Encrypt ``data`` for exactly this place."""
    nonce = os.urandom(NONCE)
    padded = len(data).to_bytes(8) + data
    padded += bytes(-len(padded) % STEP)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, padded, _place(record, field, version))


def unseal(key: bytes, blob: bytes, *, record: UUID, field: str, version: int) -> bytes:
    """What was sealed. Raises ``Unreadable``."""
    blob = bytes(blob)
    if blob[:1] != FORMAT:
        raise Unreadable("an unknown format")
    try:
        padded = AESGCM(key).decrypt(blob[1 : 1 + NONCE], blob[1 + NONCE :], _place(record, field, version))
    except (InvalidTag, ValueError) as wrong:
        raise Unreadable("damaged, moved, or sealed with another key") from wrong
    length = int.from_bytes(padded[:8])
    return padded[8 : 8 + length]


def seal_json(key: bytes, value: Any, *, record: UUID, field: str, version: int) -> bytes:
    """As ``seal``, for anything JSON can hold."""
    return seal(key, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), record=record, field=field, version=version)


def unseal_json(key: bytes, blob: bytes, *, record: UUID, field: str, version: int) -> Any:
    """As ``unseal``, for what ``seal_json`` sealed."""
    return json.loads(unseal(key, blob, record=record, field=field, version=version))
