"""The vault says at start-up when its keys are missing."""

from importlib import import_module

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Record keys."""

    name = "portal.vault"
    label = "vault"

    def ready(self) -> None:
        """Registers the checks."""
        import_module("portal.vault.checks")
