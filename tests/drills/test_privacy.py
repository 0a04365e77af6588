"""No trace of a reader: not in the log, the files, the database or the cache, whatever they sent (PRIV-05, PRIV-06)."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connections
from psycopg import sql

from tests.conftest import Site, start_site, stop_site

READER = "127.66.77.88"  # all of 127.0.0.0/8 is this machine, so the portal sees this address as the reader's
FORMS = [READER.encode(), b"127.66.77", b"7f424d58", b"7F424D58", bytes([127, 66, 77, 88]), b"2135051608", b"127-66-77-88"]
CANARY = "CNRY-reader-4711"
PAGE = "/en/rights/work/"


@pytest.fixture(scope="module")
def running(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A portal with a database, a cache and a folder of its own, so that everything it wrote can be searched."""
    with django_db_blocker.unblock():
        params = connections["default"].get_connection_params()
        connections.close_all()
    name = f"{params['dbname']}_privacy"
    server = {key: params[key] for key in ("host", "port", "user")}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(params["dbname"])))
    folder = tmp_path_factory.mktemp("privacy")
    shutil.copytree(settings.CATALOGUE_DIR, folder / "var" / "locale")
    database = f"postgres://{server['user']}@{server['host']}:{server['port']}/{name}"
    site = start_site(folder, database, CACHE_URL=cache_address(), WAYMARK_VAR=str(folder / "var"))
    yield site
    stop_site(site)


def cache_address() -> str:
    address, _, number = os.environ["CACHE_URL"].rpartition("/")
    return f"{address}/{(int(number) + 12) % 16}"


def send(site: Site, request: bytes, wait: float = 3.0) -> bytes:
    """The answer to ``request``, sent as it is from the reader's address. Empty when the connection was just closed."""
    port = int(site.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=wait, source_address=(READER, 0)) as connection:
        assert connection.getsockname()[0] == READER
        received = b""
        try:
            connection.sendall(request)
            while chunk := connection.recv(65536):
                received += chunk
        except (TimeoutError, ConnectionError):
            pass
        return received


def get(path: str, *headers: str, host: str = "localhost", method: str = "GET") -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: close",
        f"User-Agent: {CANARY}",
        f"X-Forwarded-For: {READER}",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/") else 0


FORM = ("Content-Type: application/x-www-form-urlencoded",)
REQUESTS: dict[str, tuple[bytes, set[int]]] = {
    "page": (get(PAGE), {200}),
    "page in another language": (get("/ti/"), {200}),
    "query": (get(f"{PAGE}?q={CANARY}&ip={READER}"), {200}),
    "missing page": (get(f"/en/{CANARY}/"), {404}),
    "cookie": (get(PAGE, f"Cookie: sessionid={CANARY}; x=" + "y" * 4000), {200}),
    "300 cookies": (get(PAGE, "Cookie: " + "; ".join(f"a{at}={CANARY}" for at in range(300))), {200, 400, 431}),
    "referer": (get(PAGE, f"Referer: https://{CANARY}.example/"), {200}),
    "bad host": (get(PAGE, host=f"{CANARY}.example"), {400}),
    "bad host, page not kept": (get(f"{PAGE}?x=1", host=f"{CANARY}.example"), {400}),
    "host with an address": (get(PAGE, host=READER), {400}),
    "two hosts": (get(PAGE, "Host: evil.example"), {200, 400}),
    "absolute address": (get(f"http://evil.example{PAGE}"), {200, 400, 404}),
    "post": (get(PAGE, "Content-Length: 16", method="POST") + CANARY.encode(), {405}),
    "post to nowhere": (get(f"/en/{CANARY}/", "Content-Length: 0", method="POST"), {405}),
    "unknown method": (get(PAGE, method="BREW"), {400, 405}),
    "bytes that are no UTF-8": (get("/en/%ff%fe%c3%28/"), {400, 404}),
    "bad percent code": (get("/en/%zz%/"), {400, 404}),
    "NUL": (get("/en/%00/"), {400, 404}),
    "surrogate": (get("/en/%ed%a0%80/"), {400, 404}),
    "way out": (get("/static/../../etc/passwd"), {400, 404}),
    "encoded way out": (get("/static/%2e%2e/%2e%2e/portal/settings.py"), {400, 404}),
    "long path": (get("/en/" + "a" * 12000 + "/"), {400, 404, 414, 431, 0}),
    "64 kB header": (get(PAGE, "X-Long: " + "x" * 65536), {200, 400, 431, 0}),
    "200 headers": (get(PAGE, *(f"X-{at}: {CANARY}" for at in range(200))), {200, 400, 431, 0}),
    "two lengths": (get(PAGE, "Content-Length: 1", "Content-Length: 2", method="POST"), {400, 405, 0}),
    "two gigabytes announced": (get(PAGE, "Content-Length: 2147483648", method="POST"), {400, 405, 413, 0}),
    "too many fields": (get("/en/rights-finder/", *FORM, "Content-Length: 20000", method="POST") + b"a=1&" * 5000, {400}),
    "many parameters": (get(f"{PAGE}?" + "a=1&" * 2500), {200, 400, 414, 431, 0}),
    "no HTTP": (f"{CANARY} {READER}\r\n\r\n".encode(), {400, 0}),
    "HTTP/0.9": (b"GET /en/\r\n", {200, 400, 0}),
    "TLS": (bytes.fromhex("16030100c8010000c4030300") + os.urandom(190), {400, 0}),
    "slow and never finished": (get(PAGE)[:-30], {0, 408, 400}),
    "nothing": (b"", {0, 400, 408}),
}  # fmt: skip


@pytest.fixture(scope="module")
def statuses(running: Site) -> dict[str, int]:
    """Everything is sent once, then with a database that fails."""
    waits = {"slow and never finished", "nothing", "two gigabytes announced", "HTTP/0.9", "TLS"}
    found = {name: status(send(running, request, 0.5 if name in waits else 5)) for name, (request, _) in REQUESTS.items()}
    with psycopg.connect(running.database, autocommit=True) as connection:
        connection.execute("ALTER TABLE facts_fact RENAME TO facts_gone")
        found["failure"] = status(send(running, get(f"/en/rights/legal-help/?q={CANARY}")))
        connection.execute("ALTER TABLE facts_gone RENAME TO facts_fact")
    found["afterwards"] = status(send(running, get("/en/")))
    return found


def test_lim_04_lim_05_inj_12_nothing_that_is_sent_is_a_failure(statuses: dict[str, int]) -> None:
    wrong = {name: statuses[name] for name, (_, expected) in REQUESTS.items() if statuses[name] not in expected}
    assert wrong == {}
    assert statuses["failure"] == 500
    assert statuses["afterwards"] == 200, "the server did not survive"


def test_priv_05_no_file_holds_the_readers_address(running: Site, statuses: dict[str, int]) -> None:
    files = [path for path in running.log.parent.rglob("*") if path.is_file()]
    assert running.log in files
    assert [(path.name, form) for path in files for form in FORMS if form in path.read_bytes()] == []


def test_priv_05_the_database_does_not_hold_it(running: Site, statuses: dict[str, int]) -> None:
    searched = 0
    with psycopg.connect(running.database) as connection:
        tables = [row[0] for row in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
        for table in tables:
            for (row,) in connection.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(table))):
                searched += 1
                assert READER not in row
                assert CANARY not in row
                assert "7f424d58" not in row
    assert len(tables) > 40
    assert searched > 1000


def test_priv_05_the_cache_does_not_hold_it(running: Site, statuses: dict[str, int]) -> None:
    store = redis.Redis.from_url(cache_address().replace("rediscache", "redis"))
    keys = list(store.scan_iter())
    kept = [value for key in keys if isinstance(value := store.get(key), bytes)]
    assert len(kept) > 2, "pages were kept, so there was something to search"
    for content in (*keys, *kept):
        assert not [form for form in (*FORMS, CANARY.encode()) if form in content]


def test_priv_06_the_log_tells_that_it_failed_but_not_for_whom_or_where(running: Site, statuses: dict[str, int]) -> None:
    log = running.log.read_text(encoding="utf-8", errors="replace")
    assert "a request failed with status 500" in log
    assert "ProgrammingError" in log
    assert CANARY not in log
    for path in ("legal-help", "rights", "/en/", "sessionid", "evil.example"):
        assert path not in log


@pytest.mark.parametrize("option", ["--access-log", "--log-access"])
def test_priv_05_the_start_command_asks_for_no_access_log(option: str) -> None:
    folder: Path = settings.BASE_DIR / "deploy"
    assert [
        path.name for path in folder.rglob("*") if path.is_file() and option in path.read_text(encoding="utf-8", errors="replace")
    ] == []
