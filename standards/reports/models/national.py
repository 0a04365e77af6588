"""The yearly national summary: made once, frozen, released by a second person, never the figures of anybody."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.steps import Stepped, step
from standards.reports import national, permissions


class NationalSummaryQuerySet(models.QuerySet["NationalSummary"]):
    """Summaries, by reader."""

    def visible_to(self, user: Any) -> "NationalSummaryQuerySet":
        """All of them, for whoever publishes reports; everybody else reads the public page."""
        return self.all() if permissions.publishes(user) else self.none()

    def waiting_for(self, user: Any) -> "NationalSummaryQuerySet":
        """Made by somebody else, and not released yet."""
        return self.visible_to(user).filter(status=NationalSummary.Status.PREPARED).exclude(made_by=user)

    def public(self) -> "NationalSummaryQuerySet":
        """What everybody may read now, the newest year first."""
        return self.filter(status=NationalSummary.Status.RELEASED).order_by("-year")

    def once_public(self, year: int) -> "NationalSummary | None":
        """The one of this year, if it stands or stood on a public page: its address answers, if only that it is gone."""
        return self.filter(year=year, released_at__isnull=False).first()


class NationalSummary(Stepped):
    """One year. ``content`` is what is published; ``basis`` says which inspections went in, and is never shown.

    The database itself refuses to change year, content, basis or hash, or to delete one (migration 0004). A year that was released is
    never made again, also if it was taken down: two releases of one year could be subtracted from each other (STAT-06).
    """

    class Status(models.TextChoices):
        PREPARED = "prepared", _("Made, not released")
        RELEASED = "released", _("Public")
        DISCARDED = "discarded", _("Discarded")
        WITHDRAWN = "withdrawn", _("Taken down")

    TONES: ClassVar[dict[str, str]] = {"prepared": "steady", "released": "good", "discarded": "plain", "withdrawn": "danger"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    status = models.CharField(max_length=40, choices=Status.choices, default=Status.PREPARED)
    content = models.JSONField()
    basis = models.JSONField(default=list, blank=True)  # a year in which nothing was issued
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was discarded or taken down

    objects: ClassVar[Any] = NationalSummaryQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-made_at")
        verbose_name = _("national summary")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year"], condition=~models.Q(status="discarded"), name="reports_national_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(released_by__isnull=True) | ~models.Q(released_by=models.F("made_by")), name="reports_national_second"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="released") | models.Q(released_by__isnull=False), name="reports_national_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}"

    @step("prepared", to="released", may=permissions.can_release, label=_("Release it to the public"), is_grave=True)
    def release(self, *, by: Any) -> dict[str, Any]:
        """A second person has read every figure. What goes out is, to the letter, what was frozen."""
        national.refuse_unless_intact(self)
        self.released_by, self.released_at = by, timezone.now()
        return {"sha256": self.sha256, "year": self.year}

    @step("prepared", to="discarded", may=permissions.publishes, label=_("Discard it"))
    def discard(self, reason: str, *, by: Any) -> None:
        """It was never public. The year can be made again."""
        national.reason_given(reason)
        self.reason = reason.strip()

    @step("released", to="withdrawn", may=permissions.publishes, label=_("Take it down"), is_grave=True)
    def withdraw(self, reason: str, *, by: Any) -> None:
        """Its address answers 410 from now on, and the year is never made again."""
        national.reason_given(reason)
        self.reason = reason.strip()
