"""A fact is something a reader acts on: a number to call, a date to keep, an amount. Text refers to it by its key."""

import datetime
import re
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from portal.cms import texts
from portal.cms.fields import ChoicesField
from portal.cms.marks import MARKS, is_settled
from portal.languages import FIRST_RELEASE, SOURCE
from survivors.facts import permissions
from survivors.facts.nations import UK, WHERE
from survivors.facts.wording import could_be_called, problems

if TYPE_CHECKING:
    from portal.accounts.models import User

# ASCII digits only, to the very end: a telephone dials no others.
PHONE = re.compile(r"^\d[\d ]{1,15}\d\Z", re.ASCII)
AMOUNT = re.compile(r"^\d{1,6}(\.\d{2})?\Z", re.ASCII)
SEEN = re.compile(r"^(\d{4}(-(0[1-9]|1[0-2]))?)?\Z", re.ASCII)
EXIT = re.compile(rf"^leave-({'|'.join(language.code for language in FIRST_RELEASE)})\Z")


class Kind(models.TextChoices):
    """What sort of value a fact has, and so how it is written."""

    PHONE = "phone", "Telephone number"
    LINK = "link", "Link"
    AMOUNT = "amount", "Amount in pounds"
    DURATION = "duration", "Time limit"
    NAME = "name", "Official name with a figure in it"
    EXIT = "exit", "Neutral page for leaving"


class Unit(models.TextChoices):
    """The unit of a time limit."""

    HOURS = "hours", "hours"
    DAYS = "days", "days"
    WORKING_DAYS = "working_days", "working days"
    WEEKS = "weeks", "weeks"
    MONTHS = "months", "months"
    YEARS = "years", "years"


# Days after a check until the next one is due. Telephone numbers: docs/publishing.md; pages for leaving are watched more closely (QX-19).
CHECK_AGAIN_AFTER = {Kind.PHONE: 90, Kind.AMOUNT: 31, Kind.DURATION: 180, Kind.LINK: 90, Kind.NAME: 365, Kind.EXIT: 31}

# Plural forms differ by language (Arabic has six), so each unit is a counted phrase of the catalogue.
SPANS = {
    Unit.HOURS: ngettext_lazy("%(count)s hour", "%(count)s hours", "count"),
    Unit.DAYS: ngettext_lazy("%(count)s day", "%(count)s days", "count"),
    Unit.WORKING_DAYS: ngettext_lazy("%(count)s working day", "%(count)s working days", "count"),
    Unit.WEEKS: ngettext_lazy("%(count)s week", "%(count)s weeks", "count"),
    Unit.MONTHS: ngettext_lazy("%(count)s month", "%(count)s months", "count"),
    Unit.YEARS: ngettext_lazy("%(count)s year", "%(count)s years", "count"),
}


class Source(models.Model):
    """Where a statement comes from: an official text, a sector body, a court."""

    code = models.SlugField("code", max_length=8, unique=True, help_text="As in the research notes, such as S02.")
    title = models.CharField("title", max_length=300)
    publisher = models.CharField("publisher", max_length=200, blank=True)
    dated = models.CharField("date of the document", max_length=60, blank=True)
    address = models.URLField("address", max_length=500, blank=True)
    official = models.BooleanField("official text", default=False)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Titles of documents hold years and sections, but readers see them: no number that could be called (INJ-16)."""
        fields = ("title", "publisher", "dated")
        if wrong := {
            name: f"“{found[0]}” could be a telephone number." for name in fields if (found := could_be_called(getattr(self, name)))
        }:
            raise ValidationError(wrong)


class FactQuerySet(models.QuerySet["Fact"]):
    """Facts, by what a reader of the register wants to know."""

    def overdue(self, at: datetime.date) -> "FactQuerySet":
        """Never verified by a person, or past the day of their next check."""
        return self.filter(models.Q(verified_on=None) | models.Q(review_by__lt=at))

    def for_texts(self) -> "FactQuerySet":
        """Facts that words may refer to. Where leaving leads is nobody's to read, or to link to."""
        return self.exclude(kind=Kind.EXIT)

    def values_for_texts(self) -> dict[str, str]:
        """Key → value of what words may refer to, as ``wording.problems`` wants it."""
        return dict(self.for_texts().values_list("key", "value"))

    def by_urgency(self) -> list["Fact"]:
        """The longest overdue first, then what nobody has ever checked, then the rest by the day it falls due."""
        today = timezone.localdate()
        return sorted(self, key=lambda fact: (-fact.days_overdue(today), fact.verified_on is not None, fact.review_by or today, fact.key))

    def register(self, language: str = SOURCE) -> dict[str, "Fact"]:
        """Every fact by key; those whose words in ``language`` may be shown know it. Two queries: a page asks once."""
        facts = list(self)
        shown = texts.shown(Fact, facts, language)
        for fact in facts:
            fact.shown_in = language if str(fact.pk) in shown else SOURCE
        return {fact.key: fact for fact in facts}


class Fact(models.Model):
    """One fact. ``value`` is the same in every language; the words around it are translated."""

    WORDS: ClassVar[tuple[str, ...]] = ("name", "for_whom", "hours", "languages")
    # What readers act on. It changes only through a proposal that a second person accepts: ``FactProposal``.
    GUARDED: ClassVar[tuple[str, ...]] = ("key", "kind", "value", "unit", "nations", "source", "seen", "mark")
    shown_in = SOURCE  # set by ``register``: the language in which the words may be shown beside English

    key = models.SlugField("key", max_length=60, unique=True, help_text="Text refers to the fact by this key, in curly brackets: {key}.")
    kind = models.CharField("kind", max_length=10, choices=Kind)
    value = models.CharField("value", max_length=200, blank=True, help_text="Empty: not known, readers see that it is being checked.")
    unit = models.CharField("unit", max_length=12, choices=Unit, blank=True)
    name = models.CharField("name", max_length=120)
    for_whom = models.CharField("for whom", max_length=200, blank=True)
    hours = models.CharField("hours", max_length=120, blank=True)
    languages = models.CharField("languages spoken", max_length=120, blank=True)
    nations = ChoicesField("where", vocabulary=WHERE, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    seen = models.CharField("seen in the source", max_length=7, blank=True, help_text="Year, or year and month: 2026-04.")
    mark = models.CharField("mark", max_length=1, choices=MARKS)
    verified_on = models.DateField("verified on", null=True, blank=True, help_text="When a person called, opened or read it.")
    verified_by = models.CharField("verified by", max_length=120, blank=True)
    review_by = models.DateField("next check by", null=True, blank=True)

    objects = models.Manager.from_queryset(FactQuerySet)()

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="duration") & ~models.Q(unit="") | ~models.Q(kind="duration") & models.Q(unit=""),
                name="facts_fact_unit_only_for_durations",
                violation_error_message="A time limit needs a unit, and nothing else has one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.plain() or 'not known'})"

    def clean(self) -> None:
        """Raises ``ValidationError`` with what is wrong and how to write it."""
        errors: dict[str, str | list[str]] = {**self._word_problems()}
        if wrong := self._value_problem():
            errors["value"] = wrong
        if wrong := self._key_problem():
            errors["key"] = wrong
        if not SEEN.match(self.seen):
            errors["seen"] = "Write a year, or year and month, such as 2026-04."
        if self.verified_on and not self.verified_by:
            errors["verified_by"] = "Who verified it? A check counts only with a name."
        if self.verified_on and self.verified_on > timezone.localdate():
            errors["verified_on"] = "This day has not come yet."
        elif self.verified_on and not self.review_by:
            errors["review_by"] = "By when does somebody check it again?"
        if errors:
            raise ValidationError(errors)

    def _word_problems(self) -> dict[str, list[str]]:
        """Numbers and addresses in the words around the value: nobody would check them, and they would differ by language."""
        fields = [f"{name}_{language.code}" for name in self.WORDS for language in FIRST_RELEASE]
        return {field: wrong for field in fields if (wrong := problems(getattr(self, field) or "", {}))}

    def _key_problem(self) -> str:
        if self.kind == Kind.EXIT and not EXIT.match(self.key):
            return "The key of a page for leaving is leave- and the code of a language, such as leave-en."
        if self.kind != Kind.EXIT and self.key.startswith("leave-"):
            return "Keys that begin with leave- belong to pages for leaving."
        return ""

    def _value_problem(self) -> str:
        if not self.value:
            return "Leaving always leads somewhere: write an address." if self.kind == Kind.EXIT else ""
        match self.kind:
            case Kind.PHONE if not PHONE.match(self.value):
                return "Write a telephone number with digits and spaces only, such as 08000 121 700."
            case Kind.AMOUNT if not AMOUNT.match(self.value):
                return "Write pounds, with pence if there are any, such as 49.18."
            case Kind.DURATION if not (self.value.isascii() and self.value.isdigit() and 0 < int(self.value) < 1000):
                return "Write a whole number, and choose the unit below."
            case Kind.LINK | Kind.EXIT:
                try:
                    URLValidator(schemes=["https"])(self.value)
                except ValidationError:
                    return "Write a complete address that starts with https://."
                if self.kind == Kind.EXIT and re.search(r"[?#@]", self.value):
                    return "Write the address of a page that is the same for everybody: without ?, # and @."
        return ""

    def guarded(self) -> dict[str, Any]:
        """The values that only two people can change, as a proposal keeps them."""
        return {name: self.source.code if name == "source" else getattr(self, name) for name in self.GUARDED}

    def take(self, values: dict[str, Any]) -> None:
        """Set guarded values on this object; nothing is saved. A new value has been verified by nobody.

        Raises ``ValidationError`` for a source that does not exist.
        """
        before = (self.kind, self.value, self.unit)
        for name, value in values.items():
            if name == "source":
                source = Source.objects.filter(code=value).first()
                if source is None:
                    raise ValidationError({"source": f"There is no source called {value}."})
                self.source = source
            else:
                setattr(self, "name_en" if name == "name" else name, value)
        if (self.kind, self.value, self.unit) != before:
            self.verified_on, self.verified_by, self.review_by = None, "", None

    def verify(self, *, by: "User", stated: str) -> None:
        """``by`` has just called, opened or read it, and found what the register states (``stated``).

        Raises ``PermissionDenied``, or ``ValidationError`` when the register says something else by now.
        """
        if not permissions.may_check(by):
            raise PermissionDenied
        with transaction.atomic():
            now = Fact.objects.select_for_update().get(pk=self.pk)
            if not now.is_known or now.stated != stated:
                stands = now.plain() or "not known"
                raise ValidationError(f"“{now.english_name}” changed while you checked it: it is {stands} now. Check that.")
            today = timezone.localdate()
            self.verified_on = now.verified_on = today
            self.verified_by = now.verified_by = str(by)[:120]
            self.review_by = now.review_by = today + datetime.timedelta(days=CHECK_AGAIN_AFTER[Kind(now.kind)])
            now.save(update_fields=["verified_on", "verified_by", "review_by"])

    @property
    def english_name(self) -> str:
        """The name for editors, whatever language is active."""
        return getattr(self, f"name_{SOURCE}") or ""

    @property
    def stated(self) -> str:
        """Value and unit, to tell whether they are still what somebody read."""
        return f"{self.value} {self.unit}".strip()

    @property
    def is_known(self) -> bool:
        """Whether there is a value to show at all."""
        return bool(self.value)

    @property
    def is_settled(self) -> bool:
        """Whether the value may stand as a fact: known, and marked A or B."""
        return self.is_known and is_settled(self.mark)

    @property
    def is_uk_wide(self) -> bool:
        """For the whole UK, or for the nations listed."""
        return UK in self.nations or not self.nations

    @property
    def seen_on(self) -> datetime.date | None:
        """The month (or year) in which the source showed the value."""
        if not self.seen:
            return None
        year, _, month = self.seen.partition("-")
        return datetime.date(int(year), int(month or 1), 1)

    @property
    def seen_format(self) -> str:
        """Django date format of ``seen_on``: the day is never known."""
        return "F Y" if "-" in self.seen else "Y"

    @property
    def is_short_code(self) -> bool:
        """A national code such as 999: it needs no call to be checked."""
        return self.kind == Kind.PHONE and 0 < len(self.tel) <= 3

    def is_overdue(self, at: datetime.date) -> bool:
        """As ``FactQuerySet.overdue``, for one row."""
        return self.verified_on is None or (self.review_by is not None and self.review_by < at)

    def days_overdue(self, at: datetime.date) -> int:
        """Days since the day of its next check; nought before that day, and for what was never checked."""
        return max((at - self.review_by).days, 0) if self.review_by else 0

    @admin.display(description="value", ordering="value")
    def plain(self) -> str:
        """The value as words of the active language, without markup. Empty when it is not known."""
        if not self.value:
            return ""
        if self.kind == Kind.DURATION:
            return str(SPANS[Unit(self.unit)] % {"count": int(self.value)})
        if self.kind == Kind.AMOUNT:
            return f"£{self.value}"
        return self.value

    @property
    def reference(self) -> str:
        """What an editor writes into a text."""
        return f"{{{self.key}}}"

    @property
    def tel(self) -> str:
        """The number as a ``tel:`` link wants it."""
        return self.value.replace(" ", "")
