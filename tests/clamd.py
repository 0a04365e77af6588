"""A stand-in for the virus scanner: a real server on a real socket that speaks INSTREAM, finds EICAR, and can misbehave."""

import io
import socket
import socketserver
import struct
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.samples import EICAR


@dataclass
class Clamd:
    """``mode``: ``scan``, ``hang``, ``close`` (half-way), ``slow``, ``limit`` or ``babble``. ``asked``: sizes in bytes."""

    address: str
    mode: str = "scan"
    asked: list[int] = field(default_factory=list)


class _Handler(socketserver.BaseRequestHandler):
    server: Any

    def handle(self) -> None:
        state: Clamd = self.server.state
        if self._exactly(10) != b"zINSTREAM\0":
            self.request.sendall(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!L", self._exactly(4))[0]:
            content += self._exactly(size)
            if state.mode == "close":
                return
            if state.mode == "limit":
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        state.asked.append(len(content))
        if state.mode == "hang":
            self.server.stop.wait(30)
            return
        if state.mode == "slow":
            time.sleep(0.3)
        words = {"babble": b"stream: maybe\0"}.get(state.mode)
        answer = words or (b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if _carries(content) else b"stream: OK\0")
        for place in range(0, len(answer), 5):  # answers come in pieces too
            self.request.sendall(answer[place : place + 5])

    def _exactly(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            piece = self.request.recv(size - len(got))
            if not piece:
                raise ConnectionError
            got += piece
        return got


def _carries(content: bytes) -> bool:
    """EICAR, also inside an archive: a real scanner unpacks."""
    if EICAR in content:
        return True
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(EICAR in archive.read(name) for name in archive.namelist())


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up on us is no failure."""


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up on us is no failure."""


@contextmanager
def clamd(path: Path | None = None) -> Iterator[Clamd]:
    """A running scanner, on a port of its own or at ``path``."""
    server: Any = _Unix(str(path), _Handler) if path else _Tcp(("127.0.0.1", 0), _Handler)
    state = Clamd(f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}")
    server.state, server.stop = state, threading.Event()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield state
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()


def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"
