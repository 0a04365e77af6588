"""The room of reports."""

from django.apps import AppConfig

from portal.cms import pagecache


class ReportsConfig(AppConfig):
    """Summaries stand on public pages: whoever changes one, the stored pages are made anew."""

    name = "standards.reports"

    def ready(self) -> None:
        """Listen to renditions."""
        pagecache.clear_on_changes_of([self.get_model("Rendition")])
