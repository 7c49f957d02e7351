"""The chat-completions protocol from the server's side: what was asked, and the answer's form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_smallbench.contracts import Message, Reply, Tool, Usage
from pytest_smallbench.models.responses import ITEMS

_FORM = "send a JSON object with messages, as to /v1/chat/completions"
_NOT_OPTIONS = ("model", "messages", "tools", "stream", "stream_options", "n")


class BadRequest(Exception):
    """The request cannot be carried on; the message says what is wrong with it."""


@dataclass(frozen=True)
class Wanted:
    """A request. ``options`` are passed on to the model as they are."""

    messages: list[Message]
    tools: tuple[Tool, ...]
    options: Mapping[str, object]
    stream: bool


def wanted(body: bytes, model: str) -> Wanted:
    """The request in a body, to this model and no other. Raises BadRequest."""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(f"the body is not JSON: {_FORM}") from None
    messages = values.get("messages") if isinstance(values, dict) else None
    if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        raise BadRequest(f"no messages in the body: {_FORM}")
    if values.get("model") not in (None, model):
        raise BadRequest(f"the model of this attempt is {model!r}, not {values['model']!r}")
    if values.get("n") not in (None, 1) or values.get("logprobs"):
        raise BadRequest("one choice without logprobs is all that is passed on here")
    return Wanted(
        messages=messages,
        tools=tuple(_tool(item) for item in values.get("tools") or ()),
        options={key: value for key, value in values.items() if key not in _NOT_OPTIONS},
        stream=bool(values.get("stream")),
    )


def _tool(item: object) -> Tool:
    function = item.get("function") if isinstance(item, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
        raise BadRequest("only tools of type function are passed on here")
    return Tool(
        name=function["name"],
        description=str(function.get("description") or ""),
        parameters=function.get("parameters") or {"type": "object", "properties": {}},
        strict=bool(function.get("strict")),
    )


def completion(reply: Reply, model: str, number: int) -> dict[str, Any]:
    """A reply as the protocol has it: calls as the model wrote them, also malformed ones."""
    return {
        "id": f"chatcmpl-smallbench-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "message": _message(reply), "finish_reason": _finish(reply)}],
        "usage": _usage(reply.usage),
    }


def chunks(completed: Mapping[str, Any]) -> Iterator[bytes]:
    """The same answer as a stream of server-sent events: all of it in one, then its usage."""
    (choice,) = completed["choices"]
    delta = dict(choice["message"])
    if "tool_calls" in delta:
        calls = enumerate(delta["tool_calls"])
        delta["tool_calls"] = [{"index": index, **call} for index, call in calls]
    said = {"index": 0, "delta": delta, "finish_reason": None}
    ended = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    frame = {**completed, "object": "chat.completion.chunk"}
    for part in (
        frame | {"choices": [said], "usage": None},
        frame | {"choices": [ended], "usage": None},
        frame | {"choices": []},
    ):
        yield b"data: " + json.dumps(part).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


def _message(reply: Reply) -> Message:
    message: Message = {"content": None, **reply.message}
    message.pop(ITEMS, None)  # another protocol's, which no client of this one reads
    if reply.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _text(call.arguments)},
            }
            for call in reply.calls
        ]
    return message


def _text(arguments: Mapping[str, Any] | str) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(dict(arguments))


def _finish(reply: Reply) -> str:
    return reply.finish_reason or ("tool_calls" if reply.calls else "stop")


def _usage(usage: Usage) -> dict[str, object]:
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.total,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
    }
