"""Who works on which chapter, and the remarks that pass between them."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can, roles_that
from portal.audit.trail import record
from portal.steps import Stepped, step
from providers.organisations.models import Membership
from providers.organisations.permissions import can
from standards.assessments import permissions
from standards.assessments.models.answers import Answer
from standards.assessments.models.assessments import Assessment
from standards.catalogue.models import Chapter


def _can_work(by: Any, section: "Section") -> bool:
    return permissions.can_answer(by, section.assessment)


def _can_return(by: Any, section: "Section") -> bool:
    """Whoever approves, and whoever gave it."""
    return _can_work(by, section) and (can(by, Can.APPROVE, section.organisation_id) or section.given_by_id == by.pk)


class SectionQuerySet(models.QuerySet["Section"]):
    """Sections, by reader."""

    def visible_to(self, user: Any) -> "SectionQuerySet":
        """Those who read the organisation's own work: how it is divided is nobody else's business."""
        return self.filter(assessment__in=Assessment.objects.where(user, Can.READ))

    def waiting_for(self, user: Any) -> "SectionQuerySet":
        """Given or returned to this person, in an assessment that is still a draft."""
        waiting = self.visible_to(user).filter(to=user, status__in=(Section.Status.GIVEN, Section.Status.RETURNED))
        return waiting.filter(assessment__status=Assessment.Status.DRAFT)


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

    @classmethod
    def give_all(cls, assessment: Assessment, chapters: Iterable[Chapter], to: Any, *, due_on: date | None, by: Any) -> None:
        """Give several chapters, or none of them. Raises as ``give``."""
        with transaction.atomic():
            for chapter in chapters:
                cls.give(assessment, chapter, to, due_on=due_on, by=by)

    @classmethod
    def give(cls, assessment: Assessment, chapter: Chapter, to: Any, *, due_on: date | None, by: Any) -> "Section":
        """Give a chapter to somebody, or to somebody else than before. Raises ``PermissionDenied`` or ``ValidationError``."""
        with transaction.atomic():
            locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
            if not permissions.can_answer(by, locked):
                raise PermissionDenied
            _refuse_who_cannot_work(to, locked.organisation_id)
            row: Section | None = cls.objects.filter(assessment=locked, chapter=chapter).first()
            if row is None:
                row = cls(assessment=locked, organisation_id=locked.organisation_id, chapter=chapter, to=to, given_by=by, due_on=due_on)
                row.full_clean()
                row.save(force_insert=True)
                record("assessments.section.give_again", row, by=by, after=row.status, codes={"to": to.pk})
                return row
        row.give_again(to, due_on, by=by)
        return row

    @step("given", "ready", "returned", to="given", may=_can_work, label=_("Give to somebody"))
    def give_again(self, to: Any, due_on: date | None, *, by: Any) -> dict[str, Any]:
        """Give it to somebody else, for example because the first one left; or to the same with another date."""
        _refuse_who_cannot_work(to, self.organisation_id)
        self.to, self.due_on, self.given_by, self.given_at = to, due_on, by, timezone.now()
        return {"to": to.pk}

    @step("given", "returned", to="ready", may=_can_work, label=_("Say it is ready"))
    def finish(self, *, by: Any) -> None:
        """Its worker says it is ready."""

    @step("given", "ready", to="returned", may=_can_return, label=_("Return with a comment"))
    def send_back(self, comment: str, *, by: Any) -> None:
        """Something has to change; the comment is a remark on the chapter."""
        if not comment.strip():
            raise ValidationError({"comment": _("Say what has to change.")})
        self.assessment.remarks.create(text=comment, by=by, chapter=self.chapter, organisation_id=self.organisation_id)


class RemarkQuerySet(models.QuerySet["Remark"]):
    """Remarks, by reader."""

    def visible_to(self, user: Any) -> "RemarkQuerySet":
        """Those who read the organisation's own work. Nobody with whom an assessment is shared sees what was said about it."""
        return self.filter(assessment__in=Assessment.objects.where(user, Can.READ))

    def unsettled(self) -> "RemarkQuerySet":
        """Still open."""
        return self.filter(settled_at__isnull=True)

    def waiting_for(self, user: Any) -> "RemarkQuerySet":
        """Open ones about an answer of this person's, in a draft: somebody else said what has to change."""
        mine = self.visible_to(user).unsettled().filter(answer__answered_by=user, assessment__status=Assessment.Status.DRAFT)
        return mine.exclude(by=user)


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

    @classmethod
    def write(cls, assessment: Assessment, text: str, *, by: Any, chapter: Chapter | None = None, answer: Answer | None = None) -> "Remark":
        """Say something about the whole, a chapter or an answer. Raises ``PermissionDenied`` or ``ValidationError``."""
        if not permissions.can_remark(by, assessment):
            raise PermissionDenied
        row = cls(
            assessment=assessment, organisation_id=assessment.organisation_id, text=text.strip(), by=by, chapter=chapter, answer=answer
        )
        row.full_clean()
        with transaction.atomic():
            row.save(force_insert=True)
            record("assessments.remark.write", row, by=by)
        return row

    def settle(self, *, by: Any) -> None:
        """Done. Settled by the first who says so; again, it changes nothing. Raises ``PermissionDenied``."""
        self._change(by, "settle", timezone.now())

    def open_again(self, *, by: Any) -> None:
        """Not done after all. Raises ``PermissionDenied``."""
        self._change(by, "open_again", None)

    def _change(self, by: Any, verb: str, at: datetime | None) -> None:
        if not permissions.can_remark(by, self.assessment):
            raise PermissionDenied
        with transaction.atomic():
            before = Remark.objects.filter(pk=self.pk, settled_at__isnull=at is not None)
            if before.update(settled_at=at, settled_by=by if at else None):
                record(f"assessments.remark.{verb}", self, by=by)
        self.refresh_from_db(fields=["settled_at", "settled_by"])


def _refuse_who_cannot_work(to: Any, organisation_id: uuid.UUID) -> None:
    """Only current members who may assess are given anything (C32)."""
    if not Membership.objects.current().filter(user=to, organisation=organisation_id, role__in=roles_that(Can.ASSESS)).exists():
        raise ValidationError({"to": _("Choose somebody who works on assessments here now.")})
