"""Which translated pages may be shown, decided when a page is rendered. The answer is one query per language and page.

A page is readable in a language while a named person vouches for it. Where drafts are shown (demo and tests), every live translation is
readable and says that it is a draft.
"""

import datetime
from enum import StrEnum

from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

from portal.cms.models.languages import SignOff
from portal.languages import SOURCE

GRACE = datetime.timedelta(days=28)  # how long a signed translation stays up after English has changed, saying so


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
    state = state_of(page, source)
    if state in {State.SOURCE, State.SIGNED} or settings.SHOW_DRAFTS:
        return True
    return state is State.BEHIND and source is not None and timezone.now() - (source.last_published_at or timezone.now()) <= GRACE


def readable_ids(locale: str) -> set[int] | None:
    """Ids of the translated pages of ``locale`` that may be shown, or ``None`` where all may be."""
    if locale == SOURCE or settings.SHOW_DRAFTS:
        return None
    today = timezone.localdate()
    vouched = SignOff.objects.vouching(today).filter(page__locale__language_code=locale)
    rows = vouched.values_list("page_id", "source__last_published_at", "source__live_revision_id", "source_revision_id")
    now = timezone.now()
    return {page for page, changed, live, compared in rows if live == compared or now - (changed or now) <= GRACE}
