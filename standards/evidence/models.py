"""Evidence of an organisation: what it shows, for which period, and its files in versions."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.roles import Can
from portal.steps import Stepped, step
from providers.organisations.models import Organisation
from providers.services.models import Service
from standards.evidence import permissions
from standards.evidence.freshness import SOON, USUAL_MONTHS, Freshness, freshness, months_before


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence, by reader and freshness."""

    def visible_to(self, user: Any) -> "EvidenceQuerySet":
        """Of organisations whose work this person may read."""
        return self.filter(organisation__in=Organisation.objects.where(user, Can.READ))

    def where(self, user: Any, can: Can) -> "EvidenceQuerySet":
        """Of organisations for which this person may do ``can``."""
        return self.filter(organisation__in=Organisation.objects.where(user, can))

    def in_use(self) -> "EvidenceQuerySet":
        """Not put aside."""
        return self.filter(status=Evidence.Status.IN_USE)

    def retired(self) -> "EvidenceQuerySet":
        """Put aside."""
        return self.filter(status=Evidence.Status.RETIRED)

    def due_for_review(self, day: date) -> "EvidenceQuerySet":
        """Whose review date has come."""
        return self.in_use().filter(review_on__lte=day)

    def stale(self, day: date) -> "EvidenceQuerySet":
        """As ``freshness`` says, in the database."""
        return self.in_use().filter(models.Q(review_on__lte=day) | models.Q(period_end__lt=months_before(day, USUAL_MONTHS)))

    def due(self, day: date) -> "EvidenceQuerySet":
        """To be reviewed within thirty days, and still good."""
        return self.in_use().filter(review_on__gt=day, review_on__lte=day + SOON, period_end__gte=months_before(day, USUAL_MONTHS))

    def fresh(self, day: date) -> "EvidenceQuerySet":
        """Good for longer than that."""
        return self.in_use().filter(review_on__gt=day + SOON, period_end__gte=months_before(day, USUAL_MONTHS))

    def unused(self) -> "EvidenceQuerySet":
        """Under no answer. (What uses evidence stands in a room above; the database knows the way back.)"""
        return self.in_use().filter(uses__isnull=True)

    def search(self, words: str) -> "EvidenceQuerySet":
        """With all of ``words`` in title or claim, each somewhere."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(models.Q(title__icontains=word) | models.Q(shows__icontains=word))
        return found

    def review_dates(self) -> models.QuerySet["Evidence", date]:
        """When each is to be looked at again, the earliest first."""
        return self.order_by("review_on").values_list("review_on", flat=True)

    def in_state(self, state: str, day: date) -> "EvidenceQuerySet":
        """By a word of the library's filter; an unknown one is "in use"."""
        narrowed = {
            "fresh": lambda: self.fresh(day),
            "due": lambda: self.due(day),
            "stale": lambda: self.stale(day),
            "review": lambda: self.due_for_review(day + SOON),
            "unused": self.unused,
            "retired": self.retired,
        }
        return narrowed.get(state, self.in_use)()

    def with_uses(self) -> "EvidenceQuerySet":
        """Each with ``use_count``, its service, and its files, newest first."""
        return (
            self.annotate(use_count=models.Count("uses", distinct=True))
            .order_by("title", "pk")
            .select_related("organisation", "service")
            .prefetch_related(models.Prefetch("files", EvidenceFile.objects.order_by("-number").select_related("added_by")))
        )

    def changed_as_seen(self, pk: Any, version: int) -> "Evidence":
        """The locked row, if nobody has changed it since ``version`` was read. Raises ``Outdated``."""
        row: Evidence = self.select_for_update(of=("self",)).get(pk=pk)
        if row.version != version:
            raise Outdated(row)
        return row


class Outdated(Exception):  # noqa: N818 - it is no error of the program: somebody else was quicker
    """Somebody saved this in the meantime. ``row``: as it is now."""

    def __init__(self, row: "Evidence") -> None:
        self.row = row
        super().__init__()


class Evidence(Stepped):
    """One item of evidence: a file or a reference to where it is kept, and what it shows. One item may serve many indicators."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("Policy or procedure")
        AUDIT = "audit", _("Audit or check")
        PRACTICE = "practice", _("Record of practice")
        SURVIVOR_VOICE = "survivor_voice", _("What survivors say")
        STAFF_VOICE = "staff_voice", _("What staff say")
        OBSERVATION = "observation", _("Observation")

    class Status(models.TextChoices):
        IN_USE = "in_use", _("In use")
        RETIRED = "retired", _("Put aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="evidence")
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name=_("service"),
        help_text=_("Leave empty if it holds for the whole organisation."),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=150)
    shows = models.CharField(_("what it shows"), max_length=500)
    reference = models.CharField(_("where it is kept"), max_length=300, blank=True)
    period_start = models.DateField(_("covers from"))
    period_end = models.DateField(_("covers until"))
    review_on = models.DateField(_("review on"))
    is_anonymised = models.BooleanField(_("names nobody and no place"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.IN_USE)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(period_end__gte=models.F("period_start")), name="evidence_evidence_period")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def newest(self) -> "EvidenceFile | None":
        """The file in its last version, if it has one. One query for many items, with ``with_uses``."""
        return next(iter(self.files.all()), None)

    def uses_in_order(self) -> models.QuerySet[Any]:
        """Where it is used, the newest assessment first. The rows belong to a room above; this only follows the way back."""
        return self.uses.select_related("answer__assessment", "answer__indicator").order_by("-answer__assessment__created_at")

    def freshness(self, day: date | None = None) -> Freshness:
        """Whether it still shows what it says, on ``day`` (today by default)."""
        return freshness(self.period_end, self.review_on, day or timezone.localdate())

    @step("in_use", to="retired", may=permissions.can_change, label=_("Put aside"), explain=_("It leaves the lists. Its history stays."))
    def retire(self, reason: str, *, by: Any) -> None:
        """It is used no more; what was answered with it stays readable."""
        self._decide(self.Status.RETIRED, reason, by)
        self.retired_at = timezone.now()

    @step("retired", to="in_use", may=permissions.can_change, label=_("Take back into use"))
    def restore(self, reason: str, *, by: Any) -> None:
        """It is used again."""
        self._decide(self.Status.IN_USE, reason, by)
        self.retired_at = None

    def _decide(self, to: str, reason: str, by: Any) -> None:
        if not reason.strip():
            raise ValidationError({"reason": _("Say why, so that a colleague understands it next year.")})
        self.decisions.create(to=to, reason=reason.strip(), by=by)


class Decision(models.Model):
    """Why an item was put aside, or taken back: the trail keeps codes only, and the reason is a sentence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="decisions")
    to = models.CharField(max_length=20, choices=Evidence.Status.choices)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-at",)
        verbose_name = _("decision about evidence")

    def __str__(self) -> str:
        return self.reason


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    """Files, as their evidence."""

    def visible_to(self, user: Any) -> "EvidenceFileQuerySet":
        """As the evidence."""
        return self.filter(evidence__in=Evidence.objects.visible_to(user))

    def of_organisation(self, organisation: Any) -> "EvidenceFileQuerySet":
        """All that an organisation keeps here, old versions too: what its quota counts."""
        return self.filter(evidence__organisation=organisation)

    def to_scan(self, *, has_scanner: bool) -> "EvidenceFileQuerySet":
        """Those a scanner has still to look at, once there is one."""
        return self.filter(scan__in=(EvidenceFile.Scan.WAITING, EvidenceFile.Scan.NOT_REQUIRED)) if has_scanner else self.none()


class EvidenceFile(models.Model):
    """One version of a file. The stored name is random; the name people gave is shown cleaned."""

    class Scan(models.TextChoices):
        WAITING = "waiting", _("Not checked yet")
        CLEAN = "clean", _("Checked")
        INFECTED = "infected", _("Refused: it carries malicious code")
        NOT_REQUIRED = "not_required", _("No scanner is set up here")
        MISSING = "missing", _("The file is gone from the disk")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()  # 1, 2, 3 …
    stored_name = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shown_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    scan = models.CharField(max_length=20, choices=Scan.choices, default=Scan.WAITING)
    scanned_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[Any] = EvidenceFileQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name = _("file")
        constraints: ClassVar = [models.UniqueConstraint(fields=["evidence", "number"], name="evidence_file_number")]

    def __str__(self) -> str:
        return self.shown_name

    def is_open(self, *, has_scanner: bool) -> bool:
        """Whether it may be taken: found clean, or nobody looks here at all."""
        return self.scan == self.Scan.CLEAN or (self.scan == self.Scan.NOT_REQUIRED and not has_scanner)
