"""The base of every public page: its words, its checks, and what happens when a language is missing."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Locale, Page
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField, TranslatableField

from portal.cms.marks import MARKS
from portal.cms.readable import State, alternates, changed_since, is_readable, state_of
from portal.languages import BY_CODE, SOURCE


class BasePage(Page):
    """What all public pages share. One row per language; the slug is the same in every language."""

    browser_title = models.CharField(
        "browser title",
        max_length=40,
        help_text="What the tab and the list of visited pages show. Dull and true: somebody else may read it.",
    )
    summary = models.CharField("summary", max_length=300, help_text="One sentence, under the title and on cards.")
    mark = models.CharField("how sure are we?", max_length=1, choices=MARKS, default="C")
    checked_on = models.DateField("checked on", null=True, blank=True)
    checked_by = models.CharField("checked by", max_length=120, blank=True, help_text="Name and role of the person who checked this text.")
    review_by = models.DateField("next check by", null=True, blank=True)
    seed_digest = models.CharField(max_length=64, blank=True, editable=False)  # which seed file this text came from

    content_panels: ClassVar = [*Page.content_panels, FieldPanel("browser_title"), FieldPanel("summary")]
    promote_panels: ClassVar = [FieldPanel("slug")]
    settings_panels: ClassVar[list[Any]] = []
    check_panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel("mark"), FieldPanel("checked_on"), FieldPanel("checked_by"), FieldPanel("review_by")],
            heading="How this text was checked",
        )
    ]
    # Checks belong to one language: they are named neither translatable nor synchronised, so English never signs for others.
    translatable_fields: ClassVar = [
        TranslatableField("title"),
        SynchronizedField("slug"),
        TranslatableField("browser_title"),
        TranslatableField("summary"),
        SynchronizedField("mark"),
    ]

    class Meta:
        abstract = True

    def copy_for_translation(self, locale: Locale, *args: Any, **options: Any) -> "BasePage":
        """A copy for another language starts unchecked."""
        copy: BasePage = super().copy_for_translation(locale, *args, **options)
        copy.checked_on = copy.review_by = None
        copy.checked_by = ""
        type(copy).objects.filter(pk=copy.pk).update(checked_on=None, review_by=None, checked_by="")
        return copy

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Wagtail's route. What is not a translation somebody vouches for is not found: the home page then offers English."""
        found: RouteResult = super().route(request, path_components)
        page = found.page
        if page.alias_of_id or (page.pk == self.pk and not is_readable(self, self.english)):
            raise Http404
        return found

    @cached_property
    def english(self) -> Page | None:
        """The English page this one translates; ``None`` for English itself."""
        if self.locale.language_code == SOURCE:
            return None
        return self.get_translation_or_none(Locale.objects.get(language_code=SOURCE))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``language`` (the reader's), ``written_in`` (the text's), ``is_missing``, ``today`` and more."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        reader = BY_CODE[get_language() or SOURCE]
        written_in = BY_CODE[self.locale.language_code]
        state = state_of(self, self.english)
        context |= {
            "language": reader,
            "written_in": written_in,
            "is_missing": reader != written_in,
            "state": state,
            "changed_on": None if state is State.SIGNED else changed_since(self, self.english),
            "path": self.path_in_language,
            "alternates": alternates(self),
            "site_address": settings.SITE_ADDRESS,
            "today": timezone.localdate(),
        }
        return context

    @property
    def path_in_language(self) -> str:
        """The address after the language's prefix: ``help/interpreters/``. The same in every language."""
        path: str = self.url_path.lstrip("/").partition("/")[2]
        return path

    @property
    def is_due(self) -> bool:
        """Past the day of its next check."""
        return self.review_by is not None and self.review_by < timezone.localdate()
