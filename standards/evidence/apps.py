"""The evidence room: makes its folders at start-up, and says when no scanner is set up."""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - the framework's name

SCHEMES = ("tcp://", "unix://")


class EvidenceConfig(AppConfig):
    """Evidence."""

    name = "standards.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Uploads pass through a folder of our own, which nobody else reads."""
        passing = Path(settings.FILE_UPLOAD_TEMP_DIR)
        passing.mkdir(mode=0o700, parents=True, exist_ok=True)
        register(scanner_is_set_up, Tags.security, deploy=True)
        register(address_is_one, Tags.security)


def scanner_is_set_up(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """In public, files that people bring are scanned."""
    if settings.CLAMD_ADDRESS:
        return []
    hint = "Run clamd and set CLAMD_ADDRESS, for example tcp://127.0.0.1:3310 (docs/operators.md)."
    return [Warning("No virus scanner looks at the files that people bring.", hint=hint, id="evidence.W001")]


def address_is_one(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An address that cannot be one would only be found out when the first file waits."""
    if not settings.CLAMD_ADDRESS or settings.CLAMD_ADDRESS.startswith(SCHEMES):
        return []
    return [Error("CLAMD_ADDRESS is tcp://host:port or unix:///path/of/the/socket.", id="evidence.E001")]
