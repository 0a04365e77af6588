"""Clocks, checklist, and what comes after: asking how it goes, and what was tried when nobody answers."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from providers.transitions.models.records import Transition


class Clock(models.Model):
    """A dated duty. ``letter_on``, the date in the person's own letter, wins over the computed one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="clocks")
    kind = models.SlugField(max_length=40)  # of the pathway, or a legal deadline's code
    started_on = models.DateField()
    computed_on = models.DateField()
    is_provisional = models.BooleanField(default=False)
    letter_on = models.DateField(_("date in the letter"), null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("computed_on",)
        verbose_name = _("clock")
        constraints: ClassVar = [models.UniqueConstraint(fields=["transition", "kind"], name="transitions_clock_once")]

    def __str__(self) -> str:
        return self.kind

    @property
    def due_on(self) -> date:
        """The day that counts."""
        return self.letter_on or self.computed_on

    @property
    def is_open(self) -> bool:
        """Neither met nor dropped."""
        return self.met_at is None and self.dropped_at is None

    def is_overdue(self, day: date) -> bool:
        """Not met, and its day has passed."""
        return self.is_open and self.due_on < day


class Check(models.Model):
    """One of the items of the checklist that applies here."""

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        NOT_NEEDED = "not_needed", _("Not needed")
        WAIVED = "waived", _("Waived, with a reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="checks")
    key = models.SlugField(max_length=40)
    order = models.PositiveSmallIntegerField()
    blocks = models.BooleanField()  # nobody leaves before it is done
    may_waive = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=40, blank=True)  # a code
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("order",)
        verbose_name = _("check")
        constraints: ClassVar = [models.UniqueConstraint(fields=["transition", "key"], name="transitions_check_once")]

    def __str__(self) -> str:
        return self.key


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    """Points, by what is to be done about them."""

    def to_ask(self, until: date) -> "FollowUpQuerySet":
        """Wanted, not asked yet, due by ``until``, of moves that have not ended."""
        running = self.exclude(transition__status__in=Transition.TERMINAL)
        return running.filter(is_wanted=True, done_at__isnull=True, due_on__lte=until)


class FollowUp(models.Model):
    """One point at which she is asked how it goes. ``blob``: her five answers, the open one, and the seven outcomes if she likes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="follow_ups")
    point = models.SlugField(max_length=20)  # 48h, 7d, 28d, 56d, 3m, 6m, 12m
    due_on = models.DateField()
    is_wanted = models.BooleanField(default=True)
    done_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    blob = models.BinaryField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ("due_on",)
        verbose_name = _("follow-up")
        constraints: ClassVar = [models.UniqueConstraint(fields=["transition", "point"], name="transitions_follow_up_once")]

    def __str__(self) -> str:
        return self.point


class Attempt(models.Model):
    """Somebody tried to reach her, by the agreed channel only."""

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        UNSAFE = "unsafe", _("Not safe to speak")
        WRONG = "wrong", _("The contact is not valid any more")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transition = models.ForeignKey(Transition, models.PROTECT, related_name="attempts")
    follow_up = models.ForeignKey(FollowUp, models.PROTECT, null=True, blank=True, related_name="attempts")
    channel = models.SlugField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    result = models.CharField(max_length=20, choices=Result.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("at",)
        verbose_name = _("attempt")

    def __str__(self) -> str:
        return self.get_result_display()
