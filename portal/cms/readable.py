"""Which translated pages may be shown, decided when a page is rendered. The answer is one query per language and page.

A page is readable in a language while a named person vouches for it. Where drafts are shown (demo and tests), every live translation is
readable and says that it is a draft.
"""

import datetime
from enum import StrEnum

from django.conf import settings
from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Page, PageLogEntry

from portal.cms.models.languages import LanguageStatus, SignOff
from portal.languages import FIRST_RELEASE, SOURCE, Language

GRACE = datetime.timedelta(days=28)  # how long a signed translation stays up after English has changed, saying so
SAFETY = ("guide", "help", "get-help-now", "staying-safe-online", "interpreters")  # signed before a language is public; slugs in English


class State(StrEnum):
    """How a translated page stands."""

    SIGNED = "signed"
    BEHIND = "behind"  # signed, but English has changed since
    DRAFT = "draft"  # nobody vouches for it
    SOURCE = "source"  # it is English


def state_of(page: Page, source: Page | None) -> State:
    """The state of ``page``, a translation of ``source``. One query; none for English."""
    if page.locale.language_code == SOURCE or source is None:
        return State.SOURCE
    vouching = SignOff.objects.vouching(timezone.localdate()).filter(page_id=page.pk)
    signed = list(vouching.values_list("source_revision_id", flat=True))
    if source.live_revision_id in signed:
        return State.SIGNED
    return State.BEHIND if signed else State.DRAFT


def changed_since(page: Page, source: Page | None) -> datetime.date | None:
    """The day English changed after this translation was published, or ``None``."""
    if source is None or not source.last_published_at or not page.last_published_at:
        return None
    return timezone.localdate(source.last_published_at) if source.last_published_at > page.last_published_at else None


def is_readable(page: Page, source: Page | None) -> bool:
    """Whether readers may see ``page`` now."""
    if source is not None and not source.live:
        return False  # what was withdrawn in English is withdrawn in every language
    if source is None or page.locale.language_code == SOURCE or settings.SHOW_DRAFTS:
        return True
    return _readable(SignOff.objects.filter(page=page)).exists()


def readable_ids(locale: str) -> set[int] | None:
    """Ids of the translated pages of ``locale`` that may be shown, or ``None`` where all may be."""
    if locale == SOURCE or settings.SHOW_DRAFTS:
        return None
    return set(_readable(SignOff.objects.filter(page__locale__language_code=locale)).values_list("page_id", flat=True))


def _readable(signs: "QuerySet[SignOff]") -> "QuerySet[SignOff]":
    """Those of ``signs`` that let readers see their page: English is as it was compared, or has changed lately.

    The time runs from the first change after the comparison: a second change does not give an old translation more time.
    """
    changes = PageLogEntry.objects.filter(
        page=OuterRef("source_id"), action="wagtail.publish", revision__created_at__gt=OuterRef("source_revision__created_at")
    )
    first = changes.order_by().values("page").annotate(first=Min("timestamp")).values("first")
    vouching = signs.filter(pk__in=SignOff.objects.vouching(timezone.localdate()), source__live=True)
    lately = Q(source__live_revision=F("source_revision")) | Q(changed__gt=timezone.now() - GRACE)
    return vouching.annotate(changed=Subquery(first)).filter(lately)


def public_languages() -> list[Language]:
    """English, and every language that was made public and whose safety pages somebody vouches for now. All, where drafts are shown."""
    if settings.SHOW_DRAFTS:
        return list(FIRST_RELEASE)
    public = set(LanguageStatus.objects.filter(status=LanguageStatus.Status.PUBLIC).values_list("locale__language_code", flat=True))
    signed = _readable(SignOff.objects.filter(source__slug__in=SAFETY, source__locale__language_code=SOURCE))
    pages = set(signed.values_list("page__locale__language_code", "source__slug"))
    return [
        language
        for language in FIRST_RELEASE
        if language.code == SOURCE or (language.code in public and all((language.code, slug) in pages for slug in SAFETY))
    ]


def alternates(page: Page) -> list[Language]:
    """The public languages in which this page may be read, for search engines. None while drafts are shown: they are no publication."""
    if settings.SHOW_DRAFTS:
        return []
    signed = _readable(SignOff.objects.filter(page__translation_key=page.translation_key))
    codes = {SOURCE, *signed.values_list("page__locale__language_code", flat=True)}
    return [language for language in public_languages() if language.code in codes]
