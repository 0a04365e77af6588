"""Reads a service's chapters from its frozen snapshot."""

from collections.abc import Mapping
from typing import Any


def chapters_of(content: Mapping[str, Any]) -> dict[str, int | None]:
    """Chapter code → whole percent, or None where nothing was scored, exactly as it was frozen."""
    return {chapter["code"]: chapter["percent"] for chapter in content["scores"]["chapters"]}
