"""The scripted server's other protocol, Responses: requests read as chat messages, so that a
script knows one form, and answers written as output items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pytest_smallbench.contracts import Message
from pytest_smallbench.testing.script import text_of

ENCRYPTED = "reasoning.encrypted_content"


def chat_messages(items: object) -> list[Message] | None:
    """Input items as chat messages: what one answer gave is one message again. None where
    they are no input items."""
    if isinstance(items, str):
        return [{"role": "user", "content": items}]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return None
    messages: list[Message] = []
    answering = False
    for item in items:
        said = _said(item)
        if answering and said:
            messages[-1] = _joined(messages[-1], item)
        elif said:
            messages.append(_joined({"role": "assistant", "content": None}, item))
        else:
            messages.append(_told(item))
        answering = said
    return messages


def _said(item: Message) -> bool:
    if item.get("type") in ("reasoning", "function_call"):
        return True
    return item.get("role") == "assistant"


def _joined(message: Message, item: Message) -> Message:
    if item.get("type") == "function_call":
        function = {"name": item.get("name"), "arguments": item.get("arguments")}
        call = {"id": item.get("call_id"), "type": "function", "function": function}
        return {**message, "tool_calls": [*message.get("tool_calls", ()), call]}
    if item.get("type") == "reasoning":
        return message
    return {**message, "content": text_of(item.get("content"))}


def _told(item: Message) -> Message:
    if item.get("type") == "function_call_output":
        return {"role": "tool", "tool_call_id": item["call_id"], "content": item.get("output")}
    return {"role": item.get("role"), "content": text_of(item.get("content"))}


def chat_tools(tools: Sequence[Message]) -> list[Message]:
    """Tools with the inner level that chat completions have."""
    return [{"type": tool.get("type"), "function": _without_type(tool)} for tool in tools]


def _without_type(tool: Message) -> Message:
    return {key: value for key, value in tool.items() if key != "type"}


def response_body(
    message: Message, finish_reason: str, identity: str, model: str, *, encrypted: bool
) -> dict[str, object]:
    """A response that says what a chat message says, with reasoning where it was asked for."""
    incomplete = finish_reason in ("length", "content_filter")
    reason = "max_output_tokens" if finish_reason == "length" else finish_reason
    return {
        "id": f"resp_{identity}",
        "object": "response",
        "created_at": 0,
        "model": model,
        "status": "incomplete" if incomplete else "completed",
        "incomplete_details": {"reason": reason} if incomplete else None,
        "error": None,
        "output": _output(message, identity, encrypted),
    }


def _output(message: Message, identity: str, encrypted: bool) -> list[dict[str, object]]:
    output: list[dict[str, object]] = []
    if encrypted:
        thought = {"summary": [], "encrypted_content": f"thought-{identity}"}
        output.append({"type": "reasoning", "id": f"rs_{identity}", **thought})
    if message.get("content") is not None:
        part = {"type": "output_text", "text": message["content"], "annotations": []}
        said = {"role": "assistant", "status": "completed", "content": [part]}
        output.append({"type": "message", "id": f"msg_{identity}", **said})
    for number, call in enumerate(message.get("tool_calls") or ()):
        called = {"call_id": call["id"], "status": "completed", **call["function"]}
        output.append({"type": "function_call", "id": f"fc_{identity}-{number}", **called})
    return output


def response_usage(usage: Mapping[str, object]) -> dict[str, object]:
    return {
        "input_tokens": usage["prompt_tokens"],
        "input_tokens_details": usage["prompt_tokens_details"],
        "output_tokens": usage["completion_tokens"],
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage["total_tokens"],
    }


def wants_reasoning(values: Mapping[str, object]) -> bool:
    return ENCRYPTED in json.dumps(values.get("include"))
