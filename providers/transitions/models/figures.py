"""The figures of a quarter, as they were frozen: nothing but what may be shown."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.calendar.quarters import Quarter, named
from providers.organisations.permissions import can


class QuarterFiguresQuerySet(models.QuerySet["QuarterFigures"]):
    """Quarters, by reader."""

    def visible_to(self, user: Any) -> "QuarterFiguresQuerySet":
        """All of them, the same for everybody who oversees services; none for anybody else."""
        return self.order_by("-quarter") if can(user, Can.READ_AGGREGATES) else self.none()


class QuarterFigures(models.Model):
    """One quarter. ``content`` is what is shown; how many there really were is kept nowhere.

    The database itself refuses to change or delete a row, or to write a second one of a quarter (migration 0004): two releases of one
    quarter could be subtracted from each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quarter = models.CharField(_("quarter"), max_length=7, unique=True)  # 2026-Q3
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = QuarterFiguresQuerySet.as_manager()

    class Meta:
        ordering = ("-quarter",)
        verbose_name = _("figures of a quarter")

    def __str__(self) -> str:
        return self.quarter

    @property
    def period(self) -> Quarter:
        """The quarter itself."""
        return named(self.quarter)
