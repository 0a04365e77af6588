"""Settings are safe when the environment is empty, and refuse what would be dangerous."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

PUBLIC = {"SECRET_KEY": secrets.token_urlsafe(50), "ALLOWED_HOSTS": "guide.example", "SITE_ADDRESS": "https://guide.example"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` with this environment and nothing else."""
    needed = {name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return subprocess.run(command, env=needed | environment, cwd="/", capture_output=True, text=True, check=False, timeout=60)


def ask(expression: str, **environment: str) -> str:
    """The value of a setting in a process of its own."""
    asked = manage("shell", "--no-imports", "-c", f"from django.conf import settings; print(repr({expression}))", **environment)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.strip().splitlines()[-1]


def test_an_empty_environment_starts_nothing_and_says_why() -> None:
    refused = manage("check")
    assert refused.returncode != 0
    assert "SECRET_KEY" in refused.stderr.strip().splitlines()[-1]


def test_a_public_server_is_secure_without_further_settings(tmp_path: Path) -> None:
    expected = {
        "DEBUG": False,
        "DEMO": False,
        "TESTING": False,
        "ALLOWED_HOSTS": ["guide.example"],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 63072000,  # two years
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SECURE_PROXY_SSL_HEADER": None,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": True,
    }
    values = ask(f"{{name: getattr(settings, name) for name in {list(expected)}}}", **PUBLIC, WAYMARK_VAR=str(tmp_path))
    assert values == repr(expected)


def test_the_system_check_of_a_public_server_is_clean(tmp_path: Path) -> None:
    needed = {"CLAMD_ADDRESS": "unix:///run/clamd", "VAULT_ROOT_KEYS": f"1:{base64.b64encode(secrets.token_bytes(32)).decode()}"}
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PUBLIC, **needed, WAYMARK_VAR=str(tmp_path))
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout + checked.stderr


@pytest.mark.parametrize("hosts", ["guide.example", "*", "localhost,guide.example", ".localhost", "localhost.evil.example"])
def test_the_demo_serves_no_public_host(hosts: str) -> None:
    refused = manage("check", SECRET_KEY="x" * 60, WAYMARK_DEMO="1", ALLOWED_HOSTS=hosts)
    assert refused.returncode != 0
    assert "serves localhost only" in refused.stderr


def test_debug_cannot_be_switched_on(tmp_path: Path) -> None:
    assert ask("settings.DEBUG", **PUBLIC, DEBUG="1", DJANGO_DEBUG="1", WAYMARK_DEBUG="1", WAYMARK_VAR=str(tmp_path)) == "False"
    source = (settings.BASE_DIR / "portal/settings.py").read_text(encoding="utf-8")
    assert source.count("DEBUG = False") == 1
    assert "DEBUG = True" not in source


def test_no_wildcard_stands_in_the_settings() -> None:
    source = (settings.BASE_DIR / "portal/settings.py").read_text(encoding="utf-8")
    assert '"*"' not in source
    assert "'*'" not in source
    assert "unsafe-eval" not in source


def test_demo_people_are_refused_outside_the_demo() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="WAYMARK_DEMO=1"):
        call_command("seed", demo=True)


def test_demo_people_need_a_password_made_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.accounts.seed import demo  # its model needs the settings first

    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    with pytest.raises(Exception, match="DEMO_PASSWORD is not set"):
        demo()
