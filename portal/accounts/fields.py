"""A column that is encrypted on its way to the database, with keys of its own."""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.lookups import IsNull


def box() -> MultiFernet:
    """Seals with the first of ``settings.FIELD_KEYS``, opens with any. Raises ``ImproperlyConfigured`` without a key."""
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("FIELD_KEYS is empty: secrets of second factors can be neither kept nor read. See docs/operators.md.")
    return _box(tuple(settings.FIELD_KEYS))


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that only this program can read: a dump of the database holds none of it. It cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        """Sealed anew each time, so that saving a row moves it to the newest key."""
        text = super().get_prep_value(value)
        return None if text is None else box().encrypt(str(text).encode()).decode()

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Opened. Raises ``InvalidToken`` when none of the keys fits, or the value was changed."""
        return None if value is None else box().decrypt(value.encode()).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        """Nothing but ``isnull``: the same text is sealed differently each time."""
        return IsNull if lookup_name == "isnull" else None
