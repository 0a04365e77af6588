"""What should change, what the provider answers, and what became of it."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standards.inspections.models import Finding
from standards.reports.models.reports import Report


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    """Items, by reader."""

    def of_visible(self, user: Any) -> "ActionItemQuerySet":
        """Of reports this person may see."""
        return self.filter(report__in=Report.objects.visible_to(user))


class ActionItem(models.Model):
    """A recommendation, or a requirement where the regime allows one, to a named addressee."""

    class Kind(models.TextChoices):
        REQUIREMENT = "requirement", _("Requirement")
        RECOMMENDATION = "recommendation", _("Recommendation")

    class Addressee(models.TextChoices):
        PROVIDER = "provider", _("The provider")
        PRIME = "prime", _("The prime contractor")
        COMMISSIONER = "commissioner", _("The commissioner")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        AGREED = "agreed", _("Agreed")
        CLOSED = "closed", _("Closed")
        CARRIED = "carried", _("Carried forward")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    clause = models.CharField(_("legal or contract clause"), max_length=200, blank=True)  # a requirement cites one
    addressee = models.CharField(_("to"), max_length=20, choices=Addressee.choices)
    text = models.TextField(_("what should change"))
    findings = models.ManyToManyField(Finding, related_name="items")
    due_on = models.DateField(_("by"), null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = ActionItemQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        verbose_name = _("item")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="reports_item_number"),
            models.CheckConstraint(condition=~models.Q(kind="requirement", clause=""), name="reports_requirement_cites"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def times_stated(self) -> int:
        """1, or "stated for the second time" and so on."""
        count, item = 1, self
        while item.repeats is not None:
            count, item = count + 1, item.repeats
        return count


class ItemResponse(models.Model):
    """What the provider answers to an item."""

    class Answer(models.TextChoices):
        ACCEPT = "accept", _("Accept")
        PARTLY = "partly", _("Accept in part")
        NOT_ACCEPT = "not_accept", _("Do not accept")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.OneToOneField(ActionItem, models.PROTECT, related_name="response")
    answer = models.CharField(_("answer"), max_length=20, choices=Answer.choices)
    reason = models.TextField(_("reason"), blank=True)  # needed where it is not accepted
    what = models.TextField(_("what will be done"), blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    action_id = models.UUIDField(null=True, blank=True)  # in the provider's action plan
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("response")

    def __str__(self) -> str:
        return self.get_answer_display()


class FollowUp(models.Model):
    """Somebody looked at what became of an item."""

    class Result(models.TextChoices):
        CLOSED = "closed", _("Closed")
        PROGRESS = "progress", _("Progress")
        NO_PROGRESS = "no_progress", _("No progress")
        SUPERSEDED = "superseded", _("Superseded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(ActionItem, models.PROTECT, related_name="follow_ups")
    on = models.DateField(_("when"))
    method = models.CharField(_("how"), max_length=100)
    result = models.CharField(_("result"), max_length=20, choices=Result.choices)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("on", "at")
        verbose_name = _("follow-up")

    def __str__(self) -> str:
        return self.get_result_display()
