"""A scripted endpoint, of chat completions and Responses: a double for the edge, the model's.

It is a real HTTP server on loopback, so the real client, its retries and its time-outs are
under test, not a stand-in for them:

    with ScriptedServer(script, faults=Faults(rate_limit=0.2)) as server:
        OpenAIChat("gpt-4o-mini", base_url=server.base_url)
    assert server.counts().prefix_violations == 0

From a shell: ``python -m pytest_smallbench.testing.scripted_server --script FILE.json``
prints the base URL; ``GET /counts`` says what was served so far.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from pytest_smallbench.contracts import Message
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.testing.script import Answer, Failure, Faults, Script, Turn, load_script
from pytest_smallbench.testing.script import answer as next_answer
from pytest_smallbench.testing.scripted_counts import Counts, Ledger, Price, Request
from pytest_smallbench.testing.scripted_http import HTTPServer, Response
from pytest_smallbench.testing.scripted_responses import response_body, response_usage

# The client's back-off would make each injected fault cost half a second and more.
_SOON = {"retry-after-ms": "1", "retry-after": "0"}


class ScriptedServer:
    """Serves a script from its construction to ``close`` (or the end of a ``with`` block).

    ``price`` is US dollars per million tokens: input, cached input, output. Tokens are
    counted by a rule: a quarter of the bytes of the prompt (tools and messages as they came),
    and of the answer's message. What the turn before sent of the same conversation is cached.
    ``models``: the names that it knows; other ones get a 404. None: all.
    """

    def __init__(
        self,
        script: Script,
        *,
        faults: Faults | None = None,
        price: Price = (0.15, 0.075, 0.60),
        models: Sequence[str] | None = None,
        port: int = 0,
    ) -> None:
        self.script = script
        self.faults = faults or Faults()
        self.models = models
        self._ledger = Ledger(price)
        self._http = HTTPServer(port, self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        return f"{self._http.address}/v1"

    def counts(self) -> Counts:
        """What was served so far. Faults and failures count as requests, never as tokens."""
        return self._ledger.counts()

    def close(self) -> None:
        """Stop serving and end open connections. Safe to call twice."""
        self._http.close()
        self._thread.join()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- answering ------------------------------------------------------------------

    def get(self, path: str) -> Response:
        if path.endswith("/counts"):
            return _json(asdict(self.counts()))
        if path.endswith("/models"):
            rows = [_model_row(name) for name in self.models or ()]
            return _json({"object": "list", "data": rows})
        head, _, name = path.partition("/models/")
        if head != path and (self.models is None or name in self.models):
            return _json(_model_row(name))
        return _failed(Failure(404, f"nothing at {path}", "not_found"))

    def post(self, path: str, body: bytes) -> Response:
        if not path.endswith(("/chat/completions", "/responses")):
            return _failed(Failure(404, f"nothing at {path}", "not_found"))
        request = Request.parse(body, responses=path.endswith("/responses"))
        if request is None:
            return _failed(Failure(400, "the body is no request of this protocol"))
        if request.stream:
            return _failed(Failure(400, "this server does not stream: send stream=false"))
        if self.models is not None and request.model not in self.models:
            message = f"The model `{request.model}` does not exist"
            return _failed(Failure(404, message, "model_not_found"))
        return self._complete(request)

    def _complete(self, request: Request) -> Response:
        number = self._ledger.begin(request)
        fault = self.faults.draw(request.conversation, request.turn, number)
        if fault is not None and fault != "slow":
            self._ledger.fault(fault)
        if fault == "rate_limit":
            return _failed(Failure(429, "slow down", "rate_limit_exceeded", headers=_SOON))
        if fault == "server_error":
            return _failed(Failure(500, "scripted fault", type="server_error", headers=_SOON))
        if fault == "malformed":
            return Response(200, b'{"id": "chatcmpl-1", "choices": [{"mess', _SOON)
        if fault in ("drop", "hang"):
            return Response(0, ending="drop" if fault == "drop" else "hang")
        if fault == "cut":
            return Response(200, _encoded({"choices": [], "padding": "x" * 200}), ending="cut")
        said = next_answer(self.script, request.messages, request.tools)
        return self._say(request, said, self.faults.slow_s if fault == "slow" else 0.0)

    def _say(self, request: Request, said: Answer, wait_s: float) -> Response:
        if isinstance(said, Failure):
            return _failed(said)
        if said.body is not None:
            text = said.body.encode() if isinstance(said.body, str) else _encoded(said.body)
            return Response(200, text, _SOON, wait_s=wait_s)
        message = _message(said, request.turn)
        usage = self._ledger.answered(request, message)
        finish_reason = said.finish_reason or ("tool_calls" if said.calls else "stop")
        body = _answer(request, message, finish_reason)
        if said.usage:
            body["usage"] = response_usage(usage) if request.responses else usage
        return Response(200, _encoded(body), wait_s=wait_s)


def _answer(request: Request, message: Message, finish_reason: str) -> dict[str, object]:
    identity = f"{request.conversation[:12]}-{request.turn}"
    if request.responses:
        asked = request.reasoning
        return response_body(message, finish_reason, identity, request.model, encrypted=asked)
    return {
        "id": f"chatcmpl-{identity}",
        "object": "chat.completion",
        "created": 0,
        "model": request.model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
    }


def _message(turn: Turn, number: int) -> Message:
    message: Message = {"role": "assistant", "content": turn.text, "refusal": None}
    if turn.calls:
        message["tool_calls"] = [
            {
                "id": call.id or f"call_{number}_{index}",
                "type": "function",
                "function": {"name": call.name, "arguments": _arguments(call.arguments)},
            }
            for index, call in enumerate(turn.calls)
        ]
    return message


def _arguments(arguments: Mapping[str, object] | str) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(dict(arguments))


def _encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def _json(value: object) -> Response:
    return Response(200, _encoded(value))


def _failed(failure: Failure) -> Response:
    error = {
        "message": failure.message,
        "type": failure.type,
        "param": None,
        "code": failure.code,
    }
    return Response(failure.status, _encoded({"error": error}), failure.headers)


def _model_row(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "scripted"}


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pytest_smallbench.testing.scripted_server", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--script", type=Path, required=True, metavar="FILE", help="JSON script")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    for kind in ("rate-limit", "server-error", "malformed", "drop", "cut", "hang", "slow"):
        parser.add_argument(f"--{kind}", type=float, default=0.0, metavar="SHARE")
    parser.add_argument("--seed", type=int, default=0, help="of the faults")
    parser.add_argument(
        "--price",
        type=float,
        nargs=3,
        default=(0.15, 0.075, 0.60),
        metavar=("INPUT", "CACHED", "OUTPUT"),
        help="US dollars per million tokens (default: gpt-4o-mini's)",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted or terminated, then print the counts as a line of JSON."""
    options = vars(_options().parse_args(arguments))
    path, port, price = (options.pop(name) for name in ("script", "port", "price"))
    try:
        script = load_script(path)
    except UsageMistake as mistake:
        print(mistake, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    with ScriptedServer(script, faults=Faults(**options), price=tuple(price), port=port) as server:
        print(server.base_url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
        print(json.dumps(asdict(server.counts())), flush=True)
    return 0


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
