"""What the controller offers its workers: containers from the pool, and slots to run in.

A worker connects to an abstract socket, says its limits, and gets two descriptors: the
container's stream and its line for slots (process/slots.py); a container that is as new again
comes back the same way. A worker needs no client of the engine. When controller or worker end,
in whatever way, the streams end, and so do the guests.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import struct
import threading
from typing import Any

from pytest_smallbench.contracts import SandboxLimits
from pytest_smallbench.errors import SandboxError

from ..process.collect import Watch
from ..process.slots import Slots
from .container import Container
from .pool import Pool

_LINE = 1 << 16


class Service:
    """Serves in threads of its own until it is closed."""

    def __init__(self, pool: Pool, slots: int) -> None:
        self._pool = pool
        self.address = f"smallbench-{secrets.token_hex(16)}"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind("\0" + self.address)
        self._listener.listen(1024)
        self._watch = Watch()
        self._slots = Slots(slots, self._watch)
        self._end, self._ended = os.pipe()
        self._over = False
        self._thread = threading.Thread(target=self._serve, name="smallbench-docker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        if self._thread.is_alive():
            os.write(self._ended, b"!")
            self._thread.join()

    def _serve(self) -> None:
        self._watch.add(self._listener.fileno(), self._accept)
        self._watch.add(self._end, self._stop)
        while not self._over:
            self._watch.turn(None)
        self._listener.close()
        self._slots.close()
        os.close(self._end)
        os.close(self._ended)

    def _stop(self) -> None:
        self._over = True

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        if struct.unpack("3i", credentials)[1] != os.getuid():
            connection.close()
            return
        # A container may take seconds to be ready; slots are handed out meanwhile.
        line = self._slots.line()
        threading.Thread(target=self._answer, args=[connection, line], daemon=True).start()

    def _answer(self, connection: socket.socket, line: socket.socket) -> None:
        with connection, line, contextlib.suppress(OSError):
            text, descriptors, _, _ = socket.recv_fds(connection, _LINE, 1)
            told = json.loads(text)
            limits = SandboxLimits(**told["limits"])
            if descriptors:
                returned = Container(told["container"], socket.socket(fileno=descriptors[0]))
                self._pool.give(limits, returned)
                return
            try:
                container = self._pool.take(limits)
            except SandboxError as error:
                _say(connection, {"error": str(error)})
                return
            with container.connection:
                handed = [container.connection.fileno(), line.fileno()]
                _say(connection, {"container": container.id}, handed)


def take(address: str, limits: dict[str, Any]) -> tuple[str, socket.socket, socket.socket]:
    """The worker's side: a container's id, its stream, and the line for slots."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect("\0" + address)
            _say(connection, {"limits": limits})
            text, descriptors, _, _ = socket.recv_fds(connection, _LINE, 2)
        except OSError as error:
            raise SandboxError("the pool of containers is not there (any more)") from error
    answer = json.loads(text or b'{"error": "the pool of containers has ended"}')
    if "error" in answer:
        raise SandboxError(answer["error"])
    stream, line = (socket.socket(fileno=one) for one in descriptors)
    return answer["container"], stream, line


def give(address: str, limits: dict[str, Any], container: str, stream: socket.socket) -> None:
    """The worker's side: a container that is as new, back to the pool, if that is still there."""
    there = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with there as connection, contextlib.suppress(OSError):
        connection.connect("\0" + address)
        _say(connection, {"limits": limits, "container": container}, [stream.fileno()])


def _say(
    connection: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None
) -> None:
    socket.send_fds(connection, [json.dumps(message).encode()], descriptors or [])
