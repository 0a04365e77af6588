"""Every test of accounts begins with nobody counted by address, and may stop the clocks that codes and limits are read from."""

import time
from functools import cache as once
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core.cache import cache

from portal.accounts import limits, recent
from portal.accounts.models import devices
from tests import builders


@pytest.fixture(autouse=True)
def _nobody_counted() -> None:
    """allauth counts tries per network address in the cache, and all tests come from one."""
    cache.clear()


@once
def _cheap() -> str:
    return make_password(builders.PASSWORD)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password takes a third of a second, on purpose; hundreds of sign-ins need not."""
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 1000)
    monkeypatch.setattr(builders, "_hash", _cheap)


class Clock:
    """What codes, limits and recent sign-ins take for the time. Sessions are moved by changing their rows."""

    def __init__(self) -> None:
        self.now = time.time() // 30 * 30 + 1.0  # a second into a step, so that none ends while a test runs

    def __call__(self) -> float:
        return self.now

    def go(self, seconds: float) -> None:
        """Later."""
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stands still unless told to go on."""
    stopped = Clock()
    for module in (devices, limits, recent):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=stopped))
    return stopped
