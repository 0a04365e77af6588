"""Makes a changed service reach readers at once."""

from django.apps import AppConfig, apps

from portal.cms import pagecache


class DirectoryConfig(AppConfig):
    """The list of services that may be known."""

    name = "survivors.directory"
    label = "directory"
    verbose_name = "Find support"

    def ready(self) -> None:
        """Services and their organisations announce themselves when they are saved."""
        pagecache.clear_on_changes_of([apps.get_model("services", "Service"), apps.get_model("organisations", "Organisation")])
