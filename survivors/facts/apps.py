"""Makes a changed fact reach readers at once."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save

from portal.cms import pagecache


def _on_change(**_: Any) -> None:
    pagecache.clear()


class FactsConfig(AppConfig):
    """The register of facts."""

    name = "survivors.facts"
    label = "facts"
    verbose_name = "Facts"

    def ready(self) -> None:
        """A fact or source that changes in any way, also in a shell, clears the page cache."""
        for model in self.get_models():
            post_save.connect(_on_change, sender=model, dispatch_uid=f"facts-{model.__name__}-saved")
            post_delete.connect(_on_change, sender=model, dispatch_uid=f"facts-{model.__name__}-deleted")
