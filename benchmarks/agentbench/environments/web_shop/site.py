"""The shop as a web site on loopback, for agents that drive a browser.

One visit a site: the address leads always to the page where the visit stands, so a browser's
Back button shows an old page, and what is clicked on it is refused if the visit has moved on.
"""

from __future__ import annotations

import secrets
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote

from .html_pages import as_html
from .shopping import Refused, Shopping

MOST_BODY = 64 << 10  # bytes of a form
IDLE_S = 30.0  # after which a silent connection is dropped


class Site:
    """Serves a shopping visit from its making until ``close``. ``address`` ends in a secret, so
    that nobody on the machine comes upon another task's shop."""

    def __init__(self, shopping: Shopping) -> None:
        self.shopping = shopping
        self.base = f"/{secrets.token_urlsafe(9)}"
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://{self.host}{self.base}/"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a browser keeps connections open that it does not use

    def __init__(self, site: Site) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser may go away in the middle of an answer; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as given


class _Handler(BaseHTTPRequestHandler):
    """Forms change the visit and lead back to the one address; so does a product's link."""

    server: _Server
    timeout = IDLE_S

    def do_GET(self) -> None:
        path = self._path()
        if path == "/":
            self._show(HTTPStatus.OK)
        elif path.startswith("/item/"):
            self._change(lambda: self._shopping.follow(unquote(path[len("/item/") :])))
        else:
            self._plain(HTTPStatus.NOT_FOUND, "There is no such page.")

    def do_POST(self) -> None:
        path, form = self._path(), self._form()
        if form is None:
            self._plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MOST_BODY} bytes a form.")
        elif path == "/click":
            self._change(lambda: self._shopping.click(form.get("value", "")))
        elif path == "/search":
            self._change(lambda: self._shopping.search(form.get("keywords", "")))
        else:
            self._plain(HTTPStatus.NOT_FOUND, "There is no such page.")

    @property
    def _shopping(self) -> Shopping:
        return self.server.site.shopping

    def _path(self) -> str:
        """The path below the shop's own; empty outside of it."""
        path, base = self.path.partition("?")[0], self.server.site.base
        return path[len(base) :] if path.startswith(f"{base}/") else ""

    def _form(self) -> dict[str, str] | None:
        """The fields of the form sent; None where it is too long or of no stated length."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > MOST_BODY:
            return None
        text = self.rfile.read(int(length)).decode("utf-8", "replace")
        return {name: values[-1] for name, values in parse_qs(text).items()}

    def _change(self, carry_out: Callable[[], None]) -> None:
        try:
            carry_out()
        except Refused as refused:
            self._show(HTTPStatus.CONFLICT, f"Error: {refused}.")
        else:
            self.send_response(HTTPStatus.SEE_OTHER)
            self.send_header("Location", f"{self.server.site.base}/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _show(self, status: HTTPStatus, notice: str = "") -> None:
        page = as_html(self._shopping.page, self.server.site.base, notice)
        self._send(status, "text/html", page)

    def _plain(self, status: HTTPStatus, text: str) -> None:
        self._send(status, "text/plain", text)

    def _send(self, status: HTTPStatus, kind: str, text: str) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: pytest's output is not an access log."""
