"""The rights finder."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save

from portal.cms import pagecache


def _on_change(**_: Any) -> None:
    pagecache.clear()


class EntitlementsConfig(AppConfig):
    """The finder and its words."""

    name = "survivors.entitlements"
    label = "entitlements"
    verbose_name = "Rights finder"

    def ready(self) -> None:
        """A changed text reaches readers at once."""
        for model in self.get_models():
            post_save.connect(_on_change, sender=model, dispatch_uid=f"finder-{model.__name__}-saved")
            post_delete.connect(_on_change, sender=model, dispatch_uid=f"finder-{model.__name__}-deleted")
