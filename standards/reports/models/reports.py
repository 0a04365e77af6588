"""A report through its whole life (domain research, part 4.5), and the statements it is made of."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped
from providers.organisations.models import Organisation
from standards.catalogue.models import Standard
from standards.inspections.models import Finding, Inspection


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, by reader: inspectorate and provider see it at different times."""

    def visible_to(self, user: Any) -> "ReportQuerySet":
        """The team; reviewers of that inspectorate; publishers once it is final; the provider from the issued draft on."""
        team = models.Q(inspection__in=Inspection.objects.opened_to(user).values("pk"))
        review = models.Q(inspection__in=Inspection.objects.reviewable_by(user).values("pk"))
        publish = models.Q(status__in=Report.FINAL, organisation__in=Organisation.objects.where(user, Can.PUBLISH_REPORTS))
        provider = models.Q(status__in=Report.SEEN_BY_PROVIDER, inspection__provider__in=Organisation.objects.where(user, Can.READ))
        return self.filter(team | review | publish | provider)

    def checked_by(self, user: Any) -> "ReportQuerySet":
        """Whose facts this person may check for the provider."""
        return self.filter(status__in=Report.SEEN_BY_PROVIDER, inspection__provider__in=Organisation.objects.where(user, Can.APPROVE))


class Report(Stepped):
    """The report of one inspection. Each state has a guard, a deadline from the regime and somebody who moves it on."""

    class Status(models.TextChoices):
        DRAFTING = "drafting", _("Being drafted")
        INTERNAL_REVIEW = "internal_review", _("In internal review")
        DRAFT_ISSUED = "draft_issued", _("Draft sent, not yet with everybody")
        COMMENTS_OPEN = "comments_open", _("The provider checks the facts")
        COMMENTS_CLOSED = "comments_closed", _("The check of facts is closed")
        COMMENTS_REVIEW = "comments_review", _("Comments are being decided")
        FINAL_AGREED = "final_agreed", _("Final text agreed")
        PUBLICATION_CHECK = "publication_check", _("Who may have it is being decided")
        PUBLISHED = "published", _("Issued, with a public summary")
        SHARED_RESTRICTED = "shared_restricted", _("Issued to named organisations")
        WITHHELD = "withheld", _("Withheld")
        ACTION_PLAN_DUE = "action_plan_due", _("The provider answers the items")
        ACTION_PLAN_AGREED = "action_plan_agreed", _("Answers agreed")
        FOLLOW_UP = "follow_up", _("Being followed up")
        CLOSED = "closed", _("Closed")
        PAUSED = "paused", _("Paused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Replaced by a corrected report")

    FINAL = (
        "final_agreed", "publication_check", "published", "shared_restricted", "withheld", "action_plan_due", "action_plan_agreed",
        "follow_up", "closed", "superseded",
    )  # fmt: skip
    SEEN_BY_PROVIDER = ("draft_issued", "comments_open", "comments_closed", "comments_review", *FINAL)
    OPEN_TO_PAUSE = (
        "drafting",
        "internal_review",
        "comments_open",
        "comments_closed",
        "comments_review",
        "final_agreed",
        "publication_check",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reports")  # the inspectorate
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    status = models.CharField(max_length=30, choices=Status.choices, default=Status.DRAFTING)
    due_at = models.DateTimeField(null=True, blank=True)  # of the present state; shown when missed, moves nothing
    due_rule = models.CharField(max_length=40, blank=True)
    is_due_provisional = models.BooleanField(default=False)
    comments_due_at = models.DateTimeField(null=True, blank=True)
    comments_extended = models.CharField(_("why the time was extended"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    audience_reason = models.CharField(_("why this audience"), max_length=500, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    paused_from = models.CharField(max_length=30, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("report")
        indexes: ClassVar = [models.Index(fields=["organisation", "status", "due_at"], name="reports_due")]

    def __str__(self) -> str:
        return self.title

    def is_late(self, now: Any = None) -> bool:
        """Its state's deadline has passed. Nothing moves by itself."""
        return self.due_at is not None and (now or timezone.now()) > self.due_at


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
    section = models.CharField(max_length=20, choices=Section.choices)
    key_question = models.SlugField(max_length=20, blank=True)
    standard = models.ForeignKey(Standard, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    asserts_fact = models.BooleanField(default=True)
    is_good_practice = models.BooleanField(default=False)
    for_public = models.TextField(blank=True)  # the words of the public rendition; empty: left out there
    is_removed = models.BooleanField(default=False)
    new_since = models.PositiveSmallIntegerField(default=0)  # the round of checking in which it was new
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

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
