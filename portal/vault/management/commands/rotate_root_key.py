"""``manage.py rotate_root_key``: wraps every record's key with the newest root key. May be stopped and started at will."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.vault import keyring
from portal.vault.models import RecordKey


class Command(BaseCommand):
    """Add a root key with a higher number to ``VAULT_ROOT_KEYS``, restart, run this, and remove the old one when it says so."""

    help = "Wrap the keys of all records with the newest root key. Safe to interrupt and to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Batch by batch, until none is left."""
        total = 0
        while moved := keyring.rewrap():
            total += moved
            self.stdout.write(f"  {total} keys re-wrapped")
        newest = max(keyring.root_keys())
        left = RecordKey.objects.exclude(root_version=newest).count()
        if left:
            self.stdout.write(f"{left} keys are still on an older root key: run this again.")
        else:
            self.stdout.write(f"All keys are wrapped by root key {newest}. Older root keys can be removed.")
