"""Who works on which chapter, and the remarks that pass between them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped, step
from providers.organisations.permissions import can
from standards.assessments.models.answers import Answer
from standards.assessments.models.assessments import Assessment
from standards.catalogue.models import Chapter


def _can_work(by: Any, section: "Section") -> bool:
    return section.assessment.status == "draft" and can(by, Can.ASSESS, section.organisation_id)


def _can_return(by: Any, section: "Section") -> bool:
    return section.assessment.status == "draft" and can(by, Can.APPROVE, section.organisation_id)


class SectionQuerySet(models.QuerySet["Section"]):
    """Sections, as their assessment."""

    def visible_to(self, user: Any) -> "SectionQuerySet":
        """As the assessment."""
        return self.filter(assessment__in=Assessment.objects.visible_to(user))


class Section(Stepped):
    """One chapter of an assessment, given to somebody."""

    class Status(models.TextChoices):
        GIVEN = "given", _("Given")
        READY = "ready", _("Ready")
        RETURNED = "returned", _("Returned")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField(editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="sections")
    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sections")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now, editable=False)
    due_on = models.DateField(_("by"), null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.GIVEN)

    objects: ClassVar[Any] = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "chapter"], name="assessments_section_once")]

    def __str__(self) -> str:
        return str(self.chapter)

    @step("given", "returned", to="ready", may=_can_work, label=_("Say it is ready"))
    def finish(self, *, by: Any) -> None:
        """Its worker says it is ready."""

    @step("given", "ready", to="returned", may=_can_return, label=_("Return with a comment"))
    def send_back(self, comment: str, *, by: Any) -> None:
        """Something has to change; the comment is a remark on the chapter."""
        self.assessment.remarks.create(text=comment, by=by, chapter=self.chapter, organisation_id=self.organisation_id)


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Remarks, by reader."""

    def visible_to(self, user: Any) -> "RemarkQuerySet":
        """Those who read the organisation's own work. Nobody with whom an assessment is shared sees what was said about it."""
        return self.filter(assessment__in=Assessment.objects.where(user, Can.READ))

    def unsettled(self) -> "RemarkQuerySet":
        """Still open."""
        return self.filter(settled_at__isnull=True)


class Remark(models.Model):
    """Something one colleague says to another: about the whole, a chapter or one answer. It can be settled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField(editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="remarks")
    chapter = models.ForeignKey(Chapter, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, blank=True, related_name="remarks")
    text = models.TextField(_("remark"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ("at",)
        verbose_name = _("remark")

    def __str__(self) -> str:
        return self.text[:60]
