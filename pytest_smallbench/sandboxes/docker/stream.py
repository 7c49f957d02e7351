"""The byte stream of an attached container, over a socket to the engine.

What the container writes comes in frames: 1 byte which stream, 3 empty, 4 length, data.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from typing import Any

_ERRORS = 2  # the frame's mark for standard error
_ERRORS_KEPT = 4096


class Attached:
    """A wired.Wire: standard input and output of a container."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._left = 0  # of the frame at hand
        self.errors = b""

    def fileno(self) -> int:
        return self._connection.fileno()

    def recv_into(self, buffer: memoryview, /) -> int:
        while not self._left:
            header = self._exactly(8)
            if not header:
                return 0
            kind, self._left = struct.unpack(">B3xI", header)
            if kind == _ERRORS:
                self.errors = (self.errors + self._exactly(self._left))[-_ERRORS_KEPT:]
                self._left = 0
        count = self._connection.recv_into(buffer[: self._left])
        self._left -= count
        return count

    def sendall(self, data: bytes | memoryview, /) -> None:
        self._connection.sendall(data)

    def hang_up(self) -> None:
        self._connection.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._connection.close()

    def _exactly(self, size: int) -> bytes:
        """Empty where the stream has ended."""
        data = b""
        while len(data) < size:
            more = self._connection.recv(size - len(data))
            if not more:
                return b""
            data += more
        return data


def plain(channel: Any) -> socket.socket:
    """A socket of the system's own, which can be handed to another process, for whatever the
    ``docker`` package is connected by."""
    inner = getattr(channel, "_sock", channel)
    if isinstance(inner, socket.socket) and not isinstance(inner, ssl.SSLSocket):
        taken = socket.socket(fileno=inner.detach())  # or the package would keep it open as well
        taken.settimeout(None)
        return taken
    return _relayed(inner)


def _relayed(channel: Any) -> socket.socket:
    """TLS and ssh keep their state in this process: two threads carry the bytes to and fro."""
    ours, theirs = socket.socketpair()
    channel.settimeout(None)
    for source, target in ((channel, ours), (ours, channel)):
        threading.Thread(target=_carry, args=(source, target), daemon=True).start()
    return theirs


def _carry(source: Any, target: Any) -> None:
    with contextlib.suppress(OSError, EOFError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    # The end of one direction is told; the other may still have something to say.
    with contextlib.suppress(OSError):
        if isinstance(target, ssl.SSLSocket):
            target.unwrap()
        elif isinstance(target, socket.socket):
            target.shutdown(socket.SHUT_WR)
        else:
            target.shutdown_write()
