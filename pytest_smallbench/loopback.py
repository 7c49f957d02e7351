"""An HTTP server on loopback, a thread a connection."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer


class LoopbackServer(ThreadingHTTPServer):
    """Bound to 127.0.0.1; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 512  # many may connect in the same moment

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # not HTTPServer's, which asks the DNS who we are
        self.server_name, self.server_port = "localhost", self.server_address[1]
