"""Makes a changed word of the glossary reach readers at once."""

from django.apps import AppConfig

from portal.cms import pagecache


class GuideConfig(AppConfig):
    """The rights pages."""

    name = "survivors.guide"
    label = "guide"
    verbose_name = "Guide"

    def ready(self) -> None:
        """Pages announce themselves when they are published; a term has no such step."""
        pagecache.clear_on_changes_of([self.get_model("Term")])
