"""A line to the portal that breaks: connections through it are cut after any number of bytes, in either direction."""

import contextlib
import dataclasses
import random
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.conftest import Site

LONGEST = 3000  # bytes after which a connection that is to be cut is cut, at most


@dataclass
class Cutter:
    """Passes bytes on. ``chance``: how likely a connection is one that breaks; ``cuts``: how many have broken."""

    site: Site
    chance: float = 0.0
    cuts: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(14))  # noqa: S311 - where to cut, not a secret
    door: socket.socket = field(default_factory=socket.socket)

    @property
    def as_site(self) -> Site:
        """The portal, at the far end of this line."""
        return dataclasses.replace(self.site, address=f"http://localhost:{self.door.getsockname()[1]}")

    def listen(self) -> None:
        """Take connections until the door is closed."""
        with contextlib.suppress(OSError):
            while True:
                near, _whence = self.door.accept()
                threading.Thread(target=self.connect, args=(near,), daemon=True).start()

    def connect(self, near: socket.socket) -> None:
        """One connection: two directions, one budget of bytes if it is to break."""
        far = socket.create_connection(("127.0.0.1", int(self.site.address.rpartition(":")[2])))
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket) -> None:
        """From ``one`` to ``other`` until either ends, or the line breaks."""
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if self.dice.random() < self.chance / 2:  # each exchange has two directions
                    other.sendall(data[: self.dice.randrange(min(len(data), LONGEST))])
                    self.cuts += 1
                    for end in (one, other):  # a reset, not a polite end
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def cutter(site: Site) -> Iterator[Cutter]:
    """Opens the line on a port of its own."""
    line = Cutter(site)
    line.door.bind(("127.0.0.1", 0))
    line.door.listen(64)
    threading.Thread(target=line.listen, daemon=True).start()
    try:
        yield line
    finally:
        line.door.close()
