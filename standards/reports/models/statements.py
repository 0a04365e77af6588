"""The statements a report is made of: what each stands on, and how it read before."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standards.catalogue.models import Standard
from standards.inspections.models import Finding
from standards.reports.models.reports import Report


class StatementQuerySet(models.QuerySet["Statement"]):
    """Statements, by what is asked about them."""

    def of_visible(self, user: Any) -> "StatementQuerySet":
        """Of reports this person may see."""
        return self.filter(report__in=Report.objects.visible_to(user))

    def standing(self) -> "StatementQuerySet":
        """Not taken out."""
        return self.filter(is_removed=False)

    def good_practice(self) -> "StatementQuerySet":
        """Those that tell of good practice under a standard, with what became of their cards."""
        told = self.standing().filter(is_good_practice=True, standard__isnull=False)
        return told.select_related("standard", "card").prefetch_related("links__finding").order_by("order")

    def in_full(self) -> "StatementQuerySet":
        """With their standards and findings, in three queries."""
        return self.select_related("standard", "by").prefetch_related("links__finding")


class Statement(models.Model):
    """One sentence or paragraph. One that asserts a fact keeps its link to findings; its ``id`` is what the provider answers to."""

    class Section(models.TextChoices):
        SUMMARY = "summary", _("Summary")
        ABOUT = "about", _("About the inspection")
        KEY_QUESTION = "key_question", _("Key question")
        STANDARD = "standard", _("Standard")
        ITEMS = "items", _("What should change")
        VOICE = "voice", _("What survivors said")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField()  # as people cite it: 1, 2, 3 …; never used again in this report
    order = models.PositiveSmallIntegerField()
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    key_question = models.SlugField(max_length=20, blank=True)
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("words"))
    asserts_fact = models.BooleanField(_("it asserts a fact"), default=True)
    is_good_practice = models.BooleanField(_("good practice"), default=False)
    for_shared = models.TextField(_("words for named organisations"), blank=True)  # empty: left out of the shared summary
    for_public = models.TextField(_("words for everybody"), blank=True)  # the words of the public rendition; empty: left out there
    is_removed = models.BooleanField(default=False)
    new_since = models.PositiveSmallIntegerField(default=0)  # the round of checking in which it was new
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = StatementQuerySet.as_manager()

    class Meta:
        ordering = ("order",)
        verbose_name = _("statement")
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "number"], name="reports_statement_number")]

    def __str__(self) -> str:
        return f"{self.number}"

    def clean(self) -> None:
        """A statement of fact stands on something."""
        if not self.text.strip():
            raise ValidationError({"text": _("A statement has words.")})

    @property
    def findings(self) -> list[Finding]:
        """What it stands on, by name."""
        return sorted((link.finding for link in self.links.all()), key=lambda finding: finding.code)


class StatementVersion(models.Model):
    """How a statement read after a change. Without a number it met somebody else's newer words, and was kept beside them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(null=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("version of a statement")

    def __str__(self) -> str:
        return f"{self.version or '–'}"


class Link(models.Model):
    """This statement stands on that finding."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="links")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="links")

    class Meta:
        verbose_name = _("link to a finding")
        constraints: ClassVar = [models.UniqueConstraint(fields=["statement", "finding"], name="reports_link_once")]

    def __str__(self) -> str:
        return f"{self.statement_id} → {self.finding_id}"
