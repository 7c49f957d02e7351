"""An attempt's model as an endpoint of its own, for agents that bring their own client.

A library is given ``base_url``, ``api_key`` and ``name``; each request that it makes goes
through the attempt's model, so that turns, tokens, cost, limits, budget, recordings and
retries are the same as for any other agent. The key is a password of this one attempt's:
the real one is never seen by the library.

    with LocalEndpoint(model) as endpoint:
        OpenAI(base_url=endpoint.base_url, api_key=endpoint.api_key).chat.completions.create(...)
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler
from typing import cast

from pytest_smallbench.contracts import Message, Model, Reply
from pytest_smallbench.errors import BudgetSpent, LimitReached, SmallbenchError, Unresolved
from pytest_smallbench.loopback import LoopbackServer
from pytest_smallbench.models.completions import BadRequest, Wanted, chunks, completion, wanted
from pytest_smallbench.models.responses import ITEMS

CARRIED = (ITEMS, "reasoning_content", "reasoning_details")
# What a failed request is called in the protocol: some libraries shorten a conversation that
# is too long, and none should try again what the model's own retries have not mended.
_CONTEXT = "context length exceeded"
_FINAL = {"x-should-retry": "false"}


class LocalEndpoint:
    """Serves from its construction to ``close``. ``failure`` is what the last request ended
    in where it got no answer; ``shut`` refuses all later ones."""

    def __init__(self, model: Model) -> None:
        self.api_key = f"smallbench-{secrets.token_urlsafe(24)}"
        self.failure: BaseException | None = None
        self._model = model
        self._answers = 0
        self._carried: dict[object, Message] = {}
        self._shut = ""
        # One at a time: what is counted and recorded has an order then.
        self._asking = threading.Lock()
        self._http = _Server(self)
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"{self._http.address}/v1"

    @property
    def name(self) -> str:
        """The model's."""
        return self._model.name

    def shut(self, reason: str) -> None:
        self._shut = reason

    def close(self) -> None:
        """Stop serving. An answer that is still awaited is dropped when it comes."""
        self.shut("the attempt is over")
        self._http.shutdown()
        self._http.server_close()

    def __enter__(self) -> LocalEndpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def answer(self, body: bytes) -> tuple[int, bytes, str]:
        """Status, body and content type of the answer to a request's body."""
        try:
            request = wanted(body, self.name)
            with self._asking:
                if self._shut:
                    raise BadRequest(self._shut)
                reply = self._ask(request)
                self._answers += 1
                completed = completion(reply, self.name, self._answers)
        except BadRequest as problem:
            return 400, _error(str(problem), "invalid_request_error"), "application/json"
        except (LimitReached, BudgetSpent, Unresolved) as ended:
            code = "context_length_exceeded" if str(ended) == _CONTEXT else "attempt_over"
            return 400, _error(str(ended), code), "application/json"
        except Exception as failed:  # the client must hear of it whatever it is
            return 503, _error(str(failed), "server_error"), "application/json"
        if request.stream:
            return 200, b"".join(chunks(completed)), "text/event-stream"
        return 200, json.dumps(completed).encode(), "application/json"

    def _ask(self, request: Wanted) -> Reply:
        try:
            messages = [self._carried.get(_mark(m), {}) | m for m in request.messages]
            reply = self._model.complete(messages, request.tools, **request.options)
        except Unresolved as refused:
            self.failure = refused
            if isinstance(refused.reply, Reply):  # a refusal is an answer, too
                return refused.reply
            raise
        except (SmallbenchError, LimitReached, BudgetSpent) as failure:
            self.failure = failure
            raise
        self.failure = None
        # Reasoning that a library does not send back, though its model needs it.
        more = {key: reply.message[key] for key in CARRIED if key in reply.message}
        self._carried[_mark(reply.message)] = more
        return reply


def _mark(message: Message) -> object:
    """What an answer is known by when it comes back as part of a conversation."""
    ids = tuple(call.get("id") for call in message.get("tool_calls") or ())
    return message.get("role"), json.dumps(message.get("content") or ""), ids


def _error(message: str, code: str) -> bytes:
    kind = "server_error" if code == "server_error" else "invalid_request_error"
    error = {"message": message, "type": kind, "param": None, "code": code}
    return json.dumps({"error": error}).encode()


class _Server(LoopbackServer):
    def __init__(self, endpoint: LocalEndpoint) -> None:
        self.endpoint = endpoint
        super().__init__(0, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave together

    @property
    def endpoint(self) -> LocalEndpoint:
        return cast(_Server, self.server).endpoint

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the client may be gone
            super().handle()

    def do_GET(self) -> None:
        name = self.endpoint.name
        row = {"id": name, "object": "model", "created": 0, "owned_by": "smallbench"}
        rows = {"object": "list", "data": [row]}
        self._send(200, json.dumps(rows).encode(), "application/json")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.endpoint.api_key.encode()):
            answer = 401, _error("use this attempt's api_key", "invalid_api_key")
        elif not self.path.endswith("/chat/completions"):
            answer = 404, _error("only /v1/chat/completions is served here", "not_found")
        else:
            self._send(*self.endpoint.answer(body))
            return
        self._send(*answer, "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        # A connection a request: nothing is left open for a library to forget.
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in _FINAL.items() if status >= 400 else ():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the output is pytest's."""
