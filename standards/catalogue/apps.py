"""The Standards' catalogue."""

from django.apps import AppConfig

from portal.cms import pagecache


class CatalogueConfig(AppConfig):
    """What survivors read of the catalogue stands in the page cache: whoever changes it, the page is made anew."""

    name = "standards.catalogue"

    def ready(self) -> None:
        """Listen to the tables that the public page is made of."""
        pagecache.clear_on_changes_of([self.get_model("Edition"), self.get_model("Standard"), self.get_model("Theme")])
