"""A report through its whole life (domain research, part 4.5): who moves it on, from where, and what has to hold."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.calendar.working_days import end_of
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from standards.inspections.models import Inspection
from standards.reports import deadlines, freezing, guards, issuing, permissions


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports, by reader: inspectorate and provider see it at different times."""

    def visible_to(self, user: Any) -> "ReportQuerySet":
        """The team; reviewers of that inspectorate; publishers once it is final; the provider from the issued draft on."""
        team = models.Q(inspection__in=Inspection.objects.opened_to(user).values("pk"))
        review = models.Q(inspection__in=Inspection.objects.reviewable_by(user).values("pk"))
        return self.filter(team | review | self._publishing(user) | self._provider(user))

    @staticmethod
    def _publishing(user: Any) -> models.Q:
        """Final ones, never of an inspection on whose team this person was."""
        inside = Organisation.objects.where(user, Can.PUBLISH_REPORTS)
        own = Inspection.objects.filter(team__user=user if user.is_authenticated else None)
        was_final = models.Q(status__in=Report.FINAL) | models.Q(status=Report.Status.WITHDRAWN, versions__kind="final")
        return models.Q(
            pk__in=Report.objects.filter(was_final, organisation__in=inside).exclude(inspection__in=own.values("pk")).values("pk")
        )

    @staticmethod
    def _provider(user: Any) -> models.Q:
        """A draft is for those who approve at the provider; the final text for everybody who reads there."""
        draft = models.Q(status__in=Report.DRAFT_WITH_PROVIDER) | models.Q(
            status=Report.Status.PAUSED, paused_from__in=Report.DRAFT_WITH_PROVIDER
        )
        final = models.Q(status__in=Report.FINAL) | models.Q(status=Report.Status.PAUSED, paused_from__in=Report.FINAL)
        return draft & models.Q(inspection__provider__in=Organisation.objects.where(user, Can.APPROVE)) | final & models.Q(
            inspection__provider__in=Organisation.objects.where(user, Can.READ)
        )

    def checked_by(self, user: Any) -> "ReportQuerySet":
        """Whose facts this person may check for the provider."""
        return self.filter(status__in=Report.SEEN_BY_PROVIDER, inspection__provider__in=Organisation.objects.where(user, Can.APPROVE))

    def in_full(self) -> "ReportQuerySet":
        """With its inspection, and what pages say of that."""
        return self.select_related(
            "inspection__regime__edition__framework", "inspection__service", "inspection__provider", "inspection__organisation",
            "organisation", "drafted_by", "reviewed_by", "decided_by", "issued_by", "replaces",
        )  # fmt: skip

    def alive(self) -> "ReportQuerySet":
        """Neither withdrawn nor replaced."""
        return self.exclude(status__in=(Report.Status.WITHDRAWN, Report.Status.SUPERSEDED))


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
    DRAFT_WITH_PROVIDER = ("draft_issued", "comments_open", "comments_closed", "comments_review")
    SEEN_BY_PROVIDER = (*DRAFT_WITH_PROVIDER, *FINAL)
    ISSUED = ("published", "shared_restricted", "withheld", "action_plan_due", "action_plan_agreed", "follow_up", "closed")
    TONES: ClassVar[dict[str, str]] = {
        "comments_open": "steady", "internal_review": "steady", "published": "good", "shared_restricted": "good", "closed": "good",
        "paused": "care", "withheld": "care", "withdrawn": "danger", "superseded": "care",
    }  # fmt: skip
    WRITABLE = ("drafting", "comments_review")  # the only states in which words change
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
    paused_at = models.DateTimeField(null=True, blank=True, editable=False)
    paused_reason = models.CharField(_("why it is paused"), max_length=300, blank=True)
    comments_from = models.DateTimeField(null=True, blank=True)  # from when every recipient had the draft
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_sha256 = models.CharField(max_length=64, blank=True, editable=False)  # over the words that were approved
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    correction_note = models.CharField(_("what is corrected"), max_length=500, blank=True)  # of a report that replaces another
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

    @property
    def is_final(self) -> bool:
        """Its final text is agreed."""
        return (self.paused_from if self.status == self.Status.PAUSED else self.status) in self.FINAL

    @property
    def is_writable(self) -> bool:
        """Whether its words may change now."""
        return self.status in self.WRITABLE

    def version_for_provider(self) -> Any:
        """The frozen copy that the provider reads: the final text once there is one, before that the draft that was sent."""
        return self.versions.filter(kind="final" if self.is_final else "draft").last()

    def final_version(self) -> Any:
        """The last final text, or ``None``."""
        return self.versions.filter(kind="final").last()

    def now_due(self, name: str, since: Any = None) -> None:
        """From now on the deadline of the state ``name`` is shown."""
        found = deadlines.due(self.inspection.regime, name, since or timezone.now())
        self.due_at = found[0].at if found else None
        self.due_rule = found[1].source if found else ""
        self.is_due_provisional = bool(found and found[0].is_provisional)

    # --- Drafting and review ------------------------------------------------------------------------------------------

    @step("drafting", to="internal_review", may=permissions.can_draft, label=_("Send to internal review"))
    def send_to_review(self, *, by: Any) -> None:
        """Every judgement has a finding, every finding its evidence."""
        guards.nothing_stops(self)
        self.reviewed_by = self.reviewed_at = None
        self.reviewed_sha256 = ""
        self.now_due("internal_review")

    @step("internal_review", to="drafting", may=permissions.can_review, label=_("Return to the team"))
    def return_to_team(self, comment: str, *, by: Any) -> None:
        """What has to change is a remark that the team reads."""
        guards.reason_given(comment, "comment")
        self.inspection.review_remarks.create(text=comment, by=by)
        self.reviewed_by = self.reviewed_at = None
        self.reviewed_sha256 = ""
        self.now_due("drafting")

    @step("internal_review", to=None, may=permissions.can_review, label=_("Approve the draft"), is_grave=True)
    def approve_draft(self, *, by: Any) -> dict[str, str]:
        """Exactly these words may go to the provider."""
        guards.nothing_stops(self)
        self.reviewed_by, self.reviewed_at, self.reviewed_sha256 = by, timezone.now(), freezing.text_digest(self)
        return {"sha256": self.reviewed_sha256}

    # --- The check of facts -------------------------------------------------------------------------------------------

    @step("internal_review", to="draft_issued", may=permissions.can_lead, label=_("Send the draft to the provider"), is_grave=True)
    def issue_draft(self, recipients: Any, *, by: Any) -> dict[str, Any]:
        """The draft is frozen and there for every recipient. The clock starts when that is proven."""
        people = list(recipients)
        guards.approved_as_it_stands(self)
        guards.recipients_can_answer(self, people)
        version = freezing.freeze(self, "draft", by=by)
        for person in people:
            self.recipients.create(user=person, available_at=timezone.now())
        self.due_at, self.due_rule = None, ""
        return {"sha256": version.sha256, "recipients": [person.pk for person in people]}

    @step("draft_issued", to="comments_open", may=permissions.is_clock, label=_("Everybody has the draft"))
    def open_comments(self, *, by: Any) -> None:
        """From the day after the last proof on, the clock runs."""
        self.comments_from = guards.everybody_has_it(self)
        self.now_due("comments_open", self.comments_from)
        self.comments_due_at = self.due_at

    @step("comments_open", to=None, may=permissions.can_lead, label=_("Give more time"))
    def extend(self, until: Any, reason: str, *, by: Any) -> dict[str, str]:
        """A later last day, with a reason that both sides read."""
        guards.reason_given(reason)
        self.comments_due_at = self.due_at = deadlines.later(self.comments_due_at, until)
        self.comments_extended = reason
        return {"until": self.comments_due_at.isoformat()}

    @step("comments_open", to="comments_closed", may=permissions.can_answer, label=_("Send your answers"), is_grave=True)
    def send_answers(self, *, by: Any) -> dict[str, int]:
        """The provider is done. What was not answered is recorded as that."""
        self.due_at, self.due_rule = None, ""
        return {"sent": issuing.seal_round(self)}

    @step("comments_open", to="comments_closed", may=permissions.is_clock, label=_("The time to answer is over"))
    def close_comments(self, *, by: Any) -> dict[str, int]:
        """What was written counts as sent. None received is a recorded result."""
        guards.time_is_over(self)
        self.due_at, self.due_rule = None, ""
        return {"sent": issuing.seal_round(self)}

    @step("comments_closed", to="comments_review", may=permissions.can_review, label=_("Begin to decide"))
    def begin_decisions(self, *, by: Any) -> None:
        """A reviewer who was not on the visit takes the comments up."""
        self.now_due("comments_review")

    @step("comments_review", to=None, may=permissions.can_review, label=_("Sign the decisions"), is_grave=True)
    def sign_decisions(self, *, by: Any) -> dict[str, str]:
        """Every point is decided with a reason; nothing in the text is new to the provider."""
        guards.every_comment_is_decided(self)
        guards.nothing_unseen(self)
        self.decided_by, self.decided_at, self.decided_sha256 = by, timezone.now(), guards.decided_digest(self)
        return {"sha256": self.decided_sha256}

    @step("comments_review", to="final_agreed", may=permissions.can_lead, label=_("Agree the final text"), is_grave=True)
    def agree_final(self, *, by: Any) -> dict[str, str]:
        """Lead and reviewer: a new frozen version with its changes and the table of decisions."""
        guards.every_comment_is_decided(self)
        guards.decisions_as_signed(self)
        guards.nothing_stops(self)
        version = freezing.freeze(self, "final", by=by)
        self.due_at, self.due_rule = None, ""
        return {"sha256": version.sha256}

    # --- To whom it goes ----------------------------------------------------------------------------------------------

    @step("final_agreed", to="publication_check", may=permissions.can_publish, label=_("Begin the check before issue"))
    def begin_check(self, *, by: Any) -> None:
        """A publisher who was neither on the visit nor its reviewer."""
        self.now_due("publication_check")

    @step("publication_check", to="shared_restricted", may=permissions.can_publish, label=_("Issue to named organisations"), is_grave=True)
    def issue_restricted(self, organisations: Any, reason: str, *, by: Any) -> dict[str, Any]:
        """The provider and those named here. Never wider by itself."""
        guards.reason_given(reason)
        return self._issued(issuing.issue_to(self, list(organisations), by=by), reason, by)

    @step("publication_check", "shared_restricted", "withheld", to="published", may=permissions.can_publish,
          label=_("Publish the summary"), is_grave=True)  # fmt: skip
    def publish(self, reason: str, *, by: Any) -> dict[str, Any]:
        """The approved public summary can be read by everybody. The full report goes to nobody else by this."""
        guards.reason_given(reason)
        return self._issued(issuing.publish(self, by=by), reason, by)

    @step("publication_check", to="withheld", may=permissions.can_publish, label=_("Withhold"), is_grave=True)
    def withhold(self, reason: str, *, by: Any) -> dict[str, Any]:
        """Only the provider and the inspectorate have it."""
        guards.reason_given(reason)
        return self._issued(issuing.issue_to(self, [], by=by), reason, by)

    def _issued(self, codes: dict[str, Any], reason: str, by: Any) -> dict[str, Any]:
        self.audience_reason, self.issued_by = reason, by
        self.due_at, self.due_rule = None, ""
        if self.replaces is not None and self.replaces.status != self.Status.SUPERSEDED:
            self.replaces.supersede(self, by=None)
        return codes

    @step(*ISSUED[:2], *ISSUED[3:], to=None, may=permissions.can_publish, label=_("Issue to more organisations"), is_grave=True)
    def issue_more(self, organisations: Any, reason: str, *, by: Any) -> dict[str, Any]:
        """A wider audience, named."""
        guards.reason_given(reason)
        self.audience_reason = reason
        return issuing.issue_to(self, list(organisations), by=by)

    # --- What follows -------------------------------------------------------------------------------------------------

    @step(
        "published",
        "shared_restricted",
        "withheld",
        to="action_plan_due",
        may=permissions.can_lead,
        label=_("Ask for answers to the items"),
    )
    def ask_for_answers(self, *, by: Any) -> None:
        """One answer for each item."""
        self.now_due("action_plan_due")

    @step("action_plan_due", to="action_plan_agreed", may=permissions.can_lead, label=_("Agree the answers"))
    def agree_answers(self, *, by: Any) -> None:
        """Each was agreed by itself."""
        guards.every_item_is_answered(self)
        self.now_due("action_plan_agreed")

    @step("action_plan_agreed", to="follow_up", may=permissions.can_lead, label=_("Begin to follow up"))
    def begin_follow_up(self, *, by: Any) -> None:
        """By the dates of the items."""
        last = self.items.exclude(due_on=None).order_by("-due_on").values_list("due_on", flat=True).first()
        self.due_at, self.due_rule = end_of(last).at if last else None, "items" if last else ""

    @step("follow_up", to="closed", may=permissions.can_lead, label=_("Close"), is_grave=True)
    def close(self, *, by: Any) -> None:
        """All items are closed or carried forward; the inspection is closed with it."""
        guards.every_item_is_closed(self)
        self.due_at, self.due_rule = None, ""
        if self.inspection.status == Inspection.Status.REPORTING:
            self.inspection.close(by=by)

    # --- Side states --------------------------------------------------------------------------------------------------

    @step(*OPEN_TO_PAUSE, to="paused", may=permissions.can_lead, label=_("Pause"), is_grave=True)
    def pause(self, reason: str, *, by: Any) -> dict[str, str]:
        """For safeguarding or the police. Clocks stand still."""
        guards.reason_given(reason)
        self.paused_from, self.paused_at, self.paused_reason = self.status, timezone.now(), reason
        return {"from": self.paused_from}

    @step("paused", to=None, may=permissions.can_lead, label=_("Go on"))
    def resume(self, *, by: Any) -> dict[str, str]:
        """Back to where it was, with as many working days left as then."""
        issuing.shift_clocks(self, timezone.now())
        self.status, self.paused_from, self.paused_at, self.paused_reason = self.paused_from, "", None, ""
        return {"to": self.status}

    @step("drafting", "internal_review", *DRAFT_WITH_PROVIDER, to="withdrawn", may=permissions.can_lead, label=_("Give up"), is_grave=True)
    def give_up(self, reason: str, *, by: Any) -> None:
        """Before it is final: this report will not be."""
        guards.reason_given(reason)
        self.withdrawn_reason = reason
        self.due_at, self.due_rule = None, ""

    @step("final_agreed", "publication_check", *ISSUED, to="withdrawn", may=permissions.can_publish, label=_("Withdraw"), is_grave=True)
    def withdraw(self, reason: str, *, by: Any) -> dict[str, Any]:
        """Nobody reads it any longer; its public page answers 410."""
        guards.reason_given(reason)
        self.withdrawn_reason = reason
        self.due_at, self.due_rule = None, ""
        return issuing.take_back(self)

    @step(*ISSUED, to="superseded", may=permissions.is_clock, label=_("Replaced by a corrected report"))
    def supersede(self, newer: "Report", *, by: Any) -> dict[str, str]:
        """The corrected report was issued. This one stays readable where it was, and says so (C14)."""
        issuing.point_on(self, newer)
        return {"newer": str(newer.pk)}
