"""Makes a changed fact reach readers at once."""

from django.apps import AppConfig

from portal.cms import pagecache


class FactsConfig(AppConfig):
    """The register of facts."""

    name = "survivors.facts"
    label = "facts"
    verbose_name = "Facts"

    def ready(self) -> None:
        """A fact or source that changes in any way clears the page cache."""
        pagecache.clear_on_changes_of([self.get_model("Fact"), self.get_model("Source")])
