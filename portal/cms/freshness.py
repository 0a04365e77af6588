"""When English changes, every translation learns of it at once: how many sentences are behind, and since when."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from wagtail import signals
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from portal.languages import SOURCE


@dataclass(frozen=True)
class Progress:
    """Sentences of the English page, and how many of them have a translation in the language."""

    total: int
    translated: int

    @property
    def behind(self) -> int:
        """Sentences without a translation."""
        return self.total - self.translated


def update_source(page: Page) -> None:
    """Bring the translators' copy of an English page up to date. wagtail-localize does so only when somebody presses a button."""
    source = TranslationSource.objects.get_for_instance_or_none(page)
    if source is not None:
        source.update_from_db()


def _on_publish(instance: Page, **_: Any) -> None:
    if instance.locale.language_code == SOURCE:
        update_source(instance.specific)


def follow_english() -> None:
    """Listen to Wagtail's announcement of a publish. In the same transaction: readers of other languages must not wait for a worker."""
    signals.page_published.connect(_on_publish, dispatch_uid="waymark-freshness")


def progress(locale: Locale) -> dict[str, Progress]:
    """Translation key of every English page that was given to translators → progress in ``locale``. One query."""
    translated = StringTranslation.objects.filter(
        translation_of_id=OuterRef("string_id"), context_id=OuterRef("context_id"), locale=locale, has_error=False
    )
    rows = (
        StringSegment.objects.annotate(done=Exists(translated))
        .values("source__object_id")
        .annotate(total=Count("pk"), translated=Count("pk", filter=Q(done=True)))
    )
    return {str(row["source__object_id"]): Progress(row["total"], row["translated"]) for row in rows}
