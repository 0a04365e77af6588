"""Sealing a file in chunks, so that a large one is never whole in memory. Pure.

Each chunk is bound to the file, its number and whether it is the last: chunks cut off, swapped, doubled or taken from another
file do not open.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.vault.sealing import Unreadable

MAGIC = b"WMF1"
CHUNK = 1024 * 1024  # bytes of content in a chunk
PREFIX = 8  # random bytes at the head of every nonce of a file
TAG = 16


def _place(file: UUID, number: int, is_last: bool) -> bytes:
    return f"{file}|{number}|{int(is_last)}".encode()


def seal_stream(key: bytes, chunks: Iterable[bytes], *, file: UUID) -> Iterator[bytes]:
    """The sealed bytes of ``chunks`` (of any size), in order."""
    prefix = os.urandom(PREFIX)
    yield MAGIC + prefix
    cipher, number, waiting = AESGCM(key), 0, bytearray()
    for piece in chunks:
        waiting += piece
        while len(waiting) > CHUNK:  # the last chunk is known only when the source ends
            yield cipher.encrypt(prefix + number.to_bytes(4), bytes(waiting[:CHUNK]), _place(file, number, is_last=False))
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(prefix + number.to_bytes(4), bytes(waiting), _place(file, number, is_last=True))


def unseal_stream(key: bytes, source: BinaryIO, *, file: UUID) -> Iterator[bytes]:
    """The content, chunk by chunk. Raises ``Unreadable`` before the first wrong byte is given out."""
    head = source.read(len(MAGIC) + PREFIX)
    if not head.startswith(MAGIC):
        raise Unreadable("an unknown format")
    prefix, cipher, number = head[len(MAGIC) :], AESGCM(key), 0
    current = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(prefix + number.to_bytes(4), current, _place(file, number, is_last=not following))
        except (InvalidTag, ValueError) as wrong:
            raise Unreadable("cut off, changed, or from another file") from wrong
        if not following:
            return
        current, number = following, number + 1
