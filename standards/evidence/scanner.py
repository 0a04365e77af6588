"""Asks a virus scanner (clamd, over INSTREAM) about a file. No answer is never taken for a good one.

Source: the manual of clamd(8), "zINSTREAM": pieces, each after its length in four bytes, then a length of nought.
"""

import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass

SECONDS = 60  # for one file, whatever the scanner does
PIECE = 64 * 1024
LONGEST_ANSWER = 4_096


class NoAnswer(Exception):  # noqa: N818 - the scanner's fault, and it will be asked again
    """The scanner is away, too slow, or said something else than yes or no."""


@dataclass(frozen=True)
class Verdict:
    """``signature``: what was found, in the scanner's words, or nothing."""

    is_clean: bool
    signature: str = ""


def ask(address: str, pieces: Iterable[bytes], seconds: float = SECONDS) -> Verdict:
    """What the scanner at ``tcp://host:port`` or ``unix:///path`` says. Raises ``NoAnswer``, ``ValueError`` for another address."""
    deadline = time.monotonic() + seconds
    try:
        with _connected(address, seconds) as line:
            _send(line, b"zINSTREAM\0", deadline)
            for piece in pieces:
                for start in range(0, len(piece), PIECE):
                    part = piece[start : start + PIECE]
                    _send(line, struct.pack("!L", len(part)) + part, deadline)
            _send(line, struct.pack("!L", 0), deadline)
            answer = _read(line, deadline)
    except OSError as wrong:
        raise NoAnswer(type(wrong).__name__) from wrong
    words = answer.rstrip(b"\0\n").decode("utf-8", "replace")
    if words == "stream: OK":
        return Verdict(is_clean=True)
    if words.startswith("stream: ") and words.endswith(" FOUND"):
        return Verdict(is_clean=False, signature=words.removeprefix("stream: ").removesuffix(" FOUND"))
    raise NoAnswer("SizeLimit" if "size limit" in words else "Unexpected")


def _connected(address: str, seconds: float) -> socket.socket:
    scheme, _, place = address.partition("://")
    if scheme == "tcp":
        host, _, port = place.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=min(10, seconds))
    if scheme != "unix":
        raise ValueError("CLAMD_ADDRESS is tcp://host:port or unix:///path/of/the/socket")
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(min(10, seconds))
    try:
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _left(line: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)


def _send(line: socket.socket, content: bytes, deadline: float) -> None:
    _left(line, deadline)
    line.sendall(content)


def _read(line: socket.socket, deadline: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        _left(line, deadline)
        piece = line.recv(1_024)
        if not piece:
            break
        answer += piece
    return answer
