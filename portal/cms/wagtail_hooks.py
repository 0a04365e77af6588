"""What our pages change in Wagtail's editor."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.rich_text.feature_registry import FeatureRegistry

from portal.cms.rich_text import ReaderPageLinkHandler


@hooks.register("register_rich_text_features", order=100)
def readers_links(features: FeatureRegistry) -> None:
    """Links to pages stay in the reader's language."""
    features.register_link_type(ReaderPageLinkHandler)


@hooks.register("construct_main_menu")
def only_what_is_used(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Pages have no pictures and no files to download, so the menu does not offer them."""
    menu_items[:] = [item for item in menu_items if item.name not in {"images", "documents"}]
