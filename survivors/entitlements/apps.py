"""The rights finder."""

from django.apps import AppConfig

from portal.cms import pagecache


class EntitlementsConfig(AppConfig):
    """The finder and its words."""

    name = "survivors.entitlements"
    label = "entitlements"
    verbose_name = "Rights finder"

    def ready(self) -> None:
        """A changed text reaches readers at once."""
        pagecache.clear_on_changes_of(self.get_models())
