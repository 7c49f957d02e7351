"""The HTTP side of the scripted server: connections, and endings good and bad."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Literal, Protocol, TypeAlias

from pytest_smallbench.loopback import LoopbackServer

Ending: TypeAlias = Literal["whole", "cut", "drop", "hang"]


@dataclass(frozen=True)
class Response:
    """What goes out. ``ending``: ``cut`` sends half of it, ``drop`` and ``hang`` nothing."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] | None = None
    ending: Ending = "whole"
    wait_s: float = 0.0


class Answering(Protocol):
    """What decides on the responses, from a path and, for POST, a body."""

    def get(self, path: str) -> Response: ...

    def post(self, path: str, body: bytes) -> Response: ...


class HTTPServer(LoopbackServer):
    """A thread a connection, until ``close``."""

    def __init__(self, port: int, answering: Answering) -> None:
        self.answering = answering
        self.connections: set[socket.socket] = set()
        self.stopping = threading.Event()
        super().__init__(port, _Handler)

    def close(self) -> None:
        if self.stopping.is_set():
            return
        self.stopping.set()
        self.shutdown()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: HTTPServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)
        if self.server.stopping.is_set():  # close() may have looked at the others already
            self.connection.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        with contextlib.suppress(OSError):  # the client may be gone
            super().finish()

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def do_GET(self) -> None:
        self._send(self.server.answering.get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._send(self.server.answering.post(self.path, body))

    def _send(self, response: Response) -> None:
        if response.ending == "hang":  # until the client or the server gives up
            self.rfile.read(1)
        if response.wait_s:
            self.server.stopping.wait(response.wait_s)
        if response.ending != "whole":
            self.close_connection = True
        if response.ending in ("whole", "cut"):
            self._write(response)

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in (response.headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        cut = len(response.body) // 2 if response.ending == "cut" else None
        self.wfile.write(response.body[:cut])
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the output belongs to whoever runs the tests."""
