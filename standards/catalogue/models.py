"""Framework, edition, chapter, standard, indicator: reference data, the same for every service, immutable once in use."""

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standards.catalogue.pinning import Pinned, PinnedQuerySet

# Which marks of `applies_to` a kind of service answers for. Whoever houses people answers for the building: a question
# about fire that does not fit is answered "does not apply" with a reason, which costs less than one nobody asked.
ANSWERS_FOR: dict[str, tuple[str, ...]] = {
    "safehouse": ("safehouse",),
    "outreach": ("outreach",),
    "accommodation": ("accommodation", "safehouse"),
    "first_response": ("first_response",),
}


class Framework(models.Model):
    """A set of standards with one owner, through all its editions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_cy = models.CharField(max_length=200, blank=True)
    owner = models.CharField(max_length=200)
    jurisdictions = models.JSONField(default=list, blank=True)  # of england, wales, scotland, northern_ireland
    audience = models.CharField(max_length=300, blank=True)
    licence_note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("framework")

    def __str__(self) -> str:
        return self.name


class EditionQuerySet(PinnedQuerySet["Edition"]):
    """Editions, by what may be done with them."""

    def in_use(self) -> "EditionQuerySet":
        """Those a new assessment may choose."""
        return self.filter(status=Edition.Status.IN_USE)

    def public(self) -> "EditionQuerySet":
        """Everything but drafts: the catalogue is nobody's secret."""
        return self.exclude(status=Edition.Status.DRAFT)

    def listed(self) -> "EditionQuerySet":
        """With framework and counts (``chapter_count``, ``indicator_count``), newest first within a framework."""
        counts = {
            "chapter_count": models.Count("chapters", distinct=True),
            "indicator_count": models.Count("indicators", distinct=True),
            "critical_count": models.Count("indicators", Q(indicators__is_critical=True), distinct=True),
        }
        return self.select_related("framework").annotate(**counts).order_by("framework__name", "-year")


class Edition(Pinned):  # type: ignore[django-manager-missing]  # the managers of Theme are made anew by django-modeltranslation
    """One dated edition. ``digest`` is over its wording: an assessment names the wording it was answered under.

    The first assessment pins the edition (``pin``): from then on its wording is immutable (``pinning.py``). A correction
    is an ``Erratum``, which leaves the digest alone: the digest names what was imported, and which errata stood beside it
    on a day is told by their dates.
    """

    EDITION: ClassVar[str] = ""
    OWNER: ClassVar[str] = ""
    TONES: ClassVar = {"in_use": "good", "frame": "care", "retired": "plain", "draft": "plain"}
    CONTENT: ClassVar = frozenset({"framework", "code", "year", "key_questions", "outcomes", "scale", "digest", "pinned_at"})

    class Status(models.TextChoices):
        """How far the edition is."""

        DRAFT = "draft", _("Draft")
        FRAME = "frame", _("Frame only, no indicators yet")
        IN_USE = "in_use", _("In use")
        RETIRED = "retired", _("Retired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="editions")
    code = models.SlugField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.DRAFT)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    is_official_text = models.BooleanField(default=False)
    provenance = models.TextField(blank=True)
    provenance_cy = models.TextField(blank=True)
    published = models.CharField(max_length=10, blank=True)  # by the owner, as exact as known: "2018-10"
    supersedes = models.SlugField(max_length=40, blank=True)  # code of the edition before, which need not be here
    superseded_by = models.SlugField(max_length=40, blank=True)
    known_facts = models.JSONField(default=list, blank=True)  # [{code, text, source}]: what is known of a frame
    key_questions = models.JSONField(default=list, blank=True)  # [{code, title}]
    outcomes = models.JSONField(default=list, blank=True)  # [{code, title}]
    scale = models.JSONField(default=list, blank=True)  # [{code, score, title, meaning}]
    digest = models.CharField(max_length=64, blank=True, editable=False)
    file_digest = models.CharField(max_length=64, blank=True, editable=False)  # over everything in the file, words around included
    promises_checked_by = models.CharField(max_length=200, blank=True)  # survivors and a lawyer; empty: not yet
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    pinned_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "code")
        verbose_name = _("edition")

    def __str__(self) -> str:
        return f"{self.framework} ({self.year})"

    @property
    def is_pinned(self) -> bool:
        """Whether somebody was assessed under it, so that its wording stays."""
        return self.pinned_at is not None

    def pin(self) -> None:
        """From now on the wording is immutable. For the first assessment to call; later calls change nothing.

        Raises ``ValidationError`` when the edition is not in use: nobody may be assessed under a draft or a frame.
        """
        if self.status != self.Status.IN_USE:
            raise ValidationError(_("This edition is not in use: choose another."))
        now = timezone.now()
        if Edition.objects.filter(pk=self.pk, pinned_at=None).update(pinned_at=now):
            self.pinned_at = now
        else:
            self.refresh_from_db(fields=["pinned_at"])


class Theme(models.Model):
    """A plain heading for survivors, over the promises of several chapters. Translated; nobody is assessed under it."""

    WORDS: ClassVar[tuple[str, ...]] = ("title",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=20)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = ("order",)
        verbose_name = _("heading of promises")
        verbose_name_plural = _("headings of promises")
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="catalogue_theme_code")]

    def __str__(self) -> str:
        return self.title


class Chapter(Pinned):  # type: ignore[django-manager-missing]  # the same of Standard
    """A theme, with where its content comes from."""

    CONTENT: ClassVar = frozenset({"edition", "code", "order", "title", "outcomes"})

    class Provenance(models.TextChoices):
        """Where the content comes from, in the words that readers see."""

        SEEN = "seen", _("The subject was seen in a source; the wording is ours")
        FROM_MEMORY = "from_memory", _("Our paraphrase, from memory")
        CHECKED = "checked", _("Checked against the source")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="chapters")
    code = models.SlugField(max_length=20)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="chapters")
    corrected = models.JSONField(default=dict, blank=True, editable=False)  # field → wording after the last erratum
    source_chapter = models.CharField(max_length=300, blank=True)
    provenance = models.CharField(max_length=20, choices=Provenance.choices)
    provenance_note = models.TextField(blank=True)
    outcomes = models.JSONField(default=list, blank=True)

    objects: ClassVar[Any] = PinnedQuerySet.as_manager()

    class Meta:
        ordering = ("order",)
        verbose_name = _("chapter")
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="catalogue_chapter_code")]

    def __str__(self) -> str:
        return self.title


class StandardQuerySet(PinnedQuerySet["Standard"]):
    """Standards, by who reads them."""

    def of(self, edition: Edition) -> "StandardQuerySet":
        """Those of ``edition``, with chapter and indicators."""
        found = self.filter(chapter__edition=edition).select_related("chapter")
        return found.prefetch_related(models.Prefetch("indicators", Indicator.objects.order_by("order")))

    def promised(self, framework: str) -> "StandardQuerySet":
        """Those with a plain line for survivors, in the edition of ``framework`` (its code) in use, by theme. One query."""
        in_use = self.filter(chapter__edition__framework__code=framework, chapter__edition__status=Edition.Status.IN_USE)
        found = in_use.exclude(promise_en="").filter(promise_en__isnull=False, chapter__theme__isnull=False)
        return found.select_related("chapter__theme", "chapter__edition").order_by("chapter__theme__order", "chapter__order", "order")


class Standard(Pinned):
    """One standard. ``promise`` is the plain line for survivors, "what you can expect"; empty until somebody wrote it."""

    CONTENT: ClassVar = frozenset({"chapter", "code", "order", "title", "statement", "key_question", "applies_to"})
    EDITION: ClassVar[str] = "chapter__edition__"
    OWNER: ClassVar[str] = "chapter"
    WORDS: ClassVar[tuple[str, ...]] = ("promise",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="standards")
    code = models.SlugField(max_length=20)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    statement = models.CharField(max_length=500)
    statement_cy = models.CharField(max_length=500, blank=True)
    corrected = models.JSONField(default=dict, blank=True, editable=False)
    promise = models.CharField(max_length=300, blank=True)
    key_question = models.SlugField(max_length=20)
    applies_to = models.JSONField(default=list, blank=True)  # kinds of service; empty means all

    objects: ClassVar[Any] = StandardQuerySet.as_manager()

    class Meta:
        ordering = ("chapter__order", "order")
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        constraints: ClassVar = [models.UniqueConstraint(fields=["chapter", "code"], name="catalogue_standard_code")]

    def __str__(self) -> str:
        return self.title

    @property
    def kinds(self) -> list[Any]:
        """The kinds of service it is asked of, in words; empty means all."""
        names = {"safehouse": _("Safehouse"), "outreach": _("Outreach"), "accommodation": _("Other accommodation")}
        return [(names | {"first_response": _("First response")})[kind] for kind in self.applies_to]


class IndicatorQuerySet(PinnedQuerySet["Indicator"]):
    """Indicators, by which service answers them."""

    def for_service(self, edition: Edition, service_kind: str) -> "IndicatorQuerySet":
        """What a service of ``service_kind`` is asked under ``edition``, in reading order, with standard and chapter. One query.

        A standard that names no kind is asked of all. See ``ANSWERS_FOR``. Raises ``KeyError`` for an unknown kind.
        """
        asked = Q(kinds="[]")
        for mark in ANSWERS_FOR[service_kind]:
            asked |= Q(kinds__contains=f'"{mark}"')
        # As text: "contains" for JSON is PostgreSQL's alone, and the embedded database serves small installations.
        found = self.filter(edition=edition).annotate(kinds=Cast("standard__applies_to", models.TextField())).filter(asked)
        return found.select_related("standard__chapter").order_by("standard__chapter__order", "standard__order", "order")


class Indicator(Pinned):
    """What a provider must be able to show. Codes are unique in an edition and never used again."""

    CONTENT: ClassVar = frozenset(
        {
            *("edition", "standard", "code", "order", "text", "is_critical", "weight"),
            *("good_practice", "weak_practice", "evidence_hints", "freshness_months"),
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="indicators")
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    code = models.SlugField(max_length=30)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    text_cy = models.CharField(max_length=500, blank=True)
    corrected = models.JSONField(default=dict, blank=True, editable=False)
    is_critical = models.BooleanField(default=False)
    weight = models.PositiveSmallIntegerField(default=1)
    good_practice = models.CharField(max_length=500, blank=True)
    good_practice_cy = models.CharField(max_length=500, blank=True)
    weak_practice = models.CharField(max_length=500, blank=True)
    weak_practice_cy = models.CharField(max_length=500, blank=True)
    evidence_hints = models.CharField(max_length=500, blank=True)
    evidence_hints_cy = models.CharField(max_length=500, blank=True)
    freshness_months = models.PositiveSmallIntegerField(null=True, blank=True)  # how old evidence may be

    objects: ClassVar[Any] = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ("standard__chapter__order", "standard__order", "order")
        verbose_name = _("indicator")
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="catalogue_indicator_code")]

    def __str__(self) -> str:
        return self.code


class Erratum(models.Model):
    """A dated correction of an edition in use: the old wording stays readable beside the new.

    The row that is corrected keeps its wording; ``corrected`` on it holds the new one, and readers get both (``wording.py``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="errata")
    item_code = models.SlugField(max_length=30)
    field = models.SlugField(max_length=30)
    before = models.TextField()
    after = models.TextField()
    reason = models.CharField(max_length=300)
    dated = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("dated", "recorded_at")
        verbose_name = _("erratum")

    def __str__(self) -> str:
        return f"{self.item_code}: {self.field}"


class Crosswalk(models.Model):
    """How an item of one edition relates to one of another; either end may be missing (new, dropped)."""

    class Relation(models.TextChoices):
        SAME = "same", _("The same")
        NARROWER = "narrower", _("Narrower")
        WIDER = "wider", _("Wider")
        SPLIT = "split", _("Split")
        MERGED = "merged", _("Merged")
        NEW = "new", _("New")
        DROPPED = "dropped", _("Dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    from_edition = models.ForeignKey(Edition, models.CASCADE, related_name="crosswalks_from")
    to_edition = models.ForeignKey(Edition, models.CASCADE, related_name="crosswalks_to")
    from_code = models.SlugField(max_length=30, blank=True)
    to_code = models.SlugField(max_length=30, blank=True)
    relation = models.CharField(max_length=20, choices=Relation.choices)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("crosswalk")

    def __str__(self) -> str:
        return f"{self.from_code or '–'} → {self.to_code or '–'}"
