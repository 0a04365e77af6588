"""The room of reports: what of it stands in other rooms."""

from django.apps import AppConfig

from portal.cms import pagecache
from standards.assessments.beside import show_beside


class ReportsConfig(AppConfig):
    """Summaries stand on public pages: whoever changes one, the stored pages are made anew. Good practice stands beside questions."""

    name = "standards.reports"

    def ready(self) -> None:
        """Listen to renditions and summaries of a year; say what the page of a standard can show."""
        from standards.reports import cards  # once all models are there

        show_beside(cards.beside)
        pagecache.clear_on_changes_of([self.get_model("Rendition"), self.get_model("NationalSummary")])
