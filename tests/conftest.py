"""What every test stands on: a seeded database, the cast, and the portal running as a real process for browsers."""

import contextlib
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import translation
from psycopg import sql

from portal.accounts.models import User
from tests.services import _free_port

ROOT = Path(__file__).resolve().parent.parent

# Playwright keeps an event loop running in the thread of the tests, and Django would refuse every query made there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that drives the running portal needs the test database too; unmarked, pytest-django would not make one."""
    for item in items:
        if "django_db_setup" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="session", autouse=True)
def _languages() -> None:
    """Catalogues are compiled from the .po files of this checkout."""
    call_command("compile_catalogues", verbosity=0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, _languages: None) -> None:
    """Every test begins with the real content: 40 pages, their facts, the drafts."""
    with django_db_blocker.unblock():
        call_command("seed", verbosity=0, languages=["ar"])


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A request leaves its language behind in this thread; every test begins in English, as every command does."""
    with translation.override("en"):
        yield


# --- The cast ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def nobody() -> Client:
    """A reader: not signed in, no cookie."""
    return Client()


@pytest.fixture
def admin(db: None) -> User:
    """An administrator of the site."""
    return User.objects.create_superuser("ada@waymark.example", "not-a-real-password-1")


@pytest.fixture
def stranger(db: None) -> User:
    """Somebody with an account and no right at all."""
    return User.objects.create_user("sam@elsewhere.example", "not-a-real-password-2")


@pytest.fixture
def editor(db: None) -> User:
    """May write and publish pages."""
    from django.contrib.auth.models import Group

    user = User.objects.create_user("edith@waymark.example", "not-a-real-password-3")
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


# --- The portal as a process ------------------------------------------------------------------------------------------


@dataclass
class Neutral:
    """The page that leaving leads to: another origin, which remembers what it was sent. ``delay`` in seconds."""

    address: str
    requests: list[dict[str, str]] = field(default_factory=list)
    delay: float = 0.0


@pytest.fixture(scope="session")
def neutral() -> Iterator[Neutral]:
    """A dull page about the weather on another origin, with the headers of every request it got."""
    state = Neutral("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(state.delay)
            state.requests.append({"path": self.path, **{name.lower(): value for name, value in self.headers.items()}})
            body = b"<!doctype html><title>Weather</title><h1>Weather</h1><p>Rain later.</p>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):  # the browser has left in the meantime: tests do that
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.address = f"http://127.0.0.1:{server.server_port}/weather"
    yield state
    server.shutdown()


@dataclass
class Site:
    """A running portal. ``log`` holds everything it wrote to its output."""

    address: str
    log: Path
    process: subprocess.Popen[bytes]
    database: str


def start_site(folder: Path, database: str, workers: int = 1, **environment: str) -> Site:
    """Start the portal with the server of production, on ``PORT`` or a free port, and wait until it answers."""
    port = int(environment.pop("PORT", 0)) or _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "4", "--no-ws"]
    command += ["--host", "0.0.0.0", "--port", str(port), "portal.wsgi:application"]
    variables = {
        **os.environ,
        "DATABASE_URL": database,
        "WAYMARK_TESTING": "1",
        "SITE_ADDRESS": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        **environment,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT)
    site = Site(f"http://localhost:{port}", log, process, database)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{site.address}/c", timeout=5).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return site
    raise RuntimeError(f"the portal did not start:\n{log.read_text()}")


def stop_site(site: Site) -> None:
    """End it in good order."""
    site.process.terminate()
    try:
        site.process.wait(20)
    except subprocess.TimeoutExpired:  # its workers were killed a moment ago and are still being begun anew
        site.process.kill()
        site.process.wait(20)


@pytest.fixture(scope="session")
def database_copies(django_db_setup: None, django_db_blocker: Any) -> Callable[[str], str]:
    """Makes copies of the seeded database, each for a portal that runs beside the tests' transactions. Gives their addresses."""

    def copied(ending: str) -> str:
        with django_db_blocker.unblock():
            params = connections["default"].get_connection_params()
            connections.close_all()
        server = {name: params[name] for name in ("host", "port", "user")}
        with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
            name = f"{params['dbname']}_{ending}"
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            # A thread of an earlier test may have left its connection open, and a database in use cannot be copied.
            left = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(left, [params["dbname"]])
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(params["dbname"]))
            connection.execute(copy)
        return f"postgres://{server['user']}@{server['host']}:{server['port']}/{name}"

    return copied


@pytest.fixture(scope="session")
def site_database(database_copies: Callable[[str], str]) -> str:
    """The database of ``site``."""
    return database_copies("site")


@pytest.fixture(scope="session")
def site(site_database: str, neutral: Neutral, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The portal, running for the whole session; leaving leads to ``neutral``. Its cache has its own Redis database."""
    server, _, number = os.environ["CACHE_URL"].rpartition("/")
    cache = f"{server}/{int(number) + 8}"
    running = start_site(tmp_path_factory.mktemp("site"), site_database, CACHE_URL=cache, LEAVE_DESTINATION=neutral.address)
    yield running
    stop_site(running)


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """For pytest-playwright: relative addresses are the portal's."""
    return site.address


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, headless. As root it needs --no-sandbox."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic"]
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu", *quiet]}


@pytest.fixture(scope="session")
def public_addresses(django_db_setup: None, django_db_blocker: Any) -> list[str]:
    """Every public address in English and Arabic, and one of each kind in another language."""
    from portal.languages import BY_CODE
    from survivors.guide.models import table_of_contents

    with django_db_blocker.unblock():
        topics = table_of_contents(BY_CODE["en"])
    paths = [
        "",
        "a-z/",
        "find-support/",
        "what-you-can-expect/",
        "inspections/",
        *(entry.path for topic in topics for entry in (topic, *topic.pages)),
    ]
    addresses = [f"/{language}/{path}" for language in ("en", "ar") for path in paths]
    return ["/", *addresses, "/ti/", "/ti/rights/work/", "/cy/a-z/", "/en/not-here/", "/ar/not-here/"]


assert settings.TESTING, "run the tests with `make test`"
