"""Addresses of pages: the same path in every language, after the language's prefix."""

from django.urls import reverse
from wagtail.models import Page


def page_address(page: Page) -> str:
    """The page's path under the reader's language, e.g. ``/ar/help/interpreters/``, whatever language the page itself is in.

    The first part of ``url_path`` is the home page of a locale's tree; slugs are the same in every language.
    """
    return reverse("wagtail_serve", args=[page.url_path.lstrip("/").partition("/")[2]])
