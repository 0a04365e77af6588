"""The keyring: one wrapped key a record, in a database of its own with backups of its own, shorter-lived ones."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone


class RecordKey(models.Model):
    """A record's key, wrapped by a root key. Deleting this row is what erasing the record means."""

    record = models.UUIDField(primary_key=True, editable=False)
    root_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = "record key"
        indexes: ClassVar = [models.Index(fields=["root_version"], name="vault_key_root")]

    def __str__(self) -> str:
        return str(self.record)
