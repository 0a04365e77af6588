"""Links between pages, in the reader's language.

Wagtail would link to the English address when a page is not translated, and the reader would fall out of their language
without a word. Our link keeps the language of the reader; the page it leads to says what is missing.
"""

from django.utils.html import escape
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from portal.cms.addresses import page_address


class ReaderPageLinkHandler(PageLinkHandler):
    """Renders ``<a linktype="page" id="…">`` in public pages."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        """One look-up for all links of a text. A link to a page that is gone becomes plain words."""
        ids = {int(attrs["id"]) for attrs in attrs_list if attrs.get("id", "").isdigit()}
        pages = Page.objects.live().in_bulk(ids)
        return [cls._open_tag(pages.get(int(attrs.get("id") or 0))) for attrs in attrs_list]

    @staticmethod
    def _open_tag(page: Page | None) -> str:
        return f'<a href="{escape(page_address(page))}">' if page else "<a>"
