"""What a reader takes along."""

from django.apps import AppConfig


class CarryConfig(AppConfig):
    """Card, side by side, paper."""

    name = "survivors.carry"
    label = "carry"
    verbose_name = "To take along"
