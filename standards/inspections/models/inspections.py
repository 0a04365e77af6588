"""An inspection and its steps. Nothing of it opens before its team has declared its interests."""

import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.calendar.working_days import LONDON, Deadline
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.actions.models import Outdated
from standards.catalogue.models import Standard
from standards.inspections import deadlines, drawing, permissions, readiness
from standards.inspections.models.regimes import Regime
from standards.inspections.models.teams import Scope, TeamMember


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Inspections, by reader. Provider, team and planner see different things of one; each has a method of its own."""

    def opened_to(self, user: Any, at: datetime | None = None) -> "InspectionQuerySet":
        """Those whose content this person may read: on the team, cleared, not expired (PERM-14)."""
        if not user.is_authenticated:
            return self.none()
        now = at or timezone.now()
        members = TeamMember.objects.filter(
            user=user, conflict__in=TeamMember.CLEARED, ended_at__isnull=True, starts_at__lte=now, ends_at__gt=now
        )
        inside = Organisation.objects.where(user, Can.INSPECT)
        return self.filter(pk__in=members.values("inspection"), organisation__in=inside)

    def planned_by(self, user: Any) -> "InspectionQuerySet":
        """Those whose plan (service, dates, team, state; no content) this person may see: who leads inspections there."""
        barred = TeamMember.objects.filter(user=user if user.is_authenticated else None, conflict=TeamMember.Conflict.BARRED)
        return self.filter(organisation__in=Organisation.objects.where(user, Can.LEAD_INSPECTION)).exclude(
            pk__in=barred.values("inspection")
        )

    def reviewable_by(self, user: Any) -> "InspectionQuerySet":
        """Those a quality reviewer may read: of their inspectorate, once it is being written up, never one they visited."""
        own = TeamMember.objects.filter(user=user if user.is_authenticated else None)
        return self.filter(organisation__in=Organisation.objects.where(user, Can.REVIEW_QUALITY), status__in=Inspection.WRITTEN_UP).exclude(
            pk__in=own.values("inspection")
        )

    def seen_by(self, user: Any) -> "InspectionQuerySet":
        """Whose plan this person may read in the inspectorate, for whichever of the three reasons."""
        if not user.is_authenticated:
            return self.none()
        seen = [Inspection.objects.opened_to(user), Inspection.objects.planned_by(user), Inspection.objects.reviewable_by(user)]
        return self.filter(models.Q(*(("pk__in", rows.values("pk")) for rows in seen), _connector=models.Q.OR))

    def content_for(self, user: Any) -> "InspectionQuerySet":
        """Whose findings and judgements this person may read: its cleared team, and its reviewers."""
        opened, reviewed = Inspection.objects.opened_to(user), Inspection.objects.reviewable_by(user)
        return self.filter(models.Q(pk__in=opened.values("pk")) | models.Q(pk__in=reviewed.values("pk")))

    def declarable_by(self, user: Any) -> "InspectionQuerySet":
        """On whose team this person stands now, cleared or not: they read the first line, and may say where they stand."""
        if not user.is_authenticated:
            return self.none()
        places = TeamMember.objects.filter(user=user, ended_at__isnull=True, ends_at__gt=timezone.now())
        places = places.exclude(conflict=TeamMember.Conflict.BARRED)
        return self.filter(pk__in=places.values("inspection"), organisation__in=Organisation.objects.where(user, Can.INSPECT))

    def waiting_for_declaration(self, user: Any) -> "InspectionQuerySet":
        """On whose team this person stands without having declared anything."""
        undeclared = TeamMember.objects.filter(user=user, conflict=TeamMember.Conflict.UNDECLARED, ended_at__isnull=True)
        return self.declarable_by(user).filter(pk__in=undeclared.values("inspection"))

    def with_conflict_to_decide(self, user: Any) -> "InspectionQuerySet":
        """In which somebody else declared a conflict that waits for a decision of whoever leads inspections."""
        waiting = TeamMember.objects.filter(conflict=TeamMember.Conflict.DECLARED, ended_at__isnull=True).exclude(user=user)
        return self.planned_by(user).filter(pk__in=waiting.values("inspection"))

    def led_by(self, user: Any) -> "InspectionQuerySet":
        """Those this person leads now."""
        leads = TeamMember.objects.filter(user=user, is_lead=True, ended_at__isnull=True)
        return self.opened_to(user).filter(pk__in=leads.values("inspection"))

    def in_year(self, year: int) -> "InspectionQuerySet":
        """Whose first day lies in ``year``, the earliest first."""
        return self.filter(starts_on__year=year).order_by("starts_on", "number")

    def with_team(self) -> "InspectionQuerySet":
        """Each with its current team, under ``members``."""
        members = TeamMember.objects.filter(ended_at__isnull=True).select_related("user").order_by("-is_lead")
        return self.prefetch_related(models.Prefetch("team", members, to_attr="members"))

    def years(self, now: int) -> list[int]:
        """Those in which some begin, this one and the next, the latest first."""
        found = set(self.order_by().values_list("starts_on__year", flat=True).distinct())
        return sorted(found | {now, now + 1}, reverse=True)

    def allows(self, inspection: "Inspection") -> bool:
        """Whether this one is among them."""
        return self.filter(pk=inspection.pk).exists()

    def under_way(self) -> "InspectionQuerySet":
        """Neither closed nor called off."""
        return self.exclude(status__in=(Inspection.Status.CLOSED, Inspection.Status.CALLED_OFF))

    def in_full(self) -> "InspectionQuerySet":
        """With what every page about one shows."""
        return self.select_related("regime__edition__framework", "organisation", "provider", "service", "earlier")

    def announced_to(self, user: Any) -> "InspectionQuerySet":
        """Those a provider knows of: announced ones from the notice on, others from the visit on."""
        return self.filter(
            models.Q(notified_at__isnull=False) | models.Q(status__in=Inspection.KNOWN_TO_PROVIDER),
            provider__in=Organisation.objects.where(user, Can.READ),
        )


class Inspection(Stepped):
    """One inspection of one service under one regime. ``organisation`` is the inspectorate."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        NOTIFIED = "notified", _("Announced")
        FIELDWORK = "fieldwork", _("Visit under way")
        FEEDBACK_GIVEN = "feedback_given", _("Feedback given")
        REPORTING = "reporting", _("Being written up")
        CLOSED = "closed", _("Closed")
        PAUSED = "paused", _("Paused")
        CALLED_OFF = "called_off", _("Called off")

    class Kind(models.TextChoices):
        FULL = "full", _("Full")
        FOCUSED = "focused", _("Focused")
        FOLLOW_UP = "follow_up", _("Follow-up")
        RESPONSIVE = "responsive", _("Responsive")

    class Notice(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        SHORT = "short", _("Short notice")
        NONE = "none", _("Unannounced")

    WRITTEN_UP = ("reporting", "closed")  # not earlier: the blind second views are drawn when writing begins
    KNOWN_TO_PROVIDER = ("fieldwork", "feedback_given", "reporting", "closed", "paused")
    WRITABLE = ("notified", "fieldwork", "feedback_given", "reporting")
    TONES: ClassVar[dict[str, str]] = {
        "planned": "plain", "notified": "steady", "fieldwork": "steady", "feedback_given": "care", "reporting": "care", "closed": "good",
        "paused": "danger", "called_off": "plain",
    }  # fmt: skip
    CHANGEABLE: ClassVar[dict[str, tuple[str, ...]]] = {  # by state: what was announced stays as it was announced
        "planned": ("kind", "notice", "reason", "starts_on", "ends_on", "earlier", "safe_talk_plan"),
        "notified": ("reason", "starts_on", "ends_on", "earlier", "safe_talk_plan"),
        "fieldwork": ("reason", "ends_on", "earlier", "safe_talk_plan"),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True, editable=False)  # H-2026-014
    regime = models.ForeignKey(Regime, models.PROTECT, related_name="inspections")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="inspections")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="inspections")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    notice = models.CharField(_("notice"), max_length=20, choices=Notice.choices)
    reason = models.CharField(_("why now"), max_length=300, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    earlier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    safe_talk_plan = models.CharField(_("how survivors can talk safely"), max_length=500, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    feedback_on = models.DateField(_("feedback given on"), null=True, blank=True)
    feedback_to = models.CharField(_("roles present at the feedback"), max_length=300, blank=True)
    blind_seed = models.CharField(max_length=32, blank=True, editable=False)  # with which the findings for a blind second view were drawn
    paused_from = models.CharField(max_length=20, blank=True, editable=False)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on",)
        verbose_name = _("inspection")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="inspections_inspection_dates")
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "status", "starts_on"], name="inspections_plan")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_writable(self) -> bool:
        """Whether its team may still write."""
        return self.status in self.WRITABLE

    def is_open_to(self, user: Any, at: datetime | None = None) -> bool:
        """On its team, cleared and not expired at ``at`` (now)."""
        return user is not None and Inspection.objects.opened_to(user, at).filter(pk=self.pk).exists()

    def is_open_to_lead(self, user: Any) -> bool:
        """As ``is_open_to``, and leading it."""
        return self.is_open_to(user) and self.team.filter(user=user, is_lead=True, ended_at__isnull=True).exists()

    def is_barred(self, user: Any) -> bool:
        """Whether a conflict of interest keeps this person out."""
        return user is not None and self.team.filter(user=user, conflict=TeamMember.Conflict.BARRED).exists()

    def was_on_team(self, user: Any) -> bool:
        """Ever, also for a day."""
        return user is not None and self.team.filter(user=user).exists()

    def clean(self) -> None:
        """What belongs together: service and provider, regime and inspectorate, an earlier inspection of the same service."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first. Choose a later one.")})
        if self.service.organisation_id != self.provider_id or self.regime.inspectorate_id != self.organisation_id:
            raise ValidationError(_("This service or this regime belongs to another organisation."))
        if self.earlier is not None and (self.earlier.service_id != self.service_id or self.earlier_id == self.pk):
            raise ValidationError({"earlier": _("Choose an earlier inspection of the same service.")})

    def report_due(self) -> Deadline | None:
        """By when a draft of the report should be ready, once the visit is over."""
        if self.feedback_on is None:
            return None
        return deadlines.due(self.regime, "drafting", datetime.combine(self.feedback_on, datetime.min.time(), LONDON))

    def current_team(self) -> models.QuerySet["TeamMember"]:
        """Who is on it and was not taken off, the lead first."""
        return self.team.filter(ended_at__isnull=True).select_related("user", "decided_by").order_by("-is_lead", "user__last_name")

    def lead(self) -> Any:
        """Who leads it, or nobody."""
        member = self.team.filter(is_lead=True, ended_at__isnull=True).select_related("user").first()
        return member.user if member else None

    def standards(self) -> models.QuerySet[Standard]:
        """Those in scope, in reading order, with their chapters."""
        rows: models.QuerySet[Standard] = Standard.objects.filter(pk__in=self.scopes.values("standard")).select_related("chapter")
        return rows.order_by("chapter__order", "order")

    def _require_declared_team(self) -> None:
        members = list(self.team.filter(ended_at__isnull=True).exclude(conflict=TeamMember.Conflict.BARRED).select_related("user"))
        undeclared = [str(member.user) for member in members if member.conflict not in TeamMember.CLEARED]
        if undeclared or not any(member.is_lead for member in members):
            raise ValidationError(
                _("Every member of the team, one of them the lead, must have declared that there is no conflict of interest: %(names)s.")
                % {"names": ", ".join(undeclared) or _("no lead yet")}
            )
        if not self.scopes.exists():
            raise ValidationError(_("Choose at least one standard to inspect."))

    @step("planned", "notified", "fieldwork", to=None, may=permissions.can_change, label=_("Change the plan"))
    def change(self, values: Mapping[str, Any], *, base: int, by: Any) -> dict[str, Any]:
        """Change what may still be changed. ``base``: the version its writer had seen; raises ``Outdated`` when there is a newer one."""
        if self.version != base:
            raise Outdated(self)
        changed = sorted(name for name in self.CHANGEABLE[self.status] if name in values and getattr(self, name) != values[name])
        for name in changed:
            setattr(self, name, values[name])
        return {"fields": changed}

    @step("planned", "notified", "fieldwork", to=None, may=permissions.can_change, label=_("Choose what is inspected"))
    def set_scope(self, standards: Iterable[Standard], *, base: int, by: Any) -> dict[str, Any]:
        """Which standards it looks at. One that has a finding or a judgement cannot be left out."""
        if self.version != base:
            raise Outdated(self)
        wanted = {standard.pk: standard for standard in standards}
        if not wanted:
            raise ValidationError({"standards": _("Choose at least one standard to inspect.")})
        if any(standard.chapter.edition_id != self.regime.edition_id for standard in wanted.values()):
            raise ValidationError({"standards": _("A standard of another edition cannot be inspected under this regime.")})
        held = set(self.findings.values_list("standard", flat=True)) | set(self.judgements.values_list("standard", flat=True))
        if held - wanted.keys():
            raise ValidationError({"standards": _("Something was found or judged under a standard that you left out. Keep it.")})
        self.scopes.exclude(standard__in=wanted).delete()
        there = set(self.scopes.values_list("standard", flat=True))
        Scope.objects.bulk_create(Scope(inspection=self, standard=standard) for pk, standard in wanted.items() if pk not in there)
        return {"standards": len(wanted)}

    @step(
        "planned", to="notified", may=permissions.can_plan, label=_("Announce to the provider"), is_grave=True,
        explain=_("The provider’s managers are told the service, the dates and the standards. This cannot be taken back."),
    )  # fmt: skip
    def announce(self, *, by: Any) -> None:
        """The provider learns of it, early enough. Not for unannounced inspections."""
        if self.notice == self.Notice.NONE:
            raise ValidationError(_("This inspection is unannounced: begin the visit instead."))
        self._require_declared_team()
        self.notified_at = timezone.now()
        earliest = deadlines.first_day(self.regime, self.notice, self.notified_at)
        if earliest and self.starts_on < earliest:
            raise ValidationError(
                _("The regime asks for more notice: announced today, the first day can be %(day)s. Change the dates or the notice.")
                % {"day": f"{earliest:%d.%m.%Y}"}
            )

    @step(
        "planned", "notified", to="fieldwork", may=permissions.can_lead, label=_("Begin the visit"),
        explain=_("The team is there. From now on the provider sees that the visit is under way."),
    )  # fmt: skip
    def begin_visit(self, *, by: Any) -> None:
        """The team is there. An announced one has been announced; survivors can talk safely."""
        if self.status == self.Status.PLANNED and self.notice != self.Notice.NONE:
            raise ValidationError(_("Announce it to the provider first, or change the notice to unannounced."))
        self._require_declared_team()
        if not self.safe_talk_plan.strip():
            raise ValidationError(_("Write down how survivors can talk safely, with interpreters, before the visit begins."))

    @step(
        "fieldwork", to="feedback_given", may=permissions.can_lead, label=_("Feedback was given"),
        explain=_("The visit is over. The time for the draft of the report is counted from this day."),
    )  # fmt: skip
    def give_feedback(self, feedback_on: date, feedback_to: str, *, by: Any) -> None:
        """At the end of the visit: when, and to which roles."""
        if not feedback_to.strip():
            raise ValidationError({"feedback_to": _("Say which roles were there, without names.")})
        if not self.starts_on <= feedback_on <= timezone.localdate():
            raise ValidationError({"feedback_on": _("Choose a day from the first day of the visit until today.")})
        self.feedback_on, self.feedback_to = feedback_on, feedback_to

    @step(
        "feedback_given", to="reporting", may=permissions.can_lead, label=_("Begin the report"),
        explain=_("Some findings are drawn at random for a second, blind view; then the quality reviewers can read."),
    )  # fmt: skip
    def begin_report(self, *, by: Any) -> dict[str, Any]:
        """From here the report has states of its own. The findings for a blind second view are drawn by a seed made now."""
        self.blind_seed = secrets.token_hex(8)
        standing = dict(self.findings.exclude(status="withdrawn").values_list("code", "pk"))
        drawn = drawing.draw(standing, self.blind_seed, drawing.share(len(standing), self.regime.blind_share))
        for code in drawn:
            self.blind_views.create(finding_id=standing[code])
        return {"seed": self.blind_seed, "blind": len(drawn)}

    @step("reporting", to=None, may=permissions.can_review, label=_("Approve the judgements"), is_grave=True)
    def approve_judgements(self, sha256: str, *, by: Any) -> dict[str, Any]:
        """A reviewer who was not on the visit stands by exactly what they read: ``sha256`` names it (PERM-13)."""
        found = readiness.problems(self)
        if found:
            raise ValidationError([str(problem) for problem in found])
        if readiness.digest(self) != sha256:
            raise ValidationError(
                _("Something was changed since you opened this page. Read it again; nothing was approved."), code="changed"
            )
        self.approvals.create(by=by, sha256=sha256)
        return {"sha256": sha256}

    @step("reporting", to="closed", may=permissions.can_lead, label=_("Close"), is_grave=True)
    def close(self, *, by: Any) -> None:
        """The report is closed; the room above sees to that."""

    @step("notified", "fieldwork", "feedback_given", "reporting", to="paused", may=permissions.can_lead, label=_("Pause"), is_grave=True)
    def pause(self, *, by: Any) -> dict[str, str]:
        """For safeguarding or the police."""
        self.paused_from = self.status
        return {"from": self.paused_from}

    @step("paused", to=None, may=permissions.can_lead, label=_("Go on"))
    def resume(self, *, by: Any) -> None:
        """Back to where it was paused."""
        self.status, self.paused_from = self.paused_from, ""

    @step("planned", "notified", to="called_off", may=permissions.can_plan, label=_("Call off"), is_grave=True)
    def call_off(self, *, by: Any) -> None:
        """It will not take place."""
