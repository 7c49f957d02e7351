"""A model behind any endpoint that speaks the OpenAI chat-completions protocol."""

from __future__ import annotations

import ipaddress
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urlsplit

from pytest_smallbench.contracts import Message, Reply, Tool
from pytest_smallbench.errors import ModelMisconfigured, UsageMistake
from pytest_smallbench.models.replies import Json, clean, is_completion, reply_of
from pytest_smallbench.models.taxonomy import NO_CREDIT, PROBLEM_HEADER, Attempted, translate

if TYPE_CHECKING:
    from openai import OpenAI

_DEFAULT_ADDRESS = "https://api.openai.com/v1"
# What the Responses protocol calls failures that come with a status of 200.
_STATUS_OF = {"server_error": 500, "rate_limit_exceeded": 429, "invalid_prompt": 400}
_NO_KEY = (
    "model {name}: no OPENAI_API_KEY: set it, or give an endpoint that needs none with "
    "--smallbench-base-url, or run without a model with --smallbench-agent=oracle"
)
_BAD_KEY = (
    "model {name}: OPENAI_API_KEY holds characters that no key has: copy it again, "
    "without quotation marks and line ends"
)


class _Request(Protocol):
    """What the hooks read of a request. Newer releases of the ``openai`` package bring an
    HTTP library of their own, so neither library's classes are named here."""

    def read(self) -> bytes: ...


class _Response(Protocol):
    status_code: int
    headers: dict[str, str]

    def read(self) -> bytes: ...

    def json(self) -> object: ...


class OpenAIChat:
    """Chat completions with tools, one answer at a time; safe to share between threads.

    ``base_url`` and ``api_key`` default to OPENAI_BASE_URL and OPENAI_API_KEY. Where
    ``base_url`` is given, or the environment's is on this machine, no key is needed: a
    placeholder is sent, which local servers ignore. Failed requests are tried
    ``max_retries`` times more by the SDK, which honours the server's retry-after. Of 1,000
    requests of which a fifth fail, 2 retries leave 8 without an answer and 8 retries none.
    ``timeout`` is in seconds, a try. ``options`` go into each request as they are
    (``temperature``, ``reasoning_effort``, ...): nothing is sent that was not asked for, as
    many models refuse a temperature. ``on_request`` gets each try's body.
    """

    path = "/chat/completions"
    kind = "chat completion"

    def __init__(
        self,
        name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        max_retries: int = 8,
        timeout: float = 300.0,
        temperature: float | None = None,
        options: Mapping[str, object] | None = None,
        on_request: Callable[[bytes], None] | None = None,
    ) -> None:
        self.name = name
        self.max_retries = max_retries
        self.timeout = timeout
        self.options = dict(options or {})
        if temperature is not None:
            self.options["temperature"] = temperature
        self._given_url = base_url
        self._url = base_url or os.environ.get("OPENAI_BASE_URL") or _DEFAULT_ADDRESS
        self._key = (api_key or os.environ.get("OPENAI_API_KEY") or "").strip()
        self._on_request = on_request
        self._client: OpenAI | None = None
        self._opening = threading.Lock()
        _check_url(self._url)

    @property
    def address(self) -> str:
        """Where requests go, as it may be shown: without a user name, password or query."""
        parts = urlsplit(self._url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"

    def unavailable(self) -> str:
        """Why no request can be made at all and what to do instead; empty when it can."""
        if not (self._key.isascii() and self._key.isprintable()):
            return _BAD_KEY.format(name=self.name)
        if self._key or self._given_url or _is_loopback(self._url):
            return ""
        return _NO_KEY.format(name=self.name)

    def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), **options: object
    ) -> Reply:
        """One request and its reply. Raises Unresolved, ModelError or ModelMisconfigured."""
        answer = self.send(self.request(messages, tools, options))
        return self.reply(answer, turn=len(messages))

    def request(
        self,
        messages: Sequence[Message],
        tools: Sequence[Tool] = (),
        options: Mapping[str, object] | None = None,
    ) -> dict[str, object]:
        """The body that ``send`` sends."""
        # The messages come last and only grow: the whole body is a prefix of the next one.
        body: dict[str, object] = {"model": self.name, **self.options, **(options or {})}
        if tools:
            body["tools"] = [_described(tool) for tool in tools]
        body["messages"] = clean(messages)
        return body

    def send(self, body: Mapping[str, object]) -> Json:
        """The answer to a ``request``, as it came."""
        return self._post(body, body)

    def reply(self, answer: Json, turn: int) -> Reply:
        """The reply in what ``send`` gave. Raises Unresolved where the model refused."""
        return reply_of(answer, self.name, turn)

    @staticmethod
    def reads(body: object) -> bool:
        """Whether a decoded body is an answer that ``reply`` can read."""
        return is_completion(body)

    def _post(self, request: Mapping[str, object], body: Mapping[str, object]) -> Json:
        client = self._open()
        import openai

        try:
            # By path and as plain JSON, not through the SDK's typed call: that orders the body
            # its own way, and its objects differ between releases where a call is malformed.
            answer = client.post(self.path, body=body, cast_to=object)
        except openai.OpenAIError as error:
            messages = cast("Sequence[Message]", request["messages"])
            raise translate(error, self._attempted(messages)) from None
        return cast(Json, answer)

    def close(self) -> None:
        """Close the connections. Safe to call twice; the next request opens new ones."""
        with self._opening:
            if self._client is not None:
                self._client.close()
            self._client = None

    def __enter__(self) -> OpenAIChat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> OpenAI:
        with self._opening:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> OpenAI:
        if problem := self.unavailable():
            raise ModelMisconfigured(problem)
        import openai

        http_client = openai.DefaultHttpxClient(
            event_hooks={"request": [self._see], "response": [self._judge]},
            trust_env=not _is_loopback(self._url),  # no proxy between us and this machine
        )
        return openai.OpenAI(
            api_key=self._key or "no-key",
            base_url=self._url,
            max_retries=self.max_retries,
            timeout=self.timeout,
            http_client=http_client,
        )

    def _see(self, request: _Request) -> None:
        if self._on_request is not None:
            self._on_request(request.read())

    def _judge(self, response: _Response) -> None:
        """Tells the SDK before it looks what it could not know: which answers to try again.

        A 200 that is no answer is made the failure that it is, so that the SDK's retries
        cover it; an account without credit is not asked eight times more.
        """
        if response.status_code not in (200, 429):
            return
        body = _decoded(response)
        if response.status_code == 429:
            if _has_no_credit(body):
                response.headers["x-should-retry"] = "false"
        elif self.reads(body):
            response.headers["content-type"] = "application/json"  # else the SDK reads a text
        else:
            response.status_code, problem = _hidden_failure(body, response.headers, self.kind)
            response.headers[PROBLEM_HEADER] = problem

    def _attempted(self, messages: Sequence[Message]) -> Attempted:
        return Attempted(
            model=self.name,
            address=self.address,
            tries=self.max_retries + 1,
            timeout_s=self.timeout,
            first_turn=not any(message.get("role") == "assistant" for message in messages),
            secrets=(self._key,),
            kind=self.kind,
        )


def _described(tool: Tool) -> dict[str, object]:
    function: dict[str, object] = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters),
    }
    if tool.strict:
        function["strict"] = True
    return {"type": "function", "function": function}


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a bracket or a port that is none
        usable = False
    if not usable:
        shown = url.rpartition("@")[2]  # without a password
        raise UsageMistake(
            f"--smallbench-base-url or OPENAI_BASE_URL is {shown!r}: "
            "it must be an address such as http://localhost:8000/v1"
        )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _decoded(response: _Response) -> object:
    response.read()
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _has_no_credit(body: object) -> bool:
    error = body.get("error") if isinstance(body, Mapping) else None
    return isinstance(error, Mapping) and not NO_CREDIT.isdisjoint(
        {str(error.get("code")), str(error.get("type"))}
    )


def _hidden_failure(body: object, headers: Mapping[str, str], kind: str) -> tuple[int, str]:
    """The status that a 200 without an answer should have had, and what is wrong with it."""
    error = body.get("error") if isinstance(body, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    code = _STATUS_OF.get(str(code), code)
    if isinstance(code, int) and 400 <= code <= 599:
        return code, f"an error ({code}) in place of an answer"
    if "text/html" in headers.get("content-type", ""):
        return 404, "a web page in place of an answer"
    return 502, f"an answer that is no {kind}"
