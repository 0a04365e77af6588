"""The survivors' guide."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    """The rights pages."""

    name = "survivors.guide"
    label = "guide"
    verbose_name = "Guide"
