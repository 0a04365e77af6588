"""The embedded default starts from nothing, with the real commands; a seed that is killed leaves nothing behind."""

import os
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import start_site, stop_site


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing but a key, a folder and the interpreter: SQLite and the file cache are what the settings choose."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX", "LANG") if name in os.environ}
    return kept | {
        "SECRET_KEY": os.environ["SECRET_KEY"],
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SITE_ADDRESS": "http://localhost",
        "WAYMARK_TESTING": "1",
        "WAYMARK_VAR": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(database: Path, table: str) -> int:
    with sqlite3.connect(database) as connection:
        count: int = connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - names of ours
        return count


def kill_while_seeding(environment: dict[str, str]) -> None:
    """SIGKILL as soon as the facts are in and the pages are being made."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "seed", "--languages", "ar"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if "facts:" in line:
                process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def test_from_nothing_to_a_page_also_after_a_kill(environment: dict[str, str], tmp_path: Path) -> None:
    database = tmp_path / "waymark.sqlite3"
    manage(environment, "compile_catalogues")
    manage(environment, "migrate", "--noinput")
    kill_while_seeding(environment)
    assert {table: rows(database, table) for table in ("facts_fact", "guide_guidepage")} == {"facts_fact": 0, "guide_guidepage": 0}
    manage(environment, "seed", "--languages", "ar")  # one language of drafts shows as much as all of them
    assert rows(database, "guide_guidepage") >= 38
    assert rows(database, "facts_fact") > 40

    cleared = dict.fromkeys(("CACHE_URL", "DEMO_PASSWORD"), "")
    files = f"filecache://{tmp_path / 'cache'}"
    site = start_site(tmp_path / "site", f"sqlite:///{database}", 1, **{**cleared, **environment, "CACHE_URL": files})
    try:
        for path, words in (("/", "Soomaali"), ("/en/", "Find help"), ("/ar/", 'dir="rtl"'), ("/en/rights/work/", "<h1>")):
            with urllib.request.urlopen(f"{site.address}{path}", timeout=20) as answer:
                assert answer.status == 200
                assert words in answer.read().decode()
        assert any((tmp_path / "cache").iterdir()), "the second reader is answered from the file cache"
    finally:
        stop_site(site)
