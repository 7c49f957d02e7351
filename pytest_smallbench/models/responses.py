"""The Responses protocol: a chat request in its form, and its answer as a Reply.

Conversations are kept as chat messages, as everywhere here. What the endpoint gave with a
message, such as encrypted reasoning, stands in it under ``response_items`` and is sent back
as it came, so that reasoning models go on from where they were.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from pytest_smallbench.contracts import Message, Reply, Usage
from pytest_smallbench.models.prices import cost
from pytest_smallbench.models.replies import Json, calls_of, clean, raise_if_refused
from pytest_smallbench.models.usage import usage_of

ITEMS = "response_items"
ENCRYPTED = "reasoning.encrypted_content"
_FINISHED = ("completed", "incomplete")


def is_response(body: object) -> bool:
    """Whether a decoded body is a response that has come to its end and can be read."""
    if not isinstance(body, Mapping) or not isinstance(body.get("output"), list):
        return False
    return body.get("status", "completed") in _FINISHED


# -- the request -------------------------------------------------------------------


def body_of(chat: Json, *, encrypted: bool) -> dict[str, object]:
    """The body that asks what this chat-completions body asks. Nothing is stored there;
    ``encrypted`` asks for the reasoning in a form that can be sent back."""
    body: dict[str, object] = {"store": False}
    if encrypted:
        body["include"] = [ENCRYPTED]
    for name, value in chat.items():
        if name not in ("messages", "tools", "api"):
            body |= _OPTIONS.get(name, _same(name))(value)
    if chat.get("tools"):
        body["tools"] = [_flat(tool) for tool in cast(Sequence[Json], chat["tools"])]
    # Last, and only ever longer: the whole body is a prefix of the next one.
    messages = cast("Sequence[Message]", chat["messages"])
    body["input"] = [item for message in messages for item in _items(message)]
    return body


def _same(name: str) -> Callable[[Any], dict[str, object]]:
    return lambda value: {name: value}


def _flat(described: Any) -> dict[str, object]:
    """``{"type": "function", "function": {...}}`` without the inner level."""
    inner = dict(described.get("function", {}))
    if described.get("type") == "json_schema":
        inner = dict(described["json_schema"])
    return {"type": described["type"], "strict": False, **inner}


def _choice(value: Any) -> dict[str, object]:
    named = value.get("function", {}).get("name") if isinstance(value, Mapping) else None
    return {"tool_choice": {"type": "function", "name": named} if named else value}


def _format(value: Any) -> dict[str, object]:
    plain = value.get("type") != "json_schema"
    return {"text": {"format": value if plain else _flat(value)}}


# What the two protocols call by different names; all else is the same, or the endpoint says so.
_OPTIONS: Mapping[str, Callable[[Any], dict[str, object]]] = {
    "max_tokens": lambda value: {"max_output_tokens": value},
    "max_completion_tokens": lambda value: {"max_output_tokens": value},
    "reasoning_effort": lambda value: {"reasoning": {"effort": value}},
    "response_format": _format,
    "tool_choice": _choice,
}


def _items(message: Message) -> Iterator[object]:
    if ITEMS in message:
        yield from message[ITEMS]
        return
    role, content = message.get("role"), message.get("content")
    if role == "tool":
        output = content if isinstance(content, str) else json.dumps(content)
        call_id = message.get("tool_call_id")
        yield {"type": "function_call_output", "call_id": call_id, "output": output}
        return
    if content:
        yield {"role": role, "content": content}
    for call in message.get("tool_calls") or ():
        yield {"type": "function_call", "call_id": call["id"], **call["function"]}


# -- the answer --------------------------------------------------------------------


def reply_of(body: Json, model: str, turn: int) -> Reply:
    """The reply in a body that ``is_response`` accepts; ``turn`` makes ids for calls without.

    Raises Unresolved, which carries the reply, where the model or a filter refused.
    """
    output = [item for item in cast(Sequence[object], body["output"]) if isinstance(item, Mapping)]
    written = [_as_chat_call(item) for item in output if item.get("type") == "function_call"]
    calls, sent = calls_of(written, turn)
    usage = usage_of(_as_chat_usage(body))
    reply = Reply(
        message=_message(output, sent),
        calls=calls,
        usage=usage or Usage(),
        cost_usd=None if usage is None else cost(model, usage),
        finish_reason=_finish_reason(body, bool(calls)),
    )
    raise_if_refused(reply, "".join(_parts(output, "refusal")))
    return reply


def _message(output: Sequence[Json], sent: Sequence[Message]) -> Message:
    message: Message = {"role": "assistant", "content": "".join(_parts(output, "text"))}
    if sent:
        message["tool_calls"] = list(sent)
    # The calls as they may be sent, in the place of those that the model wrote.
    mended = iter(sent)
    message[ITEMS] = [
        _mended(item, next(mended)) if item.get("type") == "function_call" else dict(item)
        for item in output
    ]
    return cast(Message, clean(message))


def _mended(item: Json, sent: Message) -> dict[str, object]:
    return {**item, "call_id": sent["id"], **sent["function"]}


def _as_chat_call(item: Json) -> dict[str, object]:
    function = {"name": item.get("name"), "arguments": item.get("arguments")}
    return {"id": item.get("call_id"), "function": function}


def _parts(output: Sequence[Json], kind: str) -> Iterator[str]:
    for item in output:
        content = item.get("content") if item.get("type") == "message" else None
        for part in content if isinstance(content, list) else ():
            if isinstance(part, Mapping) and isinstance(part.get(kind), str):
                yield str(part[kind])


def _finish_reason(body: Json, called: bool) -> str:
    details = body.get("incomplete_details")
    why = details.get("reason") if isinstance(details, Mapping) else None
    if body.get("status") == "incomplete":
        return "content_filter" if why == "content_filter" else "length"
    return "tool_calls" if called else "stop"


def _as_chat_usage(body: Json) -> dict[str, object]:
    usage = body.get("usage")
    if not isinstance(usage, Mapping) or "input_tokens" not in usage:
        return {}
    return {
        "usage": {
            "prompt_tokens": usage.get("input_tokens"),
            "prompt_tokens_details": usage.get("input_tokens_details"),
            "completion_tokens": usage.get("output_tokens"),
        }
    }
