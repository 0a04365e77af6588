"""Keeps the keyring in its database and everything else out of it."""

from typing import Any

KEYRING, APP = "keyring", "vault"


class Keyring:
    """A database router: the vault's tables live in ``keyring``, no other table does."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """``keyring`` for keys, no opinion on the rest."""
        return KEYRING if model._meta.app_label == APP else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        """No row elsewhere points to a key: it is found by the record's id."""
        return False if APP in {one._meta.app_label, other._meta.app_label} else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Tables are made where they live."""
        return (app_label == APP) == (db == KEYRING)
