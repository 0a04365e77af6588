"""Uploads that break off: the browser goes away, or the server is killed (kill -9), at 0, 50, 99 and 100 percent (UPL-13, UPL-14).

The server is the real one, with a database and a folder of its own; 24 servers are killed, 12 browsers go away.
"""

import contextlib
import os
import re
import secrets
import signal
import socket
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import Site, start_site, stop_site
from tests.drills.evidence_server import ask

CANARY = b"CANARY-" + secrets.token_hex(8).encode()
FILE = (
    CANARY
    + b" a line of an audit, again and again\n"
    + b"x" * 80
    + b"\n"
    + b"All doors were checked once more, and once more again.\n" * 80_000
)
KILLS, GONE = 24, 12
PLACES = (0.0, 0.5, 0.99, 1.0)


def request_of(site: Site, known: dict[str, Any]) -> bytes:
    """The whole upload as a browser sends it."""
    address = f"{site.address}/workspace/evidence/add/"
    page = urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": known["cookie"]}), timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    cookies = [header.partition(";")[0] for header in page.headers.get_all("Set-Cookie") or []]
    assert token
    fields = {
        "csrfmiddlewaretoken": token[1], "organisation": known["organisation"], "kind": "audit", "title": "Doors",
        "shows": "All were checked.", "period_start": "2026-01-01", "period_end": "2026-06-30", "review_on": "2030-01-01",
        "is_anonymised": "on", "service": "", "reference": "",
    }  # fmt: skip
    parts = [f'--XX\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    chosen = b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    parts.append(chosen + FILE + b"\r\n--XX--\r\n")
    body = b"".join(parts)
    head = (
        f"POST /workspace/evidence/add/ HTTP/1.1\r\nHost: {urlsplit(site.address).netloc}\r\nOrigin: {site.address}\r\n"
        f"Cookie: {'; '.join([known['cookie'], *cookies])}\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def sent(site: Site, content: bytes, share: float) -> socket.socket:
    """A connection on which this share of the request has left."""
    place = urlsplit(site.address)
    line = socket.create_connection((place.hostname or "", place.port or 0), timeout=20)
    head = content.index(b"\r\n\r\n") + 4
    line.sendall(content[: head + int((len(content) - head) * share)])
    return line


def kill(site: Site) -> None:
    """End the server and its workers on the spot, by their ids, as a failing power supply would."""
    workers = Path(f"/proc/{site.process.pid}/task/{site.process.pid}/children").read_text().split()
    site.process.kill()
    for worker in workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(worker), signal.SIGKILL)
    site.process.wait(10)


def test_upl_13_upl_14_nothing_is_left_of_an_upload_that_broke_off(
    database_copies: Callable[[str], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    var, database = tmp_path / "var", database_copies("uploads")
    known = ask(database, var, "prepare")
    site = start_site(tmp_path / "site", database, WAYMARK_VAR=str(var))
    for trial in range(GONE):
        line = sent(site, request_of(site, known), PLACES[trial % 3])
        time.sleep(0.02 * (trial % 4))
        line.close()
    whole = sent(site, request_of(site, known), 1.0)
    assert b" 302 " in whole.recv(64), "an upload that does not break off arrives"
    whole.close()
    for trial in range(KILLS):
        line = sent(site, request_of(site, known), PLACES[trial % 4])
        time.sleep((trial % 6) * 0.03 if trial % 4 == 3 else 0.02)
        kill(site)
        line.close()
        site = start_site(tmp_path / "site", database, WAYMARK_VAR=str(var))
    stop_site(site)
    found = ask(database, var, "look")
    with capsys.disabled():
        print(f" [{GONE} browsers gone, {KILLS} servers killed: {found}]", end="")
    assert found["left"] == {"files without a row": 0, "rows without a file": 0, "passing": 0}
    assert found["items without either"] == 0, "an item and its file are one change"
    assert found["rows"] >= 1
    spilled = [path for path in Path(tempfile.gettempdir()).glob("*.upload*") if path.is_file() and CANARY in path.read_bytes()[:200]]
    assert spilled == [], "nothing passed through the folder of everybody"
