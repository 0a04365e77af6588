"""Makes, finds, destroys and re-wraps the keys of records.

Order matters, because there are two databases. Making a record: the key is committed first (a key without a record is harmless
and swept later). Erasing one: hide the record, destroy its key, then delete rows.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.vault import sealing
from portal.vault.models import RecordKey
from portal.vault.sealing import Unreadable

WRAP = "key"


def root_keys() -> dict[int, bytes]:
    """The root keys by version, from the setting ``VAULT_ROOT_KEYS`` (``1:base64,2:base64``). Raises where none is usable."""
    found: dict[int, bytes] = {}
    for entry in settings.VAULT_ROOT_KEYS:
        version, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
            number = int(version)
        except (binascii.Error, ValueError) as wrong:
            raise ImproperlyConfigured("VAULT_ROOT_KEYS is a list of version:base64 of 32 bytes.") from wrong
        if len(key) != sealing.KEY:
            raise ImproperlyConfigured("A root key has 32 bytes.")
        found[number] = key
    if not found:
        raise ImproperlyConfigured("VAULT_ROOT_KEYS is not set: no record can be sealed or read.")
    return found


@dataclass(frozen=True)
class Key:
    """The opened key of one record. Keep it no longer than a request."""

    record: UUID
    secret: bytes

    def seal(self, value: Any, *, field: str, version: int) -> bytes:
        """A blob of anything JSON can hold, for this field in this version."""
        return sealing.seal_json(self.secret, value, record=self.record, field=field, version=version)

    def unseal(self, blob: bytes, *, field: str, version: int) -> Any:
        """What was sealed there. Raises ``Unreadable``."""
        return sealing.unseal_json(self.secret, blob, record=self.record, field=field, version=version)

    def __repr__(self) -> str:  # a key never reaches a log or an error page
        return f"Key({self.record})"


def _wrap(record: UUID, secret: bytes, roots: dict[int, bytes]) -> tuple[int, bytes]:
    newest = max(roots)
    return newest, sealing.seal(roots[newest], secret, record=record, field=WRAP, version=newest)


def make_key(record: UUID) -> Key:
    """The key of a new record, kept at once."""
    secret = sealing.new_key()
    version, wrapped = _wrap(record, secret, root_keys())
    RecordKey.objects.create(record=record, root_version=version, wrapped=wrapped)
    return Key(record, secret)


def open_key(record: UUID) -> Key:
    """The key of a record. Raises ``Unreadable`` where it has been destroyed or its root key is missing."""
    row = RecordKey.objects.filter(record=record).first()
    if row is None:
        raise Unreadable("this record has been erased")
    return _opened(row, root_keys())


def open_keys(records: list[UUID]) -> dict[UUID, Key]:
    """The keys of many records in one query; erased ones are not among them."""
    roots = root_keys()
    return {row.record: _opened(row, roots) for row in RecordKey.objects.filter(record__in=records)}


def _opened(row: RecordKey, roots: dict[int, bytes]) -> Key:
    if row.root_version not in roots:
        raise Unreadable(f"root key {row.root_version} is missing")
    secret = sealing.unseal(roots[row.root_version], bytes(row.wrapped), record=row.record, field=WRAP, version=row.root_version)
    return Key(row.record, secret)


def destroy_key(record: UUID) -> bool:
    """Erase the record for good, in every copy and backup. False where it had been erased already."""
    deleted, _ = RecordKey.objects.filter(record=record).delete()
    return bool(deleted)


def rewrap(limit: int = 500) -> int:
    """Move up to ``limit`` keys to the newest root key; how many moved. Each stands alone, so it may stop anywhere."""
    roots = root_keys()
    newest, moved = max(roots), 0
    for row in RecordKey.objects.exclude(root_version=newest).order_by("record")[:limit]:
        key = _opened(row, roots)
        version, wrapped = _wrap(row.record, key.secret, roots)
        # Only if nobody else moved or destroyed it meanwhile: a destroyed key must not come back.
        moved += RecordKey.objects.filter(record=row.record, root_version=row.root_version).update(root_version=version, wrapped=wrapped)
    return moved
