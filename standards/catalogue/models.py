"""Framework, edition, chapter, standard, indicator: reference data, the same for every service, immutable once in use."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Framework(models.Model):
    """A set of standards with one owner, through all its editions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    owner = models.CharField(max_length=200)
    audience = models.CharField(max_length=300, blank=True)
    licence_note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("framework")

    def __str__(self) -> str:
        return self.name


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, by what may be done with them."""

    def in_use(self) -> "EditionQuerySet":
        """Those a new assessment may choose."""
        return self.filter(status=Edition.Status.IN_USE)

    def public(self) -> "EditionQuerySet":
        """Everything but drafts: the catalogue is nobody's secret."""
        return self.exclude(status=Edition.Status.DRAFT)


class Edition(models.Model):
    """One dated edition. ``digest`` is over its whole content: an assessment names the wording it was answered under."""

    class Status(models.TextChoices):
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
    key_questions = models.JSONField(default=list, blank=True)  # [{code, title}]
    outcomes = models.JSONField(default=list, blank=True)  # [{code, title}]
    scale = models.JSONField(default=list, blank=True)  # [{code, score, title, meaning}]
    digest = models.CharField(max_length=64, blank=True, editable=False)
    imported_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "code")
        verbose_name = _("edition")

    def __str__(self) -> str:
        return f"{self.framework} ({self.year})"


class Chapter(models.Model):
    """A theme, with where its content comes from."""

    class Provenance(models.TextChoices):
        SEEN = "seen", _("The subject was seen in a source; the wording is ours")
        FROM_MEMORY = "from_memory", _("Our paraphrase, from memory")
        CHECKED = "checked", _("Checked against the source")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="chapters")
    code = models.SlugField(max_length=20)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    source_chapter = models.CharField(max_length=300, blank=True)
    provenance = models.CharField(max_length=20, choices=Provenance.choices)
    provenance_note = models.TextField(blank=True)
    outcomes = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("order",)
        verbose_name = _("chapter")
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="catalogue_chapter_code")]

    def __str__(self) -> str:
        return self.title


class Standard(models.Model):
    """One standard. ``promise`` is the plain line for survivors, "what you can expect"; empty until somebody wrote it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="standards")
    code = models.SlugField(max_length=20)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    statement = models.CharField(max_length=500)
    promise = models.CharField(max_length=300, blank=True)
    key_question = models.SlugField(max_length=20)
    applies_to = models.JSONField(default=list, blank=True)  # kinds of service; empty means all

    class Meta:
        ordering = ("chapter__order", "order")
        verbose_name = _("standard")
        constraints: ClassVar = [models.UniqueConstraint(fields=["chapter", "code"], name="catalogue_standard_code")]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """What a provider must be able to show. Codes are unique in an edition and never used again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="indicators")
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="indicators")
    code = models.SlugField(max_length=30)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    is_critical = models.BooleanField(default=False)
    weight = models.PositiveSmallIntegerField(default=1)
    good_practice = models.CharField(max_length=500, blank=True)
    weak_practice = models.CharField(max_length=500, blank=True)
    evidence_hints = models.CharField(max_length=500, blank=True)
    freshness_months = models.PositiveSmallIntegerField(null=True, blank=True)  # how old evidence may be

    class Meta:
        ordering = ("standard__chapter__order", "standard__order", "order")
        verbose_name = _("indicator")
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "code"], name="catalogue_indicator_code")]

    def __str__(self) -> str:
        return self.code


class Erratum(models.Model):
    """A dated correction of an edition in use: the old wording stays readable beside the new."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="errata")
    item_code = models.SlugField(max_length=30)
    field = models.SlugField(max_length=30)
    before = models.TextField()
    after = models.TextField()
    reason = models.CharField(max_length=300)
    dated = models.DateField()

    class Meta:
        ordering = ("dated", "item_code")
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
