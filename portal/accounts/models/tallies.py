"""How often something was tried: in the database, so that a flushed cache or a restart forgives nobody."""

from typing import ClassVar

from django.db import models


class Tally(models.Model):
    """Tries under one key. ``portal.accounts.limits`` writes it, by one statement; ``key`` is a hash, so it names nobody."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField()
    last_at = models.FloatField()  # seconds since 1970: the same arithmetic in both databases

    class Meta:
        verbose_name = "tally"
        indexes: ClassVar = [models.Index(fields=["last_at"], name="accounts_tally_last")]

    def __str__(self) -> str:
        return f"{self.key} {self.count}"
