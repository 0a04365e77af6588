"""Pages in two languages and people who sign them: the tools of the tests about languages."""

import datetime
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Page

from portal.accounts.models import User
from portal.cms.models import SignOff
from portal.languages import SOURCE
from survivors.guide.models import GuidePage

WORK = "rights/work/"
NOT_READY = "This page is not ready in your language yet. The text below is in English."
DRAFT = "This is a draft translation. A person who speaks your language has not checked it yet."


def page(slug: str = "work", language: str = "ar") -> Any:
    """A guide page in a language."""
    english = Page.objects.get(slug=slug, locale__language_code=SOURCE)
    return english.get_translations(inclusive=True).get(locale__language_code=language).specific


def sign(own: Page, by: User, days: int = 90, **fields: Any) -> SignOff:
    """A sign-off of ``own`` as it stands, that ends in so many days. Signed long ago when that is in the past."""
    own.refresh_from_db()
    source = own.get_translation(Page.objects.get(depth=2, locale__language_code=SOURCE).locale)
    today = timezone.localdate()
    values = {
        "page": own.page_ptr if isinstance(own, GuidePage) else own,
        "page_revision": own.live_revision,
        "source": source,
        "source_revision": source.live_revision,
        "reviewer": "Rania Reviewer",
        "role": "interpreter",
        "signed_by": by,
        "signed_on": today - datetime.timedelta(days=200),
        "review_by": today + datetime.timedelta(days=days),
    }
    return SignOff.objects.create(**(values | fields))


def publish(page: Any, by: User | None = None, **fields: str) -> Any:
    """Change these fields and publish, as an editor does."""
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=by).publish()
    page.refresh_from_db()
    return page


def said(sentence: str, language: str = "ar") -> str:
    """A sentence of the interface in a language; it must have a translation."""
    with translation.override(language):
        own = translation.gettext(sentence)
    assert own != sentence or language == SOURCE
    return own


def read(address: str, client: Client | None = None) -> str:
    """The page as it is rendered now, whatever was stored before."""
    cache.clear()
    response = (client or Client()).get(address)
    assert response.status_code == 200, address
    return response.content.decode()
