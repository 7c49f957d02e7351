"""From a raw chat-completion response to a Reply that can be sent back as it is.

Models write malformed things, and endpoints then refuse a conversation that holds them. So
what goes into ``Reply.message`` is mended to what every endpoint takes, while the calls in
``Reply.calls`` keep what the model wrote, for the environment to answer in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from pytest_smallbench.contracts import Message, Reply, ToolCall, Usage
from pytest_smallbench.errors import Unresolved
from pytest_smallbench.models.prices import cost
from pytest_smallbench.models.usage import usage_of

Json: TypeAlias = Mapping[str, object]

# What an endpoint gave with the message that it wants back on the next turn: without these
# reasoning models lose their thread or are refused. They only matter between tool calls.
_CARRIED = ("reasoning_content", "reasoning_details")


def is_completion(body: object) -> bool:
    """Whether a decoded body is a chat completion with a first choice that can be read."""
    if not isinstance(body, Mapping):
        return False
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], Mapping):
        return False
    return isinstance(choices[0].get("message"), Mapping)


def reply_of(body: Json, model: str, turn: int) -> Reply:
    """The reply in a body that ``is_completion`` accepts; ``turn`` makes ids for calls without.

    Raises Unresolved, which carries the reply, where the model or a filter refused.
    """
    choice = cast("Sequence[Json]", body["choices"])[0]
    raw = cast(Json, choice["message"])
    usage = usage_of(body)
    calls, sent = calls_of(raw.get("tool_calls"), turn)
    reply = Reply(
        message=_message(raw, sent),
        calls=calls,
        usage=usage or Usage(),
        # An endpoint that does not count leaves the cost unknown, not zero.
        cost_usd=None if usage is None else cost(model, usage),
        finish_reason=str(choice.get("finish_reason") or ""),
    )
    raise_if_refused(reply, raw.get("refusal"))
    return reply


def raise_if_refused(reply: Reply, refusal: object) -> None:
    if reply.calls or not (refusal or reply.finish_reason == "content_filter"):
        return
    words = " ".join(str(refusal or "content filter").split())[:200]
    error = Unresolved(f"model refused: {words}")
    error.reply = reply
    raise error


def clean(value: object) -> object:
    """The same JSON value without lone surrogates, which no request can carry."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def _message(raw: Json, tool_calls: list[Message]) -> Message:
    message: Message = {"role": "assistant"}
    text = _text(raw.get("content"))
    if text or not tool_calls:
        message["content"] = text
    if tool_calls:
        message["tool_calls"] = tool_calls
        message |= {key: raw[key] for key in _CARRIED if raw.get(key) is not None}
    return cast(Message, clean(message))


def _text(content: object) -> str:
    """Content is a text, null, or a list of parts of which some are text."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping)]
        return "".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def calls_of(raw: object, turn: int) -> tuple[tuple[ToolCall, ...], list[Message]]:
    """The calls as the model wrote them, and the same as the next request carries them."""
    calls: list[ToolCall] = []
    sent: list[Message] = []
    for index, item in enumerate(raw if isinstance(raw, list) else []):
        entry = item if isinstance(item, Mapping) else {"function": {"arguments": item}}
        function = entry.get("function")
        function = function if isinstance(function, Mapping) else {}
        name, arguments = str(function.get("name") or ""), _arguments(function.get("arguments"))
        call_id = str(entry.get("id") or "")
        if not call_id or any(call_id == call.id for call in calls):
            call_id = f"call_{turn}_{index}"
        calls.append(ToolCall(name=name, arguments=arguments, id=call_id))
        sent.append(_sent_call(entry, call_id, name, arguments))
    return tuple(calls), sent


def _sent_call(entry: Json, call_id: str, name: str, arguments: str) -> Message:
    function = {"name": _sendable_name(name), "arguments": _sendable_arguments(arguments)}
    call: Message = {"id": call_id, "type": "function", "function": function}
    known = {"id", "type", "function", "index"}
    return call | {key: v for key, v in entry.items() if key not in known and v is not None}


def _arguments(raw: object) -> str:
    """Arguments as JSON text; some endpoints send an object, or nothing for no arguments."""
    if isinstance(raw, str):
        return raw if raw.strip() else "{}"
    return "{}" if raw is None else json.dumps(raw)


def _sendable_name(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_-]", "_", name)[:64] or "unnamed"


def _sendable_arguments(text: str) -> str:
    if _json_object(text, strict=True) is not None:
        return text
    # Line breaks inside strings are no JSON, but tools take them as they are meant.
    arguments = _json_object(text, strict=False)
    return json.dumps({"unreadable_arguments": text} if arguments is None else arguments)


def _json_object(text: str, *, strict: bool) -> Json | None:
    try:
        value = json.loads(text, strict=strict, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
