"""What our pages change in Wagtail's editor."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from portal.cms.rich_text import ReaderPageLinkHandler


@hooks.register("register_rich_text_features", order=100)
def readers_links(features: FeatureRegistry) -> None:
    """Links to pages stay in the reader's language."""
    features.register_link_type(ReaderPageLinkHandler)
